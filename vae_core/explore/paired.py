"""Two models on the same images: the mean of their difference image by image, whose interval is narrower than those of the two means."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import numpy as np

from vae_core.data import Dataset
from vae_core.evaluation import as_observed, elbo_per_image
from vae_core.explore.means import Mean
from vae_core.explore.number_files import add_rows, read_rows, rounded
from vae_core.explore.reconstructions import sse_per_image
from vae_core.models import LatentModel
from vae_core.store import SHIPPED as FOLDER
from vae_core.store.checkpoints import Checkpoint

SHIPPED = FOLDER / "paired.json"
"""Differences of shipped models, so that they are known where the images are not; written by `benchmarks/paired_differences.py`."""

Figure = Literal["sse", "elbo", "rate", "distortion"]


def figure_per_image(model: LatentModel, images: Dataset, figure: Figure) -> np.ndarray:
    """SSE, ELBO or one of its parts of every test image, as an evaluation has it, (N,)."""
    if figure == "sse":
        return sse_per_image(model, images.test.x, images.test.labels)
    return getattr(elbo_per_image(model, as_observed(model, images.test.x), images.test.labels), figure).numpy()


def name_of(figure: Figure, one: Checkpoint, other: Checkpoint) -> str:
    """By what the difference of two models' figure is kept: their weights."""
    return f"{figure} {one.weights_sha256[:16]} {other.weights_sha256[:16]}"


def known(kept: Mapping[str, Mean], figure: Figure, one: Checkpoint, other: Checkpoint) -> Mean | None:
    """The mean of (one − other) as far as it is kept, in whichever order."""
    if (straight := kept.get(name_of(figure, one, other))) is not None:
        return straight
    reverse = kept.get(name_of(figure, other, one))
    return None if reverse is None else -reverse


def read(path: Path = SHIPPED) -> dict[str, Mean]:
    """What a file holds; nothing if there is no such file."""
    return {name: Mean(*row) for name, row in read_rows(path).items()}


def add(path: Path, differences: Mapping[str, Mean]) -> None:
    """Put differences into a file, a line each, beside what it holds."""
    add_rows(path, {name: rounded([mean.value, mean.half_width, mean.n]) for name, mean in differences.items()})
