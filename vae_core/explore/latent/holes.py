"""What a decoder draws where no code lies, beside what it draws where codes lie: whether it is read, and how far it is from the data."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np

from vae_core.explore.confidence import CONFIDENT
from vae_core.explore.latent import nearness
from vae_core.explore.latent.nearness import MOST_IMAGES, nearest_sse
from vae_core.explore.manifolds import ManifoldGrid
from vae_core.explore.number_files import add_rows, measured_by, name_of, read_rows, rounded
from vae_core.models.classifier import Classifier
from vae_core.store import SHIPPED as FOLDER
from vae_core.store.checkpoints import Checkpoint

SHIPPED = FOLDER / "holes.json"
"""Of shipped models with two latent dimensions, so that a first sight need not measure them; written by `benchmarks/grid_holes.py`."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """Some of the images of a grid.

    Attributes:
        n: how many.
        n_read: of them, those that the classifier reads with a probability of at least `CONFIDENT`; None without a classifier.
        sse: squared error to the nearest training image, summed over pixels, mean over them; None where there are none.
    """

    n: int
    n_read: int | None
    sse: float | None


@dataclass(frozen=True, slots=True)
class Holes:
    """What a grid shows in its cells without a code, and in those with codes.

    Attributes:
        empty: without.
        inhabited: with.
        n_searched: training images among which the nearest was sought.
    """

    empty: Drawn
    inhabited: Drawn
    n_searched: int


def holes(grid: ManifoldGrid, train_x: np.ndarray, classifier: Classifier | None) -> Holes | None:
    """Both kinds of cells of a grid, as they are shown: what lies outside of [0, 1] is black or white. None for a grid without codes.

    Args:
        grid: of a model.
        train_x: its training images as bytes, (N, C, H, W).
        classifier: of the data set, if it has one.
    """
    if grid.is_empty is None:
        return None
    images, is_empty = grid.images.reshape(-1, *train_x.shape[1:]).clip(0, 1), grid.is_empty.ravel()
    sse = nearest_sse(images, train_x)
    is_read = None if classifier is None else classifier.read(images).confidence >= CONFIDENT
    return Holes(_drawn(is_empty, is_read, sse), _drawn(~is_empty, is_read, sse), min(MOST_IMAGES, len(train_x)))


def plane_of(n: int, extent: float) -> str:
    """By what a plane of both dimensions is kept: images per side at equal steps, and how far it reaches in standard deviations."""
    return f"{n} {extent:g}"


def model_name(model: Checkpoint, classifier: Classifier | None) -> str:
    """By what a model's planes are kept: its weights, the classifier of its data set, and how holes are measured now."""
    return name_of(model, classifier, how_measured())


def how_measured() -> str:
    """What stands for the numbers by which holes are measured."""
    return measured_by(sys.modules[__name__], nearness)


def read(path: Path = SHIPPED) -> dict[str, dict[str, Holes]]:
    """What a file holds, by model and plane; nothing if there is no such file."""
    return {
        name: {plane: Holes(Drawn(*empty), Drawn(*inhabited), n) for plane, (empty, inhabited, n) in planes.items()}
        for name, planes in read_rows(path).items()
    }


def add(path: Path, measured: Mapping[str, Mapping[str, Holes]]) -> None:
    """Put models into a file, a line each, beside what it holds that was measured alike."""
    rows = {name: {plane: rounded(_row(one)) for plane, one in planes.items()} for name, planes in measured.items()}
    add_rows(path, rows, how=how_measured())


def _row(one: Holes) -> list:
    return [list(astuple(one.empty)), list(astuple(one.inhabited)), one.n_searched]


def _drawn(cells: np.ndarray, is_read: np.ndarray | None, sse: np.ndarray) -> Drawn:
    n_read = None if is_read is None else int(is_read[cells].sum())
    return Drawn(int(cells.sum()), n_read, float(sse[cells].mean()) if cells.any() else None)


def in_words(models: Mapping[str, Holes]) -> str:
    """What models draw where no code lies, by the names that they have on the page: read or not, else how far off. Empty without holes."""
    with_holes = {name: one.empty for name, one in models.items() if one.empty.n}
    if not with_holes:
        return ""
    inhabited = {name: one.inhabited for name, one in models.items() if one.inhabited.n}
    if any(one.empty.n_read is None for one in models.values()):
        begins, ends, figure = "In empty cells the mean squared error to the nearest training image is", "", _far_off
    else:
        begins, ends, figure = "In empty cells the classifier is sure of", " images", _read
    empty, others = (_listed(of, figure) for of in (with_holes, inhabited))
    return f"{begins} **{empty}**{ends}{f'; in the other cells {others}' if others else ''}."


def distances_in_words(models: Mapping[str, Holes]) -> str:
    """How far what models draw is from the nearest training image, on average: in empty cells, in the others."""
    listed = "; ".join(f"{name} {_far_off(one.empty)} and {_far_off(one.inhabited)}" for name, one in models.items())
    (n, *_) = {one.n_searched for one in models.values()}
    return f"Mean squared error to the nearest of {n:,} training images, in empty cells and in the others: {listed}."


def _listed(of: Mapping[str, Drawn], figure: Callable[[Drawn], str]) -> str:
    return ", ".join(f"{name} {figure(drawn)}" for name, drawn in of.items())


def _read(drawn: Drawn) -> str:
    return f"{drawn.n_read} of {drawn.n}"


def _far_off(drawn: Drawn) -> str:
    return "none" if drawn.sse is None else f"{drawn.sse:.1f}"
