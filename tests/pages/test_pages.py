"""Every page answers: its question, a figure with data in it, a number with its method, the link, the download, its notebook lines."""

from __future__ import annotations

import ast
import base64
import io
import json
import logging
import re
import shutil
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlparse

import numpy as np
import pytest
from PIL import Image
from streamlit.runtime.context import ContextProxy
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.testing.v1 import AppTest

from tests.conftest import CPU
from tests.pages.test_fetched_pictures import get
from vae_core import data as datasets
from vae_core.drawing.images import as_bytes
from vae_core.explore.reconstructions import hardest, reconstructions, sse_per_image
from vae_core.models import FAMILIES, default_spec
from vae_core.store import Store

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "explorer_app.py"
SECONDS = 120
"""Longest wait for a page, on a machine that is busy with other things."""


def of_frame(name: str) -> Any:
    """A constant of the frame; importing the frame would start a server's work."""
    assigned = {ast.unparse(node.targets[0]): node.value for node in ast.parse(APP.read_text()).body if isinstance(node, ast.Assign)}
    return ast.literal_eval(assigned[name])


PAGES: dict[str, str] = {file: entry[-1] for pages in of_frame("PAGES").values() for file, entry in pages.items()}
"""File → path of every page."""
CASES = [(page, family) for page, path in PAGES.items() for family in (FAMILIES if path not in of_frame("WITHOUT_DATA") else ["vae"])]
"""Every page with every family, or once where the model in focus plays no part."""
WITH_MODELS = ("pages/start/overview/page.py", "pages/autoencoders/compare/page.py")


@pytest.fixture(scope="module", autouse=True)
def checkpoints(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store of the tests' own; what this machine lacks for digits is trained into it."""
    local, specs = tmp_path_factory.mktemp("local"), [default_spec(family, "digits", 2) for family in FAMILIES]
    for found in [checkpoint for spec in specs if (checkpoint := Store().find(spec)) is not None]:
        shutil.copytree(found.folder, local / found.spec.fingerprint)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VAE_EXPLORER_CHECKPOINTS", str(local))
        store = Store()
        for spec in specs:
            for _ in store.train(spec, device=CPU):
                pass
        yield store


class At:
    """Where the visitor sits: None is this computer."""

    address: str | None = None


@pytest.fixture(autouse=True)
def at(monkeypatch: pytest.MonkeyPatch) -> type[At]:
    """The visitor's address, which the platform's own test harness leaves open."""
    monkeypatch.setattr(ContextProxy, "ip_address", property(lambda _: At.address))
    monkeypatch.setattr(At, "address", None)
    return At


@pytest.fixture(autouse=True)
def no_deprecation() -> Iterator[None]:
    """No page uses an argument that Streamlit will drop; it says so in its log."""
    said: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: said.append(record.getMessage())
    logger = logging.getLogger("streamlit.deprecation_util")
    logger.addHandler(handler)
    yield
    logger.removeHandler(handler)
    assert said == []


def opened(page: str, **query: object) -> AppTest:
    """A page, opened from the frame with a query string."""
    app = AppTest.from_file(APP, default_timeout=SECONDS)
    for key, value in query.items():
        app.query_params[key] = str(value)
    app.run()
    return app if page == WITH_MODELS[0] else app.switch_page(page).run()


def charts(app: AppTest) -> list[dict[str, Any]]:
    """Every Plotly chart as it goes to the browser."""
    sent = [element.proto.bytes for element in app.get("bidi_component") if element.proto.component_name == "chart"]
    return [json.loads(chart)["figure"] for chart in sent]


def pictures(app: AppTest) -> list[np.ndarray]:
    """Every image that is part of the page's own HTML."""
    found = [data for element in app.get("html") for data in re.findall(r"data:image/png;base64,([^\"]+)\"", element.proto.body)]
    return [np.asarray(Image.open(io.BytesIO(base64.b64decode(data)))) for data in found]


def addresses(app: AppTest) -> list[str]:
    """Where the browser would fetch the pictures that are no part of the page's HTML."""
    return [found for element in app.get("html") for found in re.findall(r"src=\"(/picture/\w+\.png)\"", element.proto.body)]


def fetched(app: AppTest) -> list[np.ndarray]:
    """The pictures at those addresses, as the server hands them out."""
    return [np.asarray(Image.open(io.BytesIO(get(address)[1]))) for address in addresses(app)]


def values(found: Any) -> list[Any]:
    """What stands along one axis of a trace, packed as bytes or not."""
    if isinstance(found, dict):
        return np.frombuffer(base64.b64decode(found["bdata"]), found["dtype"]).tolist()
    return np.ravel(np.array(found, object)).tolist()


def has_data(trace: dict[str, Any]) -> bool:
    """Whether each of the axes that a trace has holds at least one value that is not missing."""
    axes = [values(trace[axis]) for axis in "xyz" if axis in trace]
    return bool(axes) and all(any(v is not None and v == v for v in axis) for axis in axes)  # NaN is not equal to itself


def has_figure_with_data(app: AppTest) -> bool:
    """Whether there is a picture that is not of one colour, a chart or a component that was given data; and no chart without any."""
    components = [element for element in app.get("bidi_component") if element.proto.component_name != "chart"]
    others = [element for element in components if element.proto.ByteSize() > 1000]
    drawn = [any(map(has_data, chart["data"])) for chart in charts(app)]
    return all(drawn) and (bool(drawn) or bool(others) or any(image.std() > 0 for image in [*pictures(app), *fetched(app)]))


@pytest.mark.parametrize(
    ("trace", "is_drawn"),
    [
        ({"y": [1.0]}, True),
        ({"x": ["a", "b"], "y": [None, 0]}, True),
        ({"z": [[1, 2], [3, 4]]}, True),
        ({"y": {"dtype": "f4", "bdata": base64.b64encode(np.float32([np.nan, 1])).decode()}}, True),
        ({}, False),
        ({"x": [], "y": []}, False),
        ({"x": [1, 2], "y": [None, None]}, False),
        ({"y": {"dtype": "f4", "bdata": ""}}, False),
        ({"y": {"dtype": "f8", "bdata": base64.b64encode(np.full(3, np.nan)).decode()}}, False),
    ],
)
def test_a_trace_has_data_if_a_value_on_each_axis_is_not_missing(trace: dict[str, Any], is_drawn: bool) -> None:
    assert has_data(trace) == is_drawn


def words(app: AppTest) -> str:
    """All that the page says below its title, without markup."""
    html = [re.sub(r"<style.*?</style>|<[^>]+>", " ", element.proto.body, flags=re.DOTALL) for element in app.main.get("html")]
    return "\n".join([*(element.value for element in (*app.main.caption, *app.main.markdown)), *html])


def has_number(app: AppTest) -> bool:
    """Whether a number stands by itself: as a metric, or among the page's own words."""
    return any(re.search(r"\d", metric.value) for metric in app.metric) or bool(re.search(r"\d\.\d", words(app)))


def code(app: AppTest, language: str) -> list[str]:
    return [element.value for element in app.code if (element.language or "plaintext") == language]


def run_notebook(lines: str) -> object:
    """Execute the lines as a notebook does, and return the value of the last one."""
    *before, last = ast.parse(lines).body
    names: dict[str, object] = {}
    exec(compile(ast.Module(before, []), "notebook", "exec"), names)
    if isinstance(last, ast.Expr):
        return eval(compile(ast.Expression(last.value), "notebook", "eval"), names)
    exec(compile(ast.Module([last], []), "notebook", "exec"), names)
    return None


def assert_answers(app: AppTest, path: str) -> None:
    """What every page owes its reader."""
    assert [error.value for error in app.error] == []
    assert [exception.message for exception in app.exception] == []
    assert len(app.title) == 1
    assert app.title[0].value.endswith("?")
    assert has_figure_with_data(app)
    assert has_number(app)
    assert re.search(r"n = [\d,]+|exact|quadrature|bound", words(app), re.IGNORECASE)
    link = next(value for value in code(app, "plaintext") if "?" in value)
    assert {"dataset", "latent_dim", "family"} <= set(parse_qs(urlparse(link).query))
    downloads = app.get("download_button")
    assert downloads
    assert all(button.proto.url or button.proto.deferred_file_id for button in downloads)
    lines = code(app, "python")
    assert len(lines) == 1
    shown = run_notebook(lines[0])
    assert shown is None or hasattr(shown, "_repr_png_") or hasattr(shown, "to_plotly_json")


@pytest.mark.parametrize(("page", "family"), CASES)
def test_every_page_answers_for_every_family(page: str, family: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", DeprecationWarning)
        app = opened(page, dataset="digits", latent_dim=2, family=family)
    assert_answers(app, PAGES[page])
    if page in WITH_MODELS:
        assert app.sidebar.selectbox(key="family").value == family
        assert family in app.metric[0].label


@pytest.mark.data
@pytest.mark.parametrize("dataset", ["mnist", "frey_faces", "olivetti_faces"])
@pytest.mark.parametrize("page", WITH_MODELS)
def test_every_page_answers_for_every_data_set(page: str, dataset: str) -> None:
    if default_spec("vae", dataset, 20) not in Store():
        pytest.skip(f"train it first: python -m vae_core train vae --dataset {dataset} --latent-dim 20")
    assert_answers(opened(page, dataset=dataset, latent_dim=20, family="vae"), PAGES[page])


@pytest.mark.parametrize(
    "page", ["pages/autoencoders/compare/page.py", "pages/rates/frontier/page.py", "pages/rates/water_filling/page.py"]
)
def test_a_file_that_is_made_when_it_is_asked_for_is_what_its_button_says(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = {}

    def make_at_once(self: MediaFileManager, data: Callable[[], bytes], mimetype: str, *args: object, **options: object) -> str:
        made[mimetype] = data()
        return mimetype

    monkeypatch.setattr(MediaFileManager, "add_deferred", make_at_once)
    assert_answers(opened(page, dataset="digits"), PAGES[page])
    header, *lines = made["text/csv"].decode().splitlines()
    assert {line.count(",") for line in lines} == {header.count(",")}
    assert "frontier" in page or made["image/png"].startswith(b"\x89PNG")


@pytest.mark.parametrize("view", ["images", "errors", "means"])
def test_every_view_of_the_comparison_answers(view: str) -> None:
    app = opened(WITH_MODELS[1], dataset="digits", latent_dim=2, family="pca")
    app.button_group(key="show").set_value(view).run()
    assert_answers(app, "compare")
    assert f"show={view}" in code(app, "plaintext")[0]


def test_the_comparison_shows_the_models_side_by_side(checkpoints: Store) -> None:
    app = opened(WITH_MODELS[1], dataset="digits", latent_dim=2)
    html = next(element.proto.body for element in app.get("html") if "<img" in element.proto.body)
    assert re.findall(r"</span> ([^<]+)</b>", html) == ["PCA", "pPCA", "Linear AE", "AE", "VAE"]
    assert len(pictures(app)) == 4 * (1 + len(FAMILIES))
    x = datasets.load("digits").test.x[[int(index) for index in re.findall(r"#(\d+): \d", html)]]
    for column, family in enumerate(FAMILIES, start=1):
        spec = default_spec(family, "digits", 2)
        model = checkpoints.load(spec)
        for row, x_hat in enumerate(reconstructions(model, x)):
            np.testing.assert_array_equal(pictures(app)[row * 6 + column], as_bytes(x_hat))
        assert f"{sse_per_image(model, x)[0]:.2f}" in html
        assert f"{checkpoints.find(spec).metrics['sse']:.2f} ±" in html


def test_the_hardest_images_of_the_model_in_focus_come_first(checkpoints: Store) -> None:
    app = opened(WITH_MODELS[1], dataset="digits", latent_dim=2, family="pca")
    app.button_group(key="images").set_value("hardest").run()
    test = datasets.load("digits").test
    sse = sse_per_image(checkpoints.load(default_spec("pca", "digits", 2)), test.x)
    html = next(element.proto.body for element in app.get("html") if "<img" in element.proto.body)
    assert [int(index) for index in re.findall(r"#(\d+): \d", html)] == hardest(sse, 4).tolist()
    np.testing.assert_array_equal(pictures(app)[0], test.x[hardest(sse, 1)[0], 0])


def test_the_link_carries_every_setting_of_the_view() -> None:
    app = opened(WITH_MODELS[1], dataset="digits", latent_dim=2, family="ppca")
    app.button_group(key="images").set_value("chosen").run()
    app.number_input(key="first").set_value(7).run()
    app.slider(key="n_images").set_value(2).run()
    link = parse_qs(urlparse(code(app, "plaintext")[0]).query)
    chosen = {"dataset": "digits", "latent_dim": "2", "family": "ppca", "show": "images", "images": "chosen", "first": "7", "n_images": "2"}
    assert {key: link[key][0] for key in chosen} == chosen


def test_another_draw_shows_other_images() -> None:
    app = opened(WITH_MODELS[1], dataset="digits", latent_dim=2)
    before = pictures(app)[0]
    next(button for button in app.main.button if button.label == "Draw").click().run()
    assert app.number_input(key="draw").value == 1
    assert not np.array_equal(before, pictures(app)[0])


def test_what_is_not_on_this_machine_is_offered_and_the_page_shows_what_needs_no_images(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("VAE_EXPLORER_DATA", str(tmp_path / "none"))
    monkeypatch.setenv("VAE_EXPLORER_CACHE", str(tmp_path / "empty"))
    if default_spec("vae", "mnist", 20) not in Store():
        pytest.skip("needs the shipped models of mnist")
    for page in WITH_MODELS:
        app = opened(page, dataset="mnist", latent_dim=20, family="vae")
        assert_answers(app, PAGES[page])
        assert "not on this machine" in app.main.caption[0].value
        assert any("Download 11.6 MB" in button.label for button in app.sidebar.button)


def test_a_data_set_without_any_model_is_no_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VAE_EXPLORER_DATA", str(tmp_path / "none"))
    monkeypatch.setenv("VAE_EXPLORER_CACHE", str(tmp_path / "empty"))
    for page in WITH_MODELS:
        app = opened(page, dataset="fashion_mnist", latent_dim=20)
        assert [exception.message for exception in app.exception] == []
        assert any("Training needs the data set" in caption.value for caption in app.sidebar.caption)


def test_only_the_person_at_this_computer_is_offered_training_and_downloads(
    at: type[At], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("VAE_EXPLORER_CHECKPOINTS", str(tmp_path))
    for _ in Store().train(default_spec("ppca", "digits", 4), device=CPU):
        pass
    assert any("Train 4 missing" in button.label for button in opened(WITH_MODELS[1], dataset="digits", latent_dim=4).sidebar.button)
    at.address = "192.168.1.7"
    app = opened(WITH_MODELS[1], dataset="digits", latent_dim=4)
    assert not any("Train" in button.label for button in app.sidebar.button)
    assert any("at the computer that runs this program" in caption.value for caption in app.sidebar.caption)
    app = opened(WITH_MODELS[0], dataset="fashion_mnist")
    assert not any("Download" in button.label for button in app.sidebar.button)


def test_a_download_that_fails_is_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VAE_EXPLORER_DATA", str(tmp_path / "none"))
    monkeypatch.setenv("VAE_EXPLORER_CACHE", str(tmp_path / "empty"))
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")  # nobody listens there
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    app = opened(WITH_MODELS[0], dataset="frey_faces")
    next(button for button in app.sidebar.button if "Download" in button.label).click().run()
    assert [exception.message for exception in app.exception] == []
    assert "frey_faces is not on this machine and could not be downloaded" in app.sidebar.error[0].value


def test_a_damaged_checkpoint_is_missing_and_can_be_trained_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VAE_EXPLORER_CHECKPOINTS", str(tmp_path))
    spec = default_spec("pca", "digits", 3)
    for _ in Store().train(spec, device=CPU):
        pass
    (tmp_path / spec.fingerprint / "weights.safetensors").write_bytes(b"not what was saved")
    app = opened(WITH_MODELS[1], dataset="digits", latent_dim=3, family="pca")
    assert [exception.message for exception in app.exception] == []
    assert any("0 of 5 models ready" in caption.value for caption in app.sidebar.caption)
    assert any("Train 5 missing" in button.label for button in app.sidebar.button)


@pytest.mark.slow
def test_missing_models_are_trained_from_the_sidebar_and_can_be_cancelled(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VAE_EXPLORER_CHECKPOINTS", str(tmp_path))
    for _ in Store().train(default_spec("ppca", "digits", 4), device=CPU):
        pass
    app = opened(WITH_MODELS[1], dataset="digits", latent_dim=4, family="ppca")
    next(button for button in app.sidebar.button if button.label == "Train 4 missing").click().run()
    assert app.sidebar.get("progress")
    next(button for button in app.sidebar.button if button.label == "Cancel training").click().run()
    for _ in range(SECONDS):
        app.run()
        if not app.sidebar.get("progress"):
            break
        time.sleep(1)
    assert [exception.message for exception in app.exception] == []
    assert any("Missing:" in caption.value for caption in app.sidebar.caption)
    assert any("ancelled" in caption.value for caption in app.sidebar.caption)
