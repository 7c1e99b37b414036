"""What tests share: small models, a page as its visitor reads it, and what every page owes its reader."""

from __future__ import annotations

import ast
import asyncio
import base64
import io
import json
import os
import re
import shutil
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlparse

import numpy as np
import plotly.graph_objects as go
import torch
from PIL import Image
from scipy import stats
from starlette.applications import Starlette
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block
from streamlit.util import calc_hash

from pages.frame import server
from pages.frame.navigation import Page
from pages.shared import glossary
from pages.shared.page import FOLDED
from vae_core import data as datasets
from vae_core.drawing.chart import Chart
from vae_core.explore.autoencoders.toys import TOYS
from vae_core.models import LatentModel, build, default_spec, unlabelled
from vae_core.models.autoencoder import AutoencoderSpec
from vae_core.specs import ModelSpec, TrainedSpec
from vae_core.store.checkpoints import frozen
from vae_core.training.fit import fit
from vae_core.units import with_interval

ROOT = Path(__file__).resolve().parents[1]
APP = ROOT / "explorer_app.py"
DATA = Path(os.environ.get("VAE_EXPLORER_DATA") or "nowhere")
CPU = torch.device("cpu")
SECONDS = 120
"""Longest wait for a page, on a machine that is busy with other things."""


def chromium() -> str | None:
    """Path of the browser that the tests drive, or None."""
    return os.environ.get("VAE_EXPLORER_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def hear_ctrl_c() -> None:
    """Let a child process (`preexec_fn`) be interrupted: what a shell's & started ignores SIGINT, and so do its children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def wait_for(holds: Callable[[], object], seconds: float = 240) -> None:
    """Until something holds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


def pixels(picture: bytes) -> np.ndarray:
    """What a picture's file shows, (H, W) or (H, W, channels), uint8."""
    return np.asarray(Image.open(io.BytesIO(picture)))


def tiny_spec(family: str, latent_dim: int = 2) -> ModelSpec:
    """A spec of the family on digits that trains in a second."""
    spec = default_spec(family, "digits", latent_dim)
    return replace(spec, n_epochs=3) if isinstance(spec, TrainedSpec) else spec


def tiny_model(family: str, latent_dim: int = 2) -> LatentModel:
    """A model of that spec, fitted to the digits and kept nowhere: what a store would give, in a fraction of a second."""
    model = build(tiny_spec(family, latent_dim))
    list(fit(model, datasets.load("digits"), device=CPU))
    return frozen(model)


# The table of pages


def table() -> tuple[Page, ...]:
    """The table of pages; importing the program would start a server's work."""
    assigned = {ast.unparse(node.targets[0]): node.value for node in ast.parse(APP.read_text()).body if isinstance(node, ast.Assign)}
    return eval(compile(ast.Expression(assigned["PAGES"]), APP, "eval"), {"Page": Page})


PAGES: dict[str, str] = {page.folder: page.address for page in table()}
"""Folder, as `latent/pad`, → address of every page."""
LECTURES = "start/lectures"
"""The page of the lectures, which asks questions on views and is none itself."""
VIEWS = [page for page in PAGES if page != LECTURES]
PAGES_WITH_DATA = [page.folder for page in table() if page.uses_data]
"""Folders of the pages on which data set, latent dimension and model play a part."""
FIVE_FAMILIES, COMPARE = WITH_MODELS = ("start/families", "autoencoders/compare")
"""The pages that show every family of models side by side."""


# A page as its visitor reads it


class At:
    """Where the visitor sits: the address of the connection, of which None is this computer, and the headers of its request."""

    address: str | None = None
    headers: Mapping[str, str] = {"Host": "localhost:8501", "Origin": "http://localhost:8501"}


BELOW = ("seeing", "try", "notebook", "link")
"""The parts of the row below the picture that are folded."""


def opened(page: str, *, unfolded: Sequence[str] = BELOW, **query: object) -> AppTest:
    """A page, by its folder, as a link opens it: it is the first thing that its session sees.

    Args:
        page: its folder.
        unfolded: what of the row below the picture is open: it is there once it is.
        query: of the link; a list stands for a parameter that is repeated.
    """
    app = AppTest.from_file(APP, default_timeout=SECONDS)
    app.query_params.update({key: value if isinstance(value, list) else str(value) for key, value in query.items()})
    for part in unfolded:
        app.session_state[f"{FOLDED}{part}"] = True
    app._page_hash = calc_hash(PAGES[page]) if PAGES[page] else ""  # `switch_page` would have to have seen the pages
    return app.run()


WIDGETS = ("selectbox", "select_slider", "slider", "number_input", "radio", "toggle", "checkbox", "button_group")
SIDEBAR = ("latent_dim", "family", "dataset")
"""The controls of the frame, by their keys."""
OTHER_DATA = "patches_8"
BY_TITLE = {"dataset": (OTHER_DATA, "digits"), "family": tuple(unlabelled()), "toy": TOYS}
"""What menus hold that show titles instead of names."""


def controls(app: AppTest) -> list[tuple[str, str]]:
    """Kind and key of every control of the page, and after them of the sidebar, where others may bring other controls."""
    keyed = [(kind, widget.key) for kind in WIDGETS for widget in app.get(kind) if widget.key]
    return sorted(keyed, key=lambda control: SIDEBAR.index(control[1]) if control[1] in SIDEBAR else -1)


def other_value(widget: Any) -> object:
    """A value that a control could be given and does not have; None if there is none."""
    if widget.disabled:
        return None
    if widget.key in BY_TITLE:
        return next(name for name in BY_TITLE[widget.key] if name != widget.value)
    if widget.type in ("toggle", "checkbox"):
        return not widget.value
    if getattr(widget, "options", None):
        options = [option for option in widget.options if option != str(widget.value)]
        return next(iter(options), None)
    if not isinstance(widget.value, int | float):
        return None
    step = widget.step or 1
    return widget.value + step if widget.value + step <= widget.max else widget.value - step


def press(app: AppTest, label: str) -> AppTest:
    """The page after its first button was pressed whose label begins so."""
    return next(button for button in app.button if button.label.startswith(label)).click().run()


def labels(app: AppTest) -> list[str]:
    """What the buttons of the page's main area say."""
    return [button.label for button in app.main.button]


def charts(app: AppTest) -> list[dict[str, Any]]:
    """Every Plotly chart as it goes to the browser."""
    sent = [element.proto.bytes for element in app.get("bidi_component") if element.proto.component_name == "chart"]
    shown = []
    for one in sent:
        now, figure = map(json.loads, one.split(b"\n"))
        shown.append(figure | _parts_at(figure, now["frame"]))
    return shown


def _parts_at(figure: dict[str, Any], frame: dict[str, Any]) -> dict[str, Any]:
    """What a frame makes of a figure's data and layout."""
    changes = dict(zip(frame.get("traces", ()), frame.get("data", ()), strict=True))
    data = [{**trace, **changes.get(number, {})} for number, trace in enumerate(figure["data"])]
    return {"data": data, "layout": {**figure["layout"], **frame.get("layout", {})}}


def values(axis: Any) -> list[Any]:
    """What stands along one axis of a trace, packed as bytes or not."""
    if isinstance(axis, dict):
        return np.frombuffer(base64.b64decode(axis["bdata"]), axis["dtype"]).tolist()
    return np.ravel(np.array(axis, object)).tolist()


def in_own_pixels(image: np.ndarray) -> np.ndarray:
    """An image of which each pixel was drawn as a square, a pixel each."""
    for times in range(min(image.shape[:2]) // 2, 1, -1):
        small = image[::times, ::times]
        if image.std() > 0 and np.array_equal(image, small.repeat(times, 0).repeat(times, 1)):
            return small
    return image


def pictures(app: AppTest) -> list[np.ndarray]:
    """Every image that is part of the page's own HTML, in the pixels of its data."""
    encoded = [data for element in app.get("html") for data in re.findall(r"data:image/png;base64,([^\"]+)\"", element.proto.body)]
    return [in_own_pixels(pixels(base64.b64decode(data))) for data in encoded]


def addresses(app: AppTest) -> list[str]:
    """Where the browser would fetch the pictures that are no part of the page's HTML."""
    return [address for element in app.get("html") for address in re.findall(r"src=\"(/file/\w+\.\w+)\"", element.proto.body)]


def fetched(app: AppTest) -> list[np.ndarray]:
    """The pictures at those addresses, as the server hands them out."""
    return [pixels(get(address)[1]) for address in addresses(app)]


def get(path: str, **headers: str) -> tuple[int, bytes, dict[str, str]]:
    """Status, body and headers of the server's answer."""
    messages: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    async def send(message: dict[str, Any]) -> None:
        messages.append(message)

    asked = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "GET", "path": path, "root_path": "", "query_string": b"", "headers": asked}
    asyncio.run(Starlette(routes=server.routes(), middleware=server.middleware())(scope, receive, send))
    answered = {name.decode(): value.decode() for name, value in messages[0]["headers"]}
    return messages[0]["status"], messages[1]["body"], answered


MARKUP = re.compile(r"<style.*?</style>|<dl class=.terms.*?</dl>|<[^>]+>", re.DOTALL)
"""Of a page's HTML: markup, and the terms of the glossary, which stand on every page."""


def words(app: AppTest) -> str:
    """All that the page says below its title, without markup."""
    html = [MARKUP.sub(" ", body) for body in html_of(app)]
    return "\n".join([*(element.value for element in (*app.main.caption, *app.main.markdown)), *html])


def html_of(app: AppTest) -> list[str]:
    """The page's own HTML, piece by piece."""
    return [element.proto.body for element in app.main.get("html")]


def conclusion_of(app: AppTest) -> str:
    """What the page concludes in words, in sight without a click."""
    (place,) = [block for block in _blocks(app.main) if str(getattr(block.proto, "id", "")).endswith("-conclusion")]
    return "\n".join(element.value for element in place if not isinstance(element, Block))


def answer_of(app: AppTest) -> str:
    """The stored answer to what the page asks one to try."""
    (answer,) = re.findall(r"<summary>Answer</summary>(.*)</details>", "\n".join(m.value for m in app.main.markdown), re.DOTALL)
    return answer.strip()


def _blocks(block: Block) -> Iterator[Block]:
    """A block of the page and all within it."""
    yield block
    for child in block.children.values():
        if isinstance(child, Block):
            yield from _blocks(child)


def numbers_of(app: AppTest) -> dict[str, str]:
    """Label → value of every metric."""
    return {metric.label: metric.value for metric in app.metric}


def value_of(app: AppTest, label: str) -> str:
    """A number with its unit, by how its label begins."""
    return next(value for name, value in numbers_of(app).items() if name.startswith(label))


def method_of(app: AppTest, label: str) -> str:
    """What stands below a number: how it was obtained."""
    elements = [element for element in app.main if element.type in ("metric", "caption")]
    where = next(i for i, element in enumerate(elements) if element.type == "metric" and element.label.startswith(label))
    assert elements[where + 1].type == "caption"
    return elements[where + 1].value


def mean_by_scipy(values: np.ndarray, *, few: bool = False) -> str:
    """The mean of numbers, (N,), ± its 95 % interval, as a page writes it: normal, or Student's where they are few."""
    law = stats.t(len(values) - 1) if few else stats.norm
    return with_interval(float(np.mean(values)), float(law.ppf(0.975) * stats.sem(values)))


def numbers_in(text: str) -> list[str]:
    """Every number with decimals, as it is printed."""
    return re.findall(r"−?\d+\.\d+", text)


def code(app: AppTest, language: str) -> list[str]:
    """Every block of code in a language; `plaintext` holds the link."""
    return [element.value for element in app.code if (element.language or "plaintext") == language]


def link_of(app: AppTest) -> dict[str, str]:
    """The query of the page's link."""
    link = next(value for value in code(app, "plaintext") if "?" in value)
    return {key: found[0] for key, found in parse_qs(urlparse(link).query).items()}


# What every page owes its reader


def has_data(trace: dict[str, Any]) -> bool:
    """Whether each of the axes that a trace has holds at least one value that is not missing."""
    axes = [values(trace[axis]) for axis in "xyz" if axis in trace]
    return bool(axes) and all(any(v is not None and v == v for v in axis) for axis in axes)  # NaN is not equal to itself


def has_figure_with_data(app: AppTest) -> bool:
    """Whether there is a picture that is not of one colour, a chart or a component that was given data; and no chart without any."""
    components = [element for element in app.get("bidi_component") if element.proto.component_name != "chart"]
    others = [element for element in components if element.proto.ByteSize() > 1000]
    with_data = [any(map(has_data, one["data"])) for one in charts(app)]
    return all(with_data) and (bool(with_data) or bool(others) or any(image.std() > 0 for image in [*pictures(app), *fetched(app)]))


def has_number(app: AppTest) -> bool:
    """Whether a number stands by itself: as a metric, or among the page's own words."""
    return any(re.search(r"\d", metric.value) for metric in app.metric) or bool(re.search(r"\d\.\d", words(app)))


def run_notebook(lines: str) -> object:
    """Execute the lines as a notebook does, and return the value of the last one."""
    *before, last = ast.parse(lines).body
    names: dict[str, object] = {}
    exec(compile(ast.Module(before, []), "notebook", "exec"), names)
    if isinstance(last, ast.Expr):
        return eval(compile(ast.Expression(last.value), "notebook", "eval"), names)
    exec(compile(ast.Module([last], []), "notebook", "exec"), names)
    return None


ADVANCED = {
    "autoencoders/compare": {"n_images"},
    "autoencoders/toys": {"toy_width", "toy_depth", "toy_activation", "toy_epochs"},
    "latent/grid": {"n_grid", "grid", "unit"},
    "latent/samples": {"n_side"},
    "latent/paths": {"n_path"},
    "latent/codes": {"n_shown"},
    "latent/ring": {"ring_points"},
    "latent/learn": {"ring_hidden", "ring_epochs"},
    "elbo/bound": {"bound_notation"},
    "elbo/kl": {"kl_n"},
    "rates/frontier": {"distortion_unit", "rate_unit", "saved_as"},
    "rates/frontier_training": {"sweep_epochs", "sweep_seed"},
    "rates/water_filling": {"rate_unit", "error_unit"},
    "own/bring": {f"own_{name}" for name in ("invert", "contrast", "fit", "turn", "across", "down", "strokes", "behind")},
    "own/photograph": {"patch", "fitted"},
    "own/dataset": {"own_size", "own_colour", "own_cut"},
    "training/train": {f"train_{field.name}" for field in AutoencoderSpec.fields() if field.is_of_training} - {"train_n_epochs"},
}
"""Page → keys of its controls that a first look does not need: they change how something is measured, drawn, saved, written, prepared or
trained, and not what the page's question is about. Every other control stands in sight; the number of a draw stands at its button.
"""
NAMED_SO = re.compile(
    r" in$|\bunit|format|spacing|^grid$|notation|epochs|seed$|width$|^width of|batch|_rate$|protocol|augment|^how many|^images\b|^draws",
    re.IGNORECASE,
)
"""Labels of such controls on whatever page."""
IN_SIGHT = {"train_n_epochs", "dn_data", "plate_n"}
"""Keys of controls with such a label that are what their page is about."""


def _controls_of(app: AppTest) -> tuple[dict[str, str], dict[str, str]]:
    """Key → label of the page's controls among its further settings, and of those in sight."""
    every = {w.key: w.label for kind in (*WIDGETS, "text_input") for w in app.main.get(kind) if w.key}
    folds = [block for block in app.main.expander if block.label == "More settings"]
    apart = {element.key for block in folds for element in block if not isinstance(element, Block) and getattr(element, "key", None)}
    return {key: every[key] for key in apart & set(every)}, {key: label for key, label in every.items() if key not in apart}


def folded(app: AppTest) -> set[str]:
    """Keys of the controls among the page's further settings."""
    return set(_controls_of(app)[0])


def out_of_place(page: str, app: AppTest) -> set[str]:
    """Labels of advanced controls that stand in sight, and of others that stand among the further settings."""
    apart, shown = _controls_of(app)
    known = ADVANCED.get(page, set())
    wrong = {label for key, label in shown.items() if key in known or (NAMED_SO.search(label) and key not in IN_SIGHT)}
    return wrong | {label for key, label in apart.items() if key not in known and not NAMED_SO.search(label)}


WITHOUT_MODELS = ("linear/fitting", "linear/pca_by_hand", "linear/pca_images", "latent/ring", "latent/line", "elbo/bound", "elbo/kl")
WITHOUT_MODELS += ("elbo/em", "rates/collapse", "rates/discrete_world", "rates/rda", "own/dataset", "beyond/museum", "beyond/sequences")
WITHOUT_MODELS += ("beyond/approaches", "rates/strong_decoder")
WITHOUT_MODELS += ("beyond/symbols",)
"""Pages whose numbers are of data, of a theory, of points, or of a distribution that is chosen."""
OF_NO_MODEL = re.compile("Linear optimum|Best linear denoiser|Best model without z|Most right: pixels|Rate R$|Expected SSE|Read as")
"""Labels of such numbers on other pages."""


def numbers_of_nameless_models(app: AppTest) -> list[str]:
    """Labels of numbers whose ⓘ does not name their model: family, data set, d, and of a trained one network, epochs and seed."""
    named = re.compile(r"Model: .* d = \d+(; .* network.*; seed \d+|; computed in closed form)")
    return [m.label for m in app.main.metric if not named.search(m.help or "") and not OF_NO_MODEL.search(m.label)]


def assert_sound(app: AppTest) -> None:
    """Nothing went wrong, and nothing was refused."""
    assert [exception.message for exception in app.exception] == []
    assert [error.value for error in app.error] == []


WITHOUT_ARTICLE = re.compile(
    r"(?<![Tt]he )(?<!\ba )(?<!A )(?<![Ll]inear )\b(AE|VAE)\b(\W* (is|has|keeps?|leaves?|reaches|and|from it)\b|'s)"
)
"""A model that is said to do something as if it were a method."""


def assert_answers(app: AppTest) -> None:
    """Question, figure, number with its method, conclusion, stored answer, complete link, download, and notebook lines that run."""
    assert_sound(app)
    assert len(app.title) == 1
    assert app.title[0].value.endswith("?")
    assert has_figure_with_data(app)
    assert all(go.Figure(chart).data for chart in charts(app))  # Plotly itself finds no fault with them
    assert has_number(app)
    assert re.search(r"n = [\d,]+|exact|quadrature|bound", words(app), re.IGNORECASE)
    for computed in (conclusion_of(app), answer_of(app)):
        assert re.search(r"\w", computed)
        assert not re.search(r"\{\w*\}|\bnan\b|\binf\b", computed), computed
        assert not WITHOUT_ARTICLE.search(computed), computed
    (terms,) = [body for body in html_of(app) if '<dl class="terms">' in body]
    assert all(f"<dt>{term}</dt>" in terms for term in glossary.terms())
    assert all(f"<dt>{term}</dt>" in terms.partition("<details>")[0] for term in glossary.ON_EVERY_PAGE)
    assert {"dataset", "latent_dim", "family"} <= set(link_of(app))
    downloads = app.get("download_button")
    assert downloads
    assert all(button.proto.url or button.proto.deferred_file_id for button in downloads)
    (lines,) = code(app, "python")
    assert 3 <= len([line for line in lines.splitlines() if line.strip()]) <= 6
    shown = run_notebook(lines)
    assert shown is None or hasattr(shown, "_repr_png_") or hasattr(shown, "_repr_mimebundle_")
    if isinstance(shown, Chart):
        assert len(go.Figure(shown.figure()).data) > 0
        assert shown.figure().update_layout(title="mine").layout.title.text == "mine"
