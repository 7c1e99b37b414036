"""*Photograph*: what a photograph becomes in each model of its patches, and the files beside it."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import numpy as np
import pytest
from PIL import Image
from streamlit.runtime.memory_media_file_storage import _calculate_file_id
from streamlit.testing.v1 import AppTest

from pages.own.photograph import cached as photographs
from pages.own.photograph import controls, view
from pages.own.photograph.controls import Choices
from pages.own.photograph.view import archive
from pages.shared import cached
from pages.shared.fetched_files import held
from tests.harness import addresses, assert_answers, charts, code, conclusion_of, opened, words
from tests.own_folder import blobs, prepared, uploaded
from vae_core.data import own
from vae_core.data.patches import halves
from vae_core.explore.own.photographs import coded
from vae_core.explore.own.photographs_figure import detail, shown_png
from vae_core.explore.own.picture_files import at_bits
from vae_core.units import bits

PHOTOGRAPH = "own/photograph"
pytestmark = pytest.mark.usefixtures("cache")


def has_download(app: AppTest, label: str, data: bytes, mime: str, file_name: str) -> bool:
    """Whether the button of that label hands over exactly these bytes: its address is made of their hash."""
    url = next(element.proto.url for element in app.get("download_button") if element.proto.label == label)
    return _calculate_file_id(data, mime, file_name) in url


def has_picture(app: AppTest, picture: np.ndarray) -> bool:
    """Whether a picture is shown to the last bit, as a PNG file: its address is made of the file's hash."""
    return f'src="{held(shown_png(picture)).address}"' in html(app)


def html(app: AppTest) -> str:
    return "".join(element.proto.body for element in app.get("html"))


def chosen(app: AppTest, key: str, value: object) -> AppTest:
    return app.button_group(key=key).set_value(value).run()


def test_the_weights_under_jpeg_and_webp_are_those_of_the_files_that_are_downloaded() -> None:
    app = opened(PHOTOGRAPH)
    assert app.metric[0].label == "Rate, pPCA"  # it opens on a model that has one
    assert_answers(app)
    x = halves("china")[1]
    found = coded(photographs.model("ppca", "patches_8", 12, None), x)
    for codec in ("JPEG", "WebP"):
        file = at_bits(x, codec, bits(found.rate))
        assert f"{len(file.data):,} bytes: {file.bits_per_pixel:.3f} b/px" in words(app)
        assert f"{file.likeness.psnr:.1f} dB, SSIM {file.likeness.ssim:.3f}" in words(app)
        assert has_download(app, codec, file.data, f"image/{codec.lower()}", f"china.{codec.lower()}")
    assert f"{found.bits_per_pixel:.3f} bits/pixel" in [metric.value for metric in app.metric]
    assert "rate (KL), not a file" in words(app)
    files = [at_bits(x, codec, bits(found.rate)) for codec in ("JPEG", "WebP")]
    for file in files:
        assert f'src="{held(file.data, kind=file.codec.lower()).address}"' in html(app)  # what is shown is the file itself
    for shown in (x, found.picture):
        assert has_picture(app, shown)
    for shown in (x, found.picture, *(file.picture for file in files)):
        assert has_picture(app, detail(shown, 0.2, 0.75))
    assert not has_picture(app, x[:, ::-1])


@pytest.mark.parametrize("model", ["PCA", "AE", "VAE"])
@pytest.mark.parametrize("size", ["8", "16"])
def test_every_model_of_patches_is_there_at_once(model: str, size: str) -> None:
    app = opened(PHOTOGRAPH, photo="flower", photo_model=model, patch=size, photo_show="detail")
    assert_answers(app)
    assert len(addresses(app)) == 4
    assert has_picture(app, detail(halves("flower")[1], 0.2, 0.75))


def test_a_link_to_any_number_of_components_opens_the_nearest_that_can_be_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view, "prepare", lambda *_, **__: None)  # it would compute all numbers of components
    for asked, opened_at in ((24, 24), (100, 96), (9999, 191), (0, 1)):
        app = opened(PHOTOGRAPH, kept=asked)
        assert_answers(app)
        assert app.select_slider(key="kept").value == opened_at
    app.select_slider(key="kept").set_value(3).run()
    assert app.select_slider(key="kept").value == 3
    assert "PCA, d = 3" in words(app)


def test_the_curves_are_a_chart_and_a_table() -> None:
    app = opened(PHOTOGRAPH, photo_show="curves", photo_model="VAE", kept=24)
    assert_answers(app)
    names = [trace["name"] for trace in charts(app)[0]["data"]]
    assert names == ["JPEG", "WebP", "pPCA, rate (KL)", "VAE, rate (KL)"]
    assert [button.proto.label for button in app.get("download_button")] == ["CSV", "ZIP"]


def test_a_photograph_of_ones_own_goes_through_and_one_that_is_none_is_a_sentence() -> None:
    app = opened(PHOTOGRAPH, photo="yours", photo_model="PCA")
    assert app.exception == []
    assert any("stays in this session" in caption.value for caption in app.main.caption)
    levels = np.random.default_rng(0).integers(0, 256, (900, 1200), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(levels).save(file, "PNG")
    app = uploaded(app, ("mine.png", file.getvalue(), "image/png"))
    assert_answers_without_notebook(app)
    assert "reduced to 816 × 612 pixels" in app.main.caption[0].value
    app.selectbox(key="fitted").set_value("this photo").run()
    assert_answers_without_notebook(app)
    app = uploaded(app, ("notes.png", b"no picture at all", "image/png"))
    assert "notes.png must be an image" in app.main.error[0].value
    assert app.exception == []


def assert_answers_without_notebook(app: AppTest) -> None:
    """The lines of a notebook name a file of the person's own."""
    assert [exception.message for exception in app.exception] == []
    assert [error.value for error in app.error] == []
    assert len(addresses(app)) >= 4
    assert "vc.read_image(" in code(app, "python")[0]


def test_patches_of_ones_own_photographs_are_what_a_photograph_is_made_of() -> None:
    x = {f"{k}.png": blobs(k, (80, 64)) for k in range(6)}
    name = own.keep(prepared(x, size=8, cut="patches"), "My photographs")
    app = opened(PHOTOGRAPH, photo_model="PCA", fitted="My photographs")
    assert_answers(app)
    assert name in code(app, "python")[0]
    app = chosen(app, "photo_model", "VAE")
    assert any("choose My photographs on another page" in caption.value for caption in app.main.caption)


def test_the_archive_holds_the_pictures_the_files_the_numbers_and_the_spec() -> None:
    x = halves("china")[1][:64, :64]
    found = Choices("china", x, "", "ppca", "patches_8", 12, False)
    result = coded(photographs.model("ppca", "patches_8", 12, None), x)
    files = [at_bits(x, codec, bits(result.rate)) for codec in ("JPEG", "WebP")]
    with zipfile.ZipFile(io.BytesIO(archive(found, result, files))) as packed:
        assert np.array_equal(np.asarray(Image.open(packed.open("original.png"))), x)
        assert np.array_equal(np.asarray(Image.open(packed.open("reconstruction.png"))), result.picture)
        assert packed.read("china.jpeg") == files[0].data
        rows = list(csv.DictReader(io.StringIO(packed.read("numbers.csv").decode())))
        assert [row["bytes"] for row in rows[1:]] == [str(len(file.data)) for file in files]
        assert json.loads(packed.read("spec.json"))["latent_dim"] == 12


@pytest.mark.parametrize("state", [{}, {"photo": "flower", "kept": 5}])
def test_once_it_is_open_or_its_slider_was_moved_no_other_number_of_components_is_waited_for(
    state: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(controls, "KEPT", (2, 5, 7, 12))
    app = opened(PHOTOGRAPH, **state)
    cached.prepare("photograph", (state.get("photo", "china"), "ppca", "patches_8", False, "pictures"), []).join(60)

    def refuse(*_: object) -> None:
        raise AssertionError("something was computed")

    monkeypatch.setattr(photographs.explore, "coded", refuse)
    monkeypatch.setattr(photographs.picture_files, "encoded", refuse)
    app.select_slider(key="kept").set_value(7).run()
    assert [exception.message for exception in app.exception] == []
    assert "PCA, d = 7" in words(app)


def test_a_file_that_loses_nothing_is_said_to_have_no_limit_in_decibels() -> None:
    flat = io.BytesIO()
    Image.new("RGB", (80, 40), (200, 0, 0)).save(flat, "PNG")
    app = opened("own/photograph", photo="yours", dataset="digits")
    app.file_uploader[0].set_value([("flat.png", flat.getvalue(), "image/png")]).run()
    assert "reaches ∞ dB" in conclusion_of(app)
    assert "inf" not in words(app)
