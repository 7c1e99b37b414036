"""Snapshots of a training: which epochs, what comes back from their files, and those that came with the program."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.harness import tiny_spec
from vae_core import data as datasets
from vae_core.explore.reconstructions import reconstructions, sse_per_image
from vae_core.explore.training import points_film_figure, training_film
from vae_core.explore.training import training_figure as figures
from vae_core.models import FAMILIES, build, default_spec
from vae_core.specs import TrainedSpec
from vae_core.store import Store

TOYS = datasets.offered(datasets.Points)
BUNDLED = ("digits", "mnist_5k", "faces_25", "patches_8", "patches_16", "moons")
"""The data sets that are always there."""
LITTLE = 1.03
"""Times the error of patches of 16 × 16 falls at d = 2 from epoch 1 on: two numbers say little of them, and the page says so."""


@pytest.fixture(autouse=True)
def local(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Store:
    """A store of its own for each test; shipped models are found beside it."""
    monkeypatch.setenv("VAE_EXPLORER_CHECKPOINTS", str(tmp_path))
    return Store()


@pytest.mark.parametrize("n_epochs", [1, 2, 7, 20, 200, 1000])
def test_about_twenty_epochs_are_kept_the_last_among_them(n_epochs: int) -> None:
    epochs = training_film.film_epochs(n_epochs)
    assert epochs[0] == 1 and epochs[-1] == n_epochs
    assert len(epochs) == len(set(epochs)) <= 21
    assert n_epochs < 200 or len(epochs) >= 18


@pytest.mark.parametrize("family", FAMILIES)
def test_a_snapshot_comes_back_from_its_file(family: str, tiny_store: Store, local: Store) -> None:
    for d in (2, 5):
        spec = tiny_spec(family, d)
        taken = training_film.snapshot(tiny_store.load(spec), datasets.load("digits"), 3)
        training_film.save(spec, local, taken)
        (back,) = training_film.load(spec, local)
        assert back.epoch == 3 and back.reconstructions.dtype == np.uint8
        assert np.array_equal(back.sse, taken.sse)
        assert np.array_equal(back.reconstructions, taken.reconstructions)
        assert (back.manifold is None) == (d != 2)
        assert d != 2 or (np.array_equal(back.manifold, taken.manifold) and back.manifold.shape == (12, 12, 1, 8, 8))


@pytest.mark.parametrize("dataset", ["moons", "swiss_roll"])
def test_a_snapshot_of_points_comes_back_and_is_drawn_where_they_are(dataset: str, local: Store) -> None:
    spec, points = replace(default_spec("vae", dataset, 2), n_epochs=1), datasets.load(dataset)  # that no film came with
    taken = training_film.snapshot(build(spec), points, 1)
    training_film.save(spec, local, taken)
    (back,) = training_film.load(spec, local)
    assert np.array_equal(back.reconstructions, taken.reconstructions) and np.array_equal(back.manifold, taken.manifold)
    assert back.manifold.shape == (33, 33, points.shape[0])
    x = points.test.x[list(back.indices)]
    drawn = np.asarray(points_film_figure.picture(x, x, None, theme="light"))
    reach = points_film_figure.ROOM * np.abs(points_film_figure.flat(x)).max()
    at = np.round((1 + points_film_figure.flat(x) * [1, -1] / reach) * points_film_figure.SIDE / 2).astype(int)
    assert (drawn[at[:, 1], at[:, 0]] != 255).any(1).mean() > 0.98  # a dot where each point is, upwards as its coordinate is


@pytest.mark.parametrize("damaged", [lambda data: b"PK", lambda data: b"", lambda data: data[: len(data) // 2]])
def test_a_damaged_snapshot_is_left_out(damaged: Callable[[bytes], bytes], tiny_store: Store, local: Store) -> None:
    spec = tiny_spec("vae")
    taken = training_film.snapshot(tiny_store.load(spec), datasets.load("digits"), 3)
    training_film.save(spec, local, taken)
    folder = training_film.film_folder(spec, local)
    (folder / "after-000002.npz").write_bytes(damaged((folder / "after-000003.npz").read_bytes()))
    assert [shot.epoch for shot in training_film.load(spec, local)] == [3]


def test_a_snapshot_with_any_byte_changed_is_read_or_left_out(tiny_store: Store, local: Store) -> None:
    spec = tiny_spec("vae")
    training_film.save(spec, local, training_film.snapshot(tiny_store.load(spec), datasets.load("digits"), 3))
    (path,) = training_film.files(spec, local)
    whole = path.read_bytes()
    for k in range(300):
        changed = bytearray(whole)
        changed[k * len(whole) // 300] ^= 0x5A
        path.write_bytes(changed)
        assert len(training_film.load(spec, local)) <= 1


def test_every_film_that_came_with_the_program_is_whole_and_of_a_model_that_learns() -> None:
    filmed = training_film.filmed(Store(local=Path("nowhere")))
    assert filmed
    for spec in filmed:
        film = training_film.load(spec, Store())
        assert tuple(shot.epoch for shot in film) == training_film.film_epochs(spec.n_epochs)
        assert film[0].sse.mean() > (LITTLE if spec.dataset == "patches_16" else 1.1) * film[-1].sse.mean()


@pytest.mark.parametrize("dataset", TOYS)
def test_every_law_of_points_has_a_film_of_its_plane_that_weighs_little(dataset: str) -> None:
    (spec,) = (spec for spec in training_film.filmed(Store(local=Path("nowhere"))) if spec.dataset == dataset and spec.latent_dim == 2)
    assert sum(path.stat().st_size for path in training_film.film_folder(spec, Store()).iterdir()) <= 300_000
    film = training_film.load(spec, Store())
    assert all(shot.manifold is not None for shot in film) and film[-1].sse.mean() < 0.6 * film[0].sse.mean()


def test_snapshots_never_go_over_those_that_came_with_the_program(tiny_store: Store, store: Store) -> None:
    spec = tiny_spec("vae")
    taken = training_film.snapshot(tiny_store.load(spec), datasets.load("digits"), 1)
    training_film.save(spec, store, taken)
    shipped = store.shipped / f"{spec.fingerprint}.film"
    shutil.move(store.local / shipped.name, shipped)
    before = {path.name: path.read_bytes() for path in shipped.iterdir()}
    training_film.save(spec, store, replace(taken, epoch=2))
    assert {path.name: path.read_bytes() for path in shipped.iterdir()} == before
    assert [path.name for path in (store.local / shipped.name).glob("*.npz")] == ["after-000002.npz"]
    assert [shot.epoch for shot in training_film.load(spec, store)] == [1]


def test_a_snapshot_names_its_images_and_one_that_does_not_is_left_out(tiny_store: Store, local: Store) -> None:
    spec, images = tiny_spec("vae"), datasets.load("digits")
    model = tiny_store.load(spec)
    training_film.save(spec, local, training_film.snapshot(model, images, 3))
    (shot,) = training_film.load(spec, local)
    x = images.test.x[list(shot.indices)]
    x_hat = reconstructions(model, x)
    assert shot.reconstructions / 255 == pytest.approx(x_hat.clip(0, 1), abs=0.5 / 63 + 0.5 / 255)
    table = figures.snapshot_table(images.test.x, shot.indices, shot.reconstructions, shot.sse, shot.epoch)
    assert [head.line for head in table.heads] == [f"#{i}" for i in shot.indices]
    assert [tile.caption for tile in table.rows[1]] == [f"{value:.1f}" for value in ((x / 255 - x_hat) ** 2).sum((1, 2, 3))]
    (path,) = training_film.files(spec, local)
    with np.load(path) as arrays:
        kept = {name: arrays[name] for name in ("reconstructions", "sse")}
    np.savez(path, **kept)
    assert training_film.load(spec, local) == []
    assert training_film.latest(spec, local) is None


def shipped_films() -> list[object]:
    """The specs of those whose model came with the program, too; of images that must be fetched, where they are."""
    specs = [spec for spec in training_film.filmed(Store(local=Path("nowhere"))) if spec in Store()]
    return [pytest.param(s, id=f"{s.dataset}-{s.latent_dim}", marks=[pytest.mark.data] * (s.dataset not in BUNDLED)) for s in specs]


@pytest.mark.parametrize("spec", shipped_films())
def test_the_last_picture_of_a_shipped_film_is_much_like_what_the_shipped_model_draws(spec: TrainedSpec) -> None:
    """It is another run of the spec: where processors sum in another order, two runs end at other weights."""
    first, *_, last = training_film.load(spec, Store())
    x = datasets.load(spec.dataset).test.x[list(last.indices)]
    model = Store().load(spec)
    far = [np.abs(shot.reconstructions / 255 - reconstructions(model, x)).mean() for shot in (last, first)]
    assert far[0] < 0.3 * far[1]
    assert last.sse.mean() == pytest.approx(sse_per_image(model, x).mean(), rel=0.2)


@pytest.mark.parametrize("dataset", BUNDLED)
def test_every_data_set_that_is_always_there_has_a_film_of_its_plane_that_weighs_little(dataset: str) -> None:
    spec = default_spec("vae", dataset, 2)
    assert training_film.is_shipped(spec, Store())
    assert sum(path.stat().st_size for path in training_film.film_folder(spec, Store()).iterdir()) <= 300_000
    assert all(shot.manifold is not None for shot in training_film.load(spec, Store()))
