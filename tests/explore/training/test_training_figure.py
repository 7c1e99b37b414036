"""Figures of a training: its film and its curves."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness import tiny_spec
from vae_core import data as datasets
from vae_core.explore.training import training_figure as figures
from vae_core.explore.training import training_film
from vae_core.explore.training import training_film_figure as film_figures
from vae_core.store import Store


@pytest.fixture(autouse=True)
def local(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Store:
    """A store of its own for each test; shipped models are found beside it."""
    monkeypatch.setenv("VAE_EXPLORER_CHECKPOINTS", str(tmp_path))
    return Store()


def test_the_film_is_small_and_its_gif_moves(tiny_store: Store) -> None:
    from io import BytesIO

    from PIL import Image

    images = datasets.load("digits")
    shots = [training_film.snapshot(tiny_store.load(tiny_spec(family)), images, k) for k, family in enumerate(("pca", "vae"), 1)]
    arguments = (images.test.x[list(shots[0].indices)], [1, 2], [s.reconstructions for s in shots], [s.manifold for s in shots])
    assert len(film_figures.film(*arguments, ["a", "b"], 2)) < 60_000
    gif = Image.open(BytesIO(film_figures.film_gif(*arguments)))
    assert gif.n_frames == 2


def test_the_curves_are_the_history(tiny_store: Store) -> None:
    history = tiny_store.find(tiny_spec("vae")).history
    figure = figures.learning_curves(history, family="vae", z_free=26.8, rate=1.0, at=2).figure()
    drawn = {(trace.name, trace.yaxis): list(trace.y) for trace in figure.data}
    assert drawn[("test images", "y")] == [epoch["test"]["distortion"] for epoch in history]
    assert drawn[("train images", "y2")] == [epoch["train"]["rate"] for epoch in history]
    assert drawn[("test images", "y3")] == pytest.approx([-e["test"]["distortion"] - e["test"]["rate"] for e in history])
    assert drawn[("best without z", "y3")] == [-26.8, -26.8]
    deterministic = figures.learning_curves(tiny_store.find(tiny_spec("autoencoder")).history, family="autoencoder")
    assert {trace["yaxis"] for trace in deterministic.data} == {"y"}
