"""Pages on photographs and on data sets of one's own: uploads, what is made of them, and who may."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from streamlit.runtime.memory_media_file_storage import _calculate_file_id
from streamlit.testing.v1 import AppTest

from pages.own.photograph import cached as cached_photographs
from pages.shared.controls import own_dims
from pages.shared.fetched_pictures import held
from pages.shared.training_controls import label
from tests.harness import CPU, PAGES_WITH_DATA, addresses, assert_answers, charts, code, opened, pictures, words
from tests.own_folder import FILES, N, blobs, prepared, zipped
from vae_core import data as datasets
from vae_core.data import own
from vae_core.data.images import fit_to
from vae_core.data.patches import halves
from vae_core.explore.own.photographs import coded
from vae_core.explore.own.photographs_figure import detail, shown_png
from vae_core.explore.own.picture_files import at_bits
from vae_core.identities import own_names
from vae_core.models import FAMILIES, default_spec
from vae_core.models.pca import spectrum
from vae_core.store import Store
from vae_core.units import bits

PHOTOGRAPH, DATASET = "own/photograph", "own/dataset"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache and a folder of models of the test's own."""
    monkeypatch.setenv("VAE_EXPLORER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("VAE_EXPLORER_CHECKPOINTS", str(tmp_path / "models"))
    return tmp_path / "cache"


def uploaded(app: AppTest, *files: tuple[str, bytes, str]) -> AppTest:
    uploader = app.main.file_uploader[0]
    return uploader.set_value(list(files) if uploader.accept_multiple_files else files[0]).run()


def has_download(app: AppTest, label: str, data: bytes, mime: str, file_name: str) -> bool:
    """Whether the button of that label hands over exactly these bytes: its address is made of their hash."""
    url = next(element.proto.url for element in app.get("download_button") if element.proto.label == label)
    return _calculate_file_id(data, mime, file_name) in url


def has_picture(app: AppTest, picture: np.ndarray) -> bool:
    """Whether a picture is shown to the last bit, as a PNG file: its address is made of the file's hash."""
    address = held(shown_png(picture)).address
    return any(f'src="{address}"' in element.proto.body for element in app.get("html"))


def chosen(app: AppTest, key: str, value: object) -> AppTest:
    return app.button_group(key=key).set_value(value).run()


def test_the_weights_under_jpeg_and_webp_are_those_of_the_files_that_are_downloaded() -> None:
    app = chosen(opened(PHOTOGRAPH), "photo_model", "pPCA")
    assert_answers(app)
    x = halves("china")[1]
    found = coded(cached_photographs.model("ppca", "patches_8", 12, None), x)
    for codec in ("JPEG", "WebP"):
        file = at_bits(x, codec, bits(found.rate))
        assert f"{len(file.data):,} bytes: {file.bits_per_pixel:.3f} b/px" in words(app)
        assert f"{file.likeness.psnr:.1f} dB, SSIM {file.likeness.ssim:.3f}" in words(app)
        assert has_download(app, codec, file.data, f"image/{codec.lower()}", f"china.{codec.lower()}")
    assert f"{found.bits_per_pixel:.3f} bits/pixel" in [metric.value for metric in app.metric]
    assert "rate (KL), not a file" in words(app)
    files = [at_bits(x, codec, bits(found.rate)).picture for codec in ("JPEG", "WebP")]
    for shown in (x, found.picture, *files):
        assert has_picture(app, shown)
        assert has_picture(app, detail(shown, 0.2, 0.75))
    assert not has_picture(app, x[:, ::-1])


@pytest.mark.parametrize("model", ["PCA", "AE", "VAE"])
@pytest.mark.parametrize("size", ["8", "16"])
def test_every_model_of_patches_is_there_at_once(model: str, size: str) -> None:
    app = opened(PHOTOGRAPH, photo="flower", photo_model=model, patch=size, photo_show="detail")
    assert_answers(app)
    assert len(addresses(app)) == 4
    assert has_picture(app, detail(halves("flower")[1], 0.2, 0.75))


def test_a_link_to_any_number_of_components_opens_the_nearest_that_can_be_chosen() -> None:
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
    assert "read_image_file" in code(app, "python")[0]


def test_patches_of_ones_own_photographs_are_what_a_photograph_is_made_of() -> None:
    x = {f"{k}.png": blobs(k, (80, 64)) for k in range(6)}
    name = own.keep(prepared(x, size=8, cut="patches"), "My photographs")
    app = opened(PHOTOGRAPH, photo_model="PCA", fitted="My photographs")
    assert_answers(app)
    assert name in code(app, "python")[0]
    app = chosen(app, "photo_model", "VAE")
    assert any(f"choose {name} on another page" in caption.value for caption in app.main.caption)


ZIP = ("class.zip", zipped({**FILES, "class/notes.txt": b"no picture"}), "application/zip")


def test_a_zip_file_of_folders_is_shown_made_and_deleted() -> None:
    app = uploaded(opened(DATASET, dataset="digits", own_size=16), ZIP)
    assert [exception.message for exception in app.exception] == []
    said = words(app)
    assert "n = 24 images: 19 to train on, 5 to test on. Ada: 12, Ben: 12." in said
    assert len(pictures(app)) == N
    assert "class/notes.txt must be an image" in app.main.text[0].value
    assert own_names() == ()
    app.text_input(key="own_title").set_value("My class").run()
    next(button for button in app.main.button if button.label == "Make the data set").click().run()
    (name,) = own_names()
    assert_answers(app)
    assert app.sidebar.selectbox(key="dataset").value == name
    assert any("My class: 19 images of 16×16 in colour" in caption.value for caption in app.sidebar.caption)
    exact = spectrum(datasets.load(name).train.x)
    mean = np.round(exact.mean.reshape(3, 16, 16).transpose(1, 2, 0) * 255).astype(np.uint8)
    np.testing.assert_array_equal(pictures(app)[0], mean)
    share = 100 * exact.eigenvalues[:5].sum() / exact.eigenvalues.sum()
    assert f"{share:.1f} %" in [metric.value for metric in app.metric]
    x = fit_to(np.asarray(Image.open(io.BytesIO(FILES["class/Ben/0.png"]))), (3, 16, 16))
    assert any(np.array_equal(x, kept) for part in (datasets.load(name).train.x, datasets.load(name).test.x) for kept in part)
    next(button for button in app.main.button if button.label == "Delete it").click().run()
    assert own_names() == ()
    assert_answers(app)
    assert app.sidebar.selectbox(key="dataset").value != name


def test_images_that_make_no_data_set_are_a_sentence() -> None:
    app = uploaded(opened(DATASET, dataset="digits"), ("a.png", blobs(0), "image/png"), ("b.zip", b"PK\x03\x04 damaged", "application/zip"))
    assert "b.zip must be an intact ZIP file" in app.main.error[0].value
    app = uploaded(app, ("a.png", blobs(0), "image/png"))
    assert "images must be at least 6 different ones, got 1" in app.main.error[0].value
    assert app.exception == []


def test_only_the_person_at_this_computer_makes_and_deletes_data_sets(at) -> None:
    name = own.keep(prepared(), "Mine")
    at.address = "192.168.1.7"
    app = opened(DATASET, dataset=name)
    assert_answers(app)
    assert not app.main.file_uploader
    assert not [button for button in app.main.button if button.label == "Delete it"]
    assert any("Only the person at the computer" in caption.value for caption in app.main.caption)


def test_a_link_to_a_data_set_that_was_deleted_opens_another() -> None:
    app = opened(DATASET, dataset="own-0123abcd")
    assert [exception.message for exception in app.exception] == []
    assert app.sidebar.selectbox(key="dataset").value in ("mnist", "digits")


def test_a_model_of_ones_own_data_set_is_called_by_its_title_as_long_as_that_is_there() -> None:
    name = own.keep(prepared(), "Holiday")
    spec = default_spec("vae", name, 2)
    assert label(spec) == "vae Holiday d=2"
    label.cache_clear()
    own.delete(name)
    assert label(spec).startswith(f"vae {name} d=2")


@pytest.fixture
def colour(monkeypatch: pytest.MonkeyPatch) -> str:
    """A data set of colour images with a trained model of every family at two dimensions."""
    monkeypatch.setattr("vae_core.models.sizes.STEPS", 40)
    monkeypatch.setattr("vae_core.models.sizes.FEWEST_EPOCHS", 40)
    name = own.keep(prepared(size=12), "Colour")
    for family in FAMILIES:
        Store().train(default_spec(family, name, 2), device=CPU)
    return name


def test_a_data_set_of_ones_own_appears_on_every_page_that_uses_data(colour: str) -> None:
    for page in PAGES_WITH_DATA:
        app = opened(page, dataset=colour, latent_dim=2, family="vae")
        assert [exception.message for exception in app.exception] == [], page
        assert [error.value for error in app.main.error] == [], page
        assert app.sidebar.selectbox(key="dataset").value == colour, page


def test_as_few_images_as_are_allowed_and_as_alike_appear_on_every_page_that_uses_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vae_core.models.sizes.STEPS", 40)
    monkeypatch.setattr("vae_core.models.sizes.FEWEST_EPOCHS", 40)
    one_grey_each = np.repeat(np.linspace(0, 255, own.FEWEST_IMAGES).astype(np.uint8), 64).reshape(-1, 1, 8, 8)
    labels = np.arange(own.FEWEST_IMAGES) % 2
    name = own.keep(own.Prepared(one_grey_each, labels, ("even", "odd"), (), 0, "squares"), "Few")
    d = own_dims(name)[0]
    for family in FAMILIES:
        is_refused = family == "ppca"  # the images span one dimension, which leaves no noise
        with pytest.raises(ValueError, match=r"below the rank of the training images \(1\)") if is_refused else nullcontext():
            Store().train(default_spec(family, name, d), device=CPU)
    for page in PAGES_WITH_DATA:
        app = opened(page, dataset=name, latent_dim=d, family="vae")
        assert [exception.message for exception in app.exception] == [], page
        assert [error.value for error in app.main.error] == [], page


def test_the_archive_holds_the_pictures_the_files_the_numbers_and_the_spec() -> None:
    from pages.own.photograph.controls import Choices
    from pages.own.photograph.view import archive

    x = halves("china")[1][:64, :64]
    found = Choices("china", x, "", "ppca", "patches_8", 12, False)
    result = coded(cached_photographs.model("ppca", "patches_8", 12, None), x)
    files = [at_bits(x, codec, bits(result.rate)) for codec in ("JPEG", "WebP")]
    with zipfile.ZipFile(io.BytesIO(archive(found, result, files))) as packed:
        assert np.array_equal(np.asarray(Image.open(packed.open("original.png"))), x)
        assert np.array_equal(np.asarray(Image.open(packed.open("reconstruction.png"))), result.picture)
        assert packed.read("china.jpeg") == files[0].data
        rows = list(csv.DictReader(io.StringIO(packed.read("numbers.csv").decode())))
        assert [row["bytes"] for row in rows[1:]] == [str(len(file.data)) for file in files]
        assert json.loads(packed.read("spec.json"))["latent_dim"] == 12
