"""A whole grid of VAEs trains in one pass, and after every epoch says where each model is on the plane."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import cast

import numpy as np
import torch

from vae_core import data as datasets
from vae_core.errors import require
from vae_core.explore.rates.frontier import Dot
from vae_core.models.vae import VAESpec
from vae_core.training.grids import specs_of_grid
from vae_core.training.stacked import train_stacked

BETAS, DIMS = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0), (2, 4, 8, 16, 32)


@dataclass(frozen=True, slots=True)
class GridFrame:
    """A grid after an epoch.

    Attributes:
        epoch: how many epochs are done.
        n_epochs: of how many.
        seconds: since the training began.
        n_images: test images that the means are over.
        rate: of each model in the order of the grid, mean over the test images, nats; None for one whose loss is not finite.
        distortion: likewise.
    """

    epoch: int
    n_epochs: int
    seconds: float
    n_images: int
    rate: list[float | None]
    distortion: list[float | None]


def digits_grid(n_epochs: int = 60, seed: int = 0) -> dict:
    """β × d on the digits that come with the program, as a grid that the command line also takes (`sweep`, `ship`)."""
    require(1 <= n_epochs <= 1000, "n_epochs", "be between 1 and 1000", n_epochs)
    fixed = {"dataset": "digits", "network": "mlp", "hidden": [64], "n_epochs": n_epochs, "batch_size": 64, "seed": seed}
    return {"family": "vae", "fixed": fixed, "product": {"latent_dim": list(DIMS), "beta": list(BETAS)}}


def train_grid(specs: Sequence[VAESpec]) -> Iterator[GridFrame]:
    """All models at once, one frame an epoch. Closing the iterator cancels."""
    start, images = time.perf_counter(), datasets.load(specs[0].dataset)
    for event in train_stacked(specs, images, device=torch.device("cpu")):
        tests = [event.models[spec.fingerprint].test if spec.fingerprint in event.models else {} for spec in specs]
        terms = {name: [test.get(name) for test in tests] for name in ("rate", "distortion")}
        yield GridFrame(event.epoch, event.n_epochs, time.perf_counter() - start, len(images.test), **terms)


@dataclass(frozen=True, slots=True, eq=False)
class Sweep:
    """Where each model of a grid was on the plane after each epoch, on the test images; NaN where its training had ended in no number.

    Attributes:
        specs: M models.
        n_epochs: of the whole training.
        n_images: test images; 0 before the first epoch.
        rate: nats, (E, M) for the E epochs that are done.
        distortion: likewise.
    """

    specs: Sequence[VAESpec]
    n_epochs: int
    n_images: int
    rate: np.ndarray
    distortion: np.ndarray

    @property
    def n_done(self) -> int:
        """Epochs that are done."""
        return len(self.rate)


def sweep_of_frames(specs: Sequence[VAESpec], frames: Iterable[GridFrame]) -> Sweep:
    """A training in one pass, as far as it has come."""
    done = list(frames)
    rate, distortion = (np.array([getattr(f, name) for f in done], float).reshape(-1, len(specs)) for name in ("rate", "distortion"))
    return Sweep(specs, specs[0].n_epochs, done[0].n_images if done else 0, rate, distortion)


def sweep_of_dots(dots: Sequence[Dot]) -> Sweep:
    """Trainings that were each kept with their history: those whose weights are here."""
    n_epochs = min(len(dot.own.history["rate"]) for dot in dots)
    rate, distortion = (np.array([dot.own.history[name][:n_epochs] for dot in dots]).T for name in ("rate", "distortion"))
    return Sweep([dot.spec for dot in dots], n_epochs, dots[0].own.metrics["n_images"], rate, distortion)


def to_bytes(frame: GridFrame) -> bytes:
    """A frame as it goes to another process: JSON."""
    return json.dumps(asdict(frame)).encode()


def from_bytes(data: bytes) -> GridFrame:
    """The inverse of `to_bytes`."""
    return GridFrame(**json.loads(data))


def sent_frames(grid_json: str) -> Iterator[bytes]:
    """Every frame of a grid's training, as another process reads it."""
    return map(to_bytes, train_grid(cast(list[VAESpec], specs_of_grid(json.loads(grid_json)))))
