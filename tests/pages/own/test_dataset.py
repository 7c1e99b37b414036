"""*A data set of yours*: uploads, what is made of them, who may, and what every page makes of it."""

from __future__ import annotations

import io
from contextlib import nullcontext

import numpy as np
import pytest
from PIL import Image

from pages.shared.controls import own_dims
from pages.shared.labels import label
from tests.harness import CPU, PAGES_WITH_DATA, assert_answers, opened, pictures, words
from tests.own_folder import FILES, N, blobs, prepared, uploaded, zipped
from vae_core import data as datasets
from vae_core.data import own
from vae_core.data.images import fit_to
from vae_core.identities import own_names
from vae_core.models import default_spec, unlabelled
from vae_core.models.pca import spectrum
from vae_core.store import Store

DATASET = "own/dataset"
pytestmark = pytest.mark.usefixtures("cache")
ZIP = ("class.zip", zipped({**FILES, "class/notes.txt": b"no picture"}), "application/zip")


def test_a_zip_file_of_folders_is_shown_made_and_deleted() -> None:
    app = uploaded(opened(DATASET, dataset="digits", own_size=16), ZIP)
    assert [exception.message for exception in app.exception] == []
    assert "n = 24 images: 19 to train on, 5 to test on. Ada: 12, Ben: 12." in words(app)
    assert len(pictures(app)) == N
    assert "class/notes.txt must be an image" in app.main.text[0].value
    assert own_names() == ()
    app.text_input(key="own_title").set_value("My class").run()
    next(button for button in app.main.button if button.label == "Make the data set").click().run()
    (name,) = own_names()
    assert_answers(app)
    assert app.sidebar.selectbox(key="dataset").value == name
    assert any("19 images of 16×16 in colour" in caption.value for caption in app.sidebar.caption)
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


def test_the_classes_are_shown_before_anything_is_made_at_the_level_that_is_chosen() -> None:
    files = {f"all\\{'train' if k % 3 else 'test'}\\{'B<b>en' if k % 2 else 'Ada'}\\{k}.png": data for k, data in enumerate(FILES.values())}
    app = uploaded(opened(DATASET, dataset="digits", own_size=8), ("class.zip", zipped(files), "application/zip"))
    choice = next(box for box in app.main.selectbox if box.label == "Labels")
    assert choice.options == ["Folder of each image", "Folder 1 from outside", "No labels"]
    assert "2 classes. Ada: 12, B‹b›en: 12." in words(app)
    choice.set_value("Folder 1 from outside").run()
    assert "2 classes. test: 8, train: 16." in words(app)
    assert "to test on. test: 8, train: 16." in words(app)
    next(box for box in app.main.selectbox if box.label == "Labels").set_value("No labels").run()
    assert "classes." not in words(app)
    assert [exception.message for exception in app.exception] == []
    assert own_names() == ()


def test_a_title_is_never_markup() -> None:
    name = own.keep(prepared(), "**![x](http://evil.example/x.png)** $x$")
    app = opened(DATASET, dataset=name)
    assert_answers(app)
    assert "∗∗!(x)(http∶//evil.example/x.png)∗∗ ＄x＄: mean and principal components" in words(app)
    assert not any(letters in words(app) for letters in ("](", "**!", "$x$"))


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
    assert any("Only someone with this server's PIN" in caption.value for caption in app.main.caption)


def test_a_link_to_a_data_set_that_was_deleted_opens_another() -> None:
    app = opened(DATASET, dataset="own-0123abcd")
    assert [exception.message for exception in app.exception] == []
    assert app.sidebar.selectbox(key="dataset").value in ("mnist", "mnist_5k")


def test_a_model_of_ones_own_data_set_is_called_by_its_title_as_long_as_that_is_there() -> None:
    name = own.keep(prepared(), "Holiday")
    spec = default_spec("vae", name, 2)
    assert label(spec) == "VAE of Holiday, d = 2"
    label.cache_clear()
    own.delete(name)
    assert label(spec).startswith(f"VAE of {name}, d = 2")


@pytest.fixture
def colour(monkeypatch: pytest.MonkeyPatch) -> str:
    """A data set of colour images with a trained model of every family at two dimensions."""
    monkeypatch.setattr("vae_core.models.sizes.STEPS", 40)
    monkeypatch.setattr("vae_core.models.sizes.FEWEST_EPOCHS", 40)
    name = own.keep(prepared(size=12), "Colour")
    for family in unlabelled():
        Store().train(default_spec(family, name, 2), device=CPU)
    return name


@pytest.mark.slow
def test_a_data_set_of_ones_own_appears_on_every_page_that_uses_data(colour: str) -> None:
    for page in PAGES_WITH_DATA:
        app = opened(page, dataset=colour, latent_dim=2, family="vae", fit_part="images")
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
    for family in unlabelled():
        is_refused = family == "ppca"  # the images span one dimension, which leaves no noise
        with pytest.raises(ValueError, match=r"below the rank of the training images \(1\)") if is_refused else nullcontext():
            Store().train(default_spec(family, name, d), device=CPU)
    for page in PAGES_WITH_DATA:
        app = opened(page, dataset=name, latent_dim=d, family="vae")
        assert [exception.message for exception in app.exception] == [], page
        assert [error.value for error in app.main.error] == [], page
