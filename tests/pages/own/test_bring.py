"""*Bring a picture*: every way in, every step, the same picture on both pages, and nothing of it in any link."""

from __future__ import annotations

import base64
import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from pages.own.bring import view
from pages.own.bring.findings import conclusion, short
from pages.own.session import SIDE, Selection, camera_works
from pages.shared import links
from pages.shared.controls import Choice
from pages.shared.words import beside
from tests.harness import assert_answers, code, conclusion_of, opened, pictures, run_notebook, value_of, words
from tests.image_corpus import damaged, lying, other_kinds, picture, saved
from tests.own_folder import zipped
from vae_core import data as datasets
from vae_core.data.pictures import Picture
from vae_core.data.preparation import Preparation, made_like
from vae_core.drawing.images import as_bytes
from vae_core.explore.own.own_images import passage
from vae_core.explore.own.own_images_figure import Through
from vae_core.models import default_spec, unlabelled
from vae_core.store import Store

BRING, PLACE = "own/bring", "own/place"
pytestmark = pytest.mark.usefixtures("checkpoints")


def bringing(way: str, **query: object) -> AppTest:
    return opened(BRING, dataset="digits", latent_dim=2, own_way=way, **query)


def uploaded(*files: tuple[str, bytes]) -> AppTest:
    app = bringing("upload")
    return app.file_uploader(key="own_files").set_value([(name, data, "application/octet-stream") for name, data in files]).run()


def refusals(app: AppTest) -> list[str]:
    """What is said of files that were not taken."""
    return [warning.value for warning in app.main.warning if "block" in warning.icon]


def drawn_ring() -> np.ndarray:
    y, x = np.mgrid[:SIDE, :SIDE]
    return np.where(np.abs(np.hypot(x - 84, y - 84) - 55) < 12, 255, 0).astype(np.uint8)


def drawn_stroke() -> np.ndarray:
    return np.where(np.abs(np.subtract.outer(np.arange(SIDE), np.arange(SIDE))) < 12, 255, 0).astype(np.uint8)


def shown_input(app: AppTest) -> np.ndarray:
    """The last step, as the matrix repeats it beside the reconstructions."""
    return pictures(app)[7]


def test_the_sample_is_the_test_image_as_it_is(checkpoints: Store) -> None:
    app = bringing("sample", own_sample=5)
    assert_answers(app)
    x = datasets.load("digits").test.x[5]
    assert np.array_equal(shown_input(app), x[0])
    for column, family in enumerate(unlabelled(), start=8):
        found = passage(checkpoints.load(default_spec(family, "digits", 2)), x[None])
        assert np.array_equal(pictures(app)[column], as_bytes(found.x_hat[0]))
        assert f"{found.sse[0]:.2f}, {found.psnr[0]:.1f} dB" in words(app)


def test_files_are_uploaded_a_bad_one_is_named_and_the_others_go_on() -> None:
    ring, stroke = (saved(Image.fromarray(ink), kind) for ink, kind in ((drawn_ring(), "PNG"), (drawn_stroke(), "JPEG")))
    app = uploaded(("a.png", ring), ("notes[1]_*x*.png", b"a letter"), ("b.jpg", stroke))
    assert [e.message for e in app.exception] == []
    assert len(refusals(app)) == 1
    assert refusals(app)[0].startswith("notes(1)＿∗x∗.png must be an image")
    box = next(box for box in app.main.selectbox if box.label == "Which of 2")
    assert box.options == ["1. a.png", "2. b.jpg"]
    first = shown_input(app)
    box.select_index(1)
    app.run()
    assert not np.array_equal(first, shown_input(app))


def test_a_zip_file_with_one_bad_file_gives_the_good_ones() -> None:
    files = {"x/1.png": saved(picture(60, 40), "PNG"), "x/2.png": b"%PDF-1.7", "x/3.png": saved(picture(60, 40, 1), "PNG")}
    app = uploaded(("class.zip", zipped(files)))
    assert "2.png must be an image" in refusals(app)[0]
    assert next(box for box in app.main.selectbox if box.label == "Which of 2").options == ["1. 1.png", "2. 3.png"]


def test_several_pieces_of_ink_are_a_choice_and_an_empty_sheet_is_warned_of() -> None:
    two = np.pad(np.hstack([drawn_ring(), np.zeros((SIDE, SIDE), np.uint8), drawn_stroke()]), 20)
    app = uploaded(("two.png", saved(Image.fromarray(two), "PNG")), ("blank.png", saved(Image.new("L", (90, 60), 240), "PNG")))
    assert any("2 pieces of ink stand apart" in warning.value for warning in app.main.warning)
    first = shown_input(app)
    app.button_group(key="own_piece").set_value("2").run()
    assert [e.message for e in app.exception] == []
    assert not np.array_equal(shown_input(app), first)
    assert np.array_equal(shown_input(app), made_like("digits", two, Preparation(piece="2"))[0])
    assert value_of(app, "Read as") in map(str, range(10))
    next(box for box in app.main.selectbox if box.label == "Which of 2").select_index(1).run()
    assert any("No ink was found" in warning.value for warning in app.main.warning)
    assert not [metric for metric in app.metric if metric.label == "Read as"]


@pytest.mark.parametrize("part", [damaged, lying, other_kinds], ids=lambda part: part.__name__)
def test_bad_files_end_in_sentences_on_the_page(part) -> None:
    app = uploaded(*list(part())[:10:3])
    assert [e.message for e in app.exception] == []
    assert app.main.warning or app.main.selectbox


def test_nothing_of_an_upload_is_in_the_link_or_in_the_lines_for_a_notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = saved(Image.fromarray(drawn_ring()), "PNG")
    app = uploaded(("my secret face.png", data))
    assert not any("secret" in value for value in (*code(app, "plaintext"), *code(app, "python")))
    assert "secret" not in str(dict(app.query_params))
    (tmp_path / "picture.png").write_bytes(data)
    monkeypatch.chdir(tmp_path)
    shown = run_notebook(code(app, "python")[0])
    assert shown.rows[0][0].image.shape == (1, 8, 8)
    assert np.array_equal(shown.rows[0][0].image[0], shown_input(app))


def test_pictures_are_kept_for_the_other_page_and_back() -> None:
    app = uploaded(("a.png", saved(picture(60, 40), "PNG")))
    app.selectbox(key="own_invert").select("yes").run()
    x = shown_input(app)
    app.switch_page(links.page(PLACE)).run()
    assert [e.message for e in app.exception] == []
    assert np.array_equal(pictures(app)[0], x)
    app.switch_page(links.page(BRING)).run()
    assert np.array_equal(shown_input(app), x)
    assert app.selectbox(key="own_invert").value == "yes"
    next(button for button in app.main.button if button.label == "Remove earlier pictures").click()
    app.run()
    assert not pictures(app)


def test_what_is_drawn_goes_through_the_same_door() -> None:
    app = bringing("draw")
    assert not pictures(app)
    assert any("appears here" in info.value for info in app.info)
    app.session_state["own_drawing"] = base64.b64encode(drawn_ring().tobytes()).decode()
    app.run()
    assert np.array_equal(shown_input(app), made_like("digits", drawn_ring())[0])
    app.session_state["own_drawing"] = "no sheet"
    app.run()
    assert [e.message for e in app.exception] == []
    assert not pictures(app)


def test_the_camera_is_offered_where_browsers_allow_it() -> None:
    assert all(camera_works(url) for url in ("http://localhost:8501/own-images", "http://127.0.0.1:8501", "https://explorer.example.org/x"))
    assert not any(camera_works(url) for url in ("http://192.168.1.7:8501", "http://explorer.example.org", None, ""))
    app = bringing("camera")
    assert [e.message for e in app.exception] == []


def test_the_steps_can_be_changed_and_the_link_carries_them() -> None:
    app = bringing("sample")
    before = shown_input(app)
    app.selectbox(key="own_invert").select("yes").run()
    assert np.array_equal(shown_input(app), 255 - before)
    app.slider(key="own_across").set_range(0, 50).run()
    link = next(value for value in code(app, "plaintext") if "?" in value)
    assert "own_invert=yes" in link
    assert "own_across=0&own_across=50" in link
    assert_answers(app)
    again = opened(BRING, dataset="digits", latent_dim=2, own_invert="yes")
    assert np.array_equal(shown_input(again), 255 - before)


def test_small_errors_are_told_from_none() -> None:
    assert "SSE 0.0)" not in conclusion_of(opened("own/bring", dataset="patches_8", latent_dim=12))
    assert (short(0.034), short(9.62), short(1e-20)) == ("0.034", "9.6", "0")


def test_the_sample_of_a_larger_data_set_is_no_error_in_a_smaller_one() -> None:
    app = bringing("sample")
    app.session_state["own_sample"] = 5000
    app.run()
    assert [e.message for e in app.exception] == []


def test_the_zip_file_of_the_page_holds_every_picture() -> None:
    choice = Choice("digits", 2, "pca", has_data=True)
    selection = Selection("upload", (Picture("a", drawn_ring()), Picture("b", 255 - drawn_ring())))
    specs = [default_spec(family, "digits", 2) for family in unlabelled()]
    x = made_like("digits", drawn_ring())
    files = view.files(choice, selection, Preparation(), specs, view.passages(specs, x))
    with zipfile.ZipFile(io.BytesIO(files[0].data())) as archive:
        assert len(archive.namelist()) == 2 + 2 * (1 + 2 * len(unlabelled()))
        assert len(archive.read("numbers.csv").splitlines()) == 1 + 2 * len(unlabelled())
        assert np.array_equal(np.asarray(Image.open(io.BytesIO(archive.read("02/input.png")))), x[0])  # told by its border


def test_without_the_data_set_the_picture_goes_through_the_shipped_models(no_images: None) -> None:
    if default_spec("vae", "mnist", 20) not in Store():
        pytest.skip("needs the shipped models of mnist")
    app = opened(BRING, dataset="mnist", latent_dim=20, family="vae")
    assert_answers(app)
    x = datasets.load("mnist_5k").test.x[0, 0]
    assert np.array_equal(shown_input(app), made_like("mnist", x)[0])


def test_a_picture_that_is_added_is_shown_and_one_of_several_refusals_is_counted() -> None:
    ring, stroke = (saved(Image.fromarray(ink), "PNG") for ink in (drawn_ring(), drawn_stroke()))
    app = uploaded(("a.png", ring))
    of_ring = shown_input(app)
    files = [("a.png", ring), ("b.png", stroke), *((f"{k}.png", b"a letter") for k in range(4))]
    app.file_uploader(key="own_files").set_value([(name, data, "image/png") for name, data in files]).run()
    assert next(box for box in app.main.selectbox if box.label == "Which of 2").value == "2. b.png"
    assert not np.array_equal(shown_input(app), of_ring)
    assert "1 more file not taken" in [expander.label for expander in app.main.expander]


def test_of_a_black_input_no_error_is_said_to_be_of_the_picture() -> None:
    app = uploaded(("blank.png", saved(Image.new("L", (90, 60), 240), "PNG")))
    assert "nothing of your picture came into it" in conclusion_of(app)
    assert "keeps most" not in conclusion_of(app)


@pytest.mark.parametrize(
    ("through", "said"),
    [
        ({2: 3.0}, "is the only trained model: its SSE of 3.0 is"),
        ({2: 3.0, 10: 4.0}, "The VAE with d = 2 keeps most of your picture: its SSE of 3.0 is"),
        ({2: 3.0, 10: 2.0}, "The VAE with d = 10 keeps most of your picture (SSE 2.0). The VAE with d = 2 has SSE 3.0:"),
    ],
)
def test_the_model_in_focus_is_named_once(through: dict[int, float], said: str) -> None:
    x = np.ones((1, 8, 8), np.uint8)
    models = [Through("vae", d, x / 255, sse, 20.0) for d, sse in through.items()]
    assert said in conclusion(Choice("digits", 2, "vae", has_data=True), x, models, beside(view.__file__))
