"""Data sets by name: what each holds, and what is refused."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from vae_core import data as datasets
from vae_core.data import bundled
from vae_core.identities import DATASETS, DatasetIdentity
from vae_core.models import default_spec, unlabelled

GIVEN = Path(os.environ.get("VAE_EXPLORER_DATA") or "nowhere").resolve()
LARGE = {"mnist": (10_000, 10), "frey_faces": (365, None), "olivetti_faces": (80, 40)}

needs_data = pytest.mark.skipif(
    not all((GIVEN / name).is_dir() for name in LARGE),
    reason="set VAE_EXPLORER_DATA to a folder with mnist/, frey_faces/, olivetti_faces/",
)


@pytest.fixture
def nothing_cached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, so that nothing but VAE_EXPLORER_DATA can have given a file."""
    monkeypatch.setenv("VAE_EXPLORER_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def own_folder(tmp_path: Path, nothing_cached: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of data of the test's own."""
    monkeypatch.setenv("VAE_EXPLORER_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def test_there_is_a_data_set_for_every_name_that_a_spec_takes() -> None:
    assert tuple(DATASETS) == datasets.NAMES


@pytest.mark.parametrize("name", datasets.NAMES)
def test_what_a_data_set_declares_of_itself_fits_its_identity(name: str) -> None:
    recipe, identity = datasets.recipe_of(name), DATASETS[name]
    assert recipe.name == name
    assert (recipe.kind is datasets.Images) == identity.is_images
    assert all(0 < d <= identity.n_features for d in recipe.usual_dims)
    assert recipe.frame.box is None or recipe.frame.box <= min(identity.shape[1:])
    for family in unlabelled():
        for network in ("linear", "mlp", "conv") if identity.is_images else ("linear", "mlp"):
            assert default_spec(family, name, 1, network).dataset == name


@pytest.mark.parametrize("name", ["digits", "mnist_5k", "faces_25", "patches_16", "ring", "spiral", "moons", "swiss_roll"])
def test_a_data_set_declares_how_many_labels_it_has(name: str) -> None:
    for split in (datasets.load(name).train, datasets.load(name).test):
        n_classes = 0 if split.labels is None else len(np.unique(split.labels))
        assert datasets.recipe_of(name).n_classes == n_classes


def test_data_sets_are_offered_in_the_order_of_their_places() -> None:
    images = ("mnist", "mnist_5k", "fashion_mnist", "frey_faces", "olivetti_faces", "faces_25", "digits", "patches_8", "patches_16")
    assert datasets.offered() == images
    assert datasets.offered(datasets.Points) == ("spiral", "moons", "ring", "swiss_roll")


def test_an_unknown_name_is_refused_with_the_names_that_there_are() -> None:
    for function in (datasets.load, datasets.fetch, datasets.available, datasets.info, datasets.download_size):
        with pytest.raises(ValueError, match=r"^dataset must be one of mnist, digits, .*swiss_roll, got 'minst'$"):
            function("minst")


@pytest.mark.parametrize("name", datasets.NAMES)
def test_every_data_set_says_where_it_comes_from_and_under_what_terms(name: str) -> None:
    info = datasets.info(name)
    assert all(len(text) > 2 for text in (info.title, info.source, info.licence, info.split))
    assert info.split.endswith(".")


def test_only_published_files_have_a_download_size() -> None:
    sizes = {name: datasets.download_size(name) for name in datasets.NAMES}
    assert sizes["mnist"] == 11_594_722
    assert {name for name, size in sizes.items() if size} == {"mnist", "fashion_mnist", "frey_faces", "olivetti_faces"}


def test_digits_are_there_without_a_file_and_split_by_every_fifth() -> None:
    from sklearn.datasets import load_digits

    digits, bundled = datasets.load("digits"), load_digits()
    assert datasets.available("digits")
    assert digits.train.x.shape == (1438, 1, 8, 8)
    assert digits.test.x.shape == (359, 1, 8, 8)
    assert np.array_equal(digits.test.x[:, 0], np.round(bundled.images[4::5] * 255 / 16))
    assert np.array_equal(digits.test.labels, bundled.target[4::5])
    assert digits.train.x.max() == 255


@pytest.mark.parametrize(
    ("name", "n_of_each", "digest"),
    [
        ("mnist_5k", [500] * 10, "41b7b0a9d94690a3a2f54a1d01a9f1cc1b9512e3954fb737ad5ed9f66972403d"),
        ("faces_25", [100] * 2, None),
    ],
)
def test_images_that_packages_bring_along_are_the_published_ones_of_which_every_fifth_is_a_test_image(
    name: str, n_of_each: list[int], digest: str | None, nothing_cached: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VAE_EXPLORER_DATA", raising=False)
    assert datasets.available(name)
    images, identity, n = datasets.load(name), DATASETS[name], sum(n_of_each)
    assert images.train.x.shape == (identity.n_train, *identity.shape)
    assert images.test.x.shape == (n - identity.n_train, *identity.shape)
    is_test = np.arange(n) % 5 == 0
    x, labels = np.empty((n, *identity.shape), np.uint8), np.empty(n, np.int64)
    for split, rows in ((images.train, ~is_test), (images.test, is_test)):
        x[rows], labels[rows] = split.x, split.labels
    assert hashlib.sha256(x.tobytes()).hexdigest() == identity.content  # as published, in the published order
    assert np.array_equal(labels, np.repeat(np.arange(len(n_of_each)), n_of_each))
    assert digest is None or hashlib.sha256(labels.astype(np.uint8).tobytes()).hexdigest() == digest
    assert not nothing_cached.exists()


def test_the_hundred_small_faces_vary_as_much_as_they_are_known_to() -> None:
    faces = [split.x[split.labels == 0] for split in (datasets.load("faces_25").train, datasets.load("faces_25").test)]
    assert float((np.concatenate(faces) / 255).reshape(100, -1).var(0).sum()) == pytest.approx(21.34061, abs=5e-6)


def test_a_package_that_brings_other_images_or_none_is_named_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(datasets.DatasetUnavailable, match=r"^data/none\.csv must come with mlxtend, .*: install requirements\.txt again$"):
        bundled.bundled_file("mlxtend", "data/none.csv")
    with pytest.raises(datasets.DatasetUnavailable, match="must come with no_such_package"):
        bundled.bundled_file("no_such_package", "data/none.csv")
    monkeypatch.setitem(DATASETS, "faces_25", DatasetIdentity((1, 25, 25), 160, "0" * 64))
    with pytest.raises(datasets.FileRefused, match=r"^faces_25 must be .* that scikit-image publishes.*: install scikit-image again$"):
        datasets.load("faces_25")


def test_reading_images_of_a_package_imports_nothing_that_plots() -> None:
    line = "import sys; from vae_core import data; data.load('mnist_5k'); data.load('faces_25'); sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", line], check=False).returncode == 0


def test_the_arrays_of_a_data_set_cannot_be_written_to() -> None:
    digits = datasets.load("digits")
    for array in (digits.train.x, digits.train.labels, digits.test.x, digits.test.labels):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_a_part_is_had_by_name_and_no_other_name() -> None:
    digits = datasets.load("digits")
    assert digits.split("test") is digits.test
    with pytest.raises(ValueError, match="split must be train or test, got 'validation'"):
        digits.split("validation")


def test_the_images_that_are_shown_are_spread_over_all(nothing_cached: Path) -> None:
    part = datasets.Split(np.zeros((10, 1, 2, 2), np.uint8), None)
    assert part.spread(4) == (0, 3, 6, 9)
    assert part.spread(1) == (0,)
    assert part.spread(30) == tuple(range(10))
    patches = datasets.load("patches_16").test
    first, shown = (patches.x[list(chosen)].mean((1, 2, 3)).std() for chosen in (range(8), patches.spread(8)))
    assert first < 5 < 40 < shown  # of 255: the first are of one sky


def test_fashion_mnist_is_pinned_by_the_same_archives_as_its_specs() -> None:
    images = [file.hash for file in datasets.recipe_of("fashion_mnist").files if "images" in file.name]
    assert DATASETS["fashion_mnist"].content == "md5:" + "+".join(md5.removeprefix("md5:") for md5 in images)


def test_importing_reads_no_environment_and_no_network() -> None:
    line = "import os; os.environ.clear(); import vae_core.data, sys; sys.exit('requests' in sys.modules or 'torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", line], check=False).returncode == 0


@needs_data
@pytest.mark.data
@pytest.mark.parametrize("name", LARGE)
def test_a_large_data_set_has_its_published_content(name: str, nothing_cached: Path) -> None:
    assert datasets.available(name)
    images, (n_test, n_labels) = datasets.load(name), LARGE[name]
    identity = DATASETS[name]
    assert isinstance(images, datasets.Images)
    assert images.train.x.dtype == np.uint8
    assert images.train.x.shape == (identity.n_train, *identity.shape)
    assert images.test.x.shape == (n_test, *identity.shape)
    for split in (images.train, images.test):
        assert not split.x.flags.writeable
        assert (split.labels is None) if n_labels is None else (np.array_equal(np.unique(split.labels), np.arange(n_labels)))
    assert not nothing_cached.exists()


@needs_data
@pytest.mark.data
def test_mnist_holds_the_bytes_that_its_specs_are_pinned_to(nothing_cached: Path) -> None:
    mnist = datasets.load("mnist")
    assert hashlib.sha256(mnist.train.x.tobytes() + mnist.test.x.tobytes()).hexdigest() == DATASETS["mnist"].content
    assert mnist.train.labels[:5].tolist() == [5, 0, 4, 1, 9]


@needs_data
@pytest.mark.data
def test_frey_faces_are_split_in_time_and_olivetti_faces_by_person(nothing_cached: Path) -> None:
    with np.load(GIVEN / "frey_faces" / "frey_faces.npz") as file:
        frey = file["images"]
    with np.load(GIVEN / "olivetti_faces" / "olivetti_faces.npz") as file:
        olivetti = file["images"].reshape(40, 10, 64, 64)
    assert np.array_equal(datasets.load("frey_faces").test.x[:, 0], frey[1600:])
    loaded = datasets.load("olivetti_faces")
    assert np.array_equal(loaded.test.x.reshape(40, 2, 64, 64), olivetti[:, 8:])
    assert np.array_equal(loaded.train.labels, np.repeat(np.arange(40), 8))


@needs_data
@pytest.mark.data
def test_the_matlab_files_give_the_same_images_as_the_npz_files(own_folder: Path) -> None:
    from scipy.io import savemat

    with np.load(GIVEN / "frey_faces" / "frey_faces.npz") as file:
        frey = file["images"]
    with np.load(GIVEN / "olivetti_faces" / "olivetti_faces.npz") as file:
        olivetti = file["images"]
    for name in ("frey_faces", "olivetti_faces"):
        (own_folder / name).mkdir(parents=True)
    savemat(own_folder / "frey_faces" / "frey_rawface.mat", {"ff": frey.reshape(1965, 560).T})
    savemat(own_folder / "olivetti_faces" / "olivettifaces.mat", {"faces": olivetti.transpose(0, 2, 1).reshape(400, 4096).T})
    assert np.array_equal(datasets.load("frey_faces").train.x[:, 0], frey[:1600])
    assert np.array_equal(datasets.load("olivetti_faces").train.x[:8, 0], olivetti[:8])


@needs_data
@pytest.mark.data
@pytest.mark.parametrize("damage", ["truncated", "swapped", "changed", "foreign"])
def test_a_damaged_file_is_refused_by_name_and_left_where_it_is(damage: str, own_folder: Path, nothing_cached: Path) -> None:
    (own_folder / "mnist").mkdir(parents=True)
    for path in (GIVEN / "mnist").iterdir():
        (own_folder / "mnist" / path.name).symlink_to(path)
    path = own_folder / "mnist" / "t10k-images-idx3-ubyte.gz"
    sound = path.read_bytes()
    other = (GIVEN / "mnist" / "t10k-labels-idx1-ubyte.gz").read_bytes()
    damaged = {"truncated": sound[:-1000], "swapped": other, "changed": sound[:-5000] + b"x" + sound[-4999:], "foreign": b"<html>"}
    path.unlink()
    path.write_bytes(damaged[damage])
    with pytest.raises(datasets.FileRefused, match=r"t10k-images-idx3-ubyte\.gz must hold the published .*: replace it, or remove it$"):
        datasets.load("mnist")
    assert path.read_bytes() == damaged[damage]
    assert not nothing_cached.exists()


@needs_data
@pytest.mark.data
def test_uncompressed_files_are_taken_as_well(own_folder: Path) -> None:
    import gzip

    (own_folder / "mnist").mkdir(parents=True)
    for path in (GIVEN / "mnist").iterdir():
        (own_folder / "mnist" / path.stem).write_bytes(gzip.decompress(path.read_bytes()))
    assert datasets.available("mnist")
    assert len(datasets.load("mnist").train) == 60_000
