"""A whole grid of VAEs trains in one pass, and after every epoch says where each model is on the plane."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Literal, cast

import numpy as np
import torch

from vae_core import data as datasets
from vae_core.errors import require
from vae_core.explore.means import Mean
from vae_core.explore.rates.frontier import Dot
from vae_core.models.vae import VAESpec
from vae_core.statistics import Z_95
from vae_core.training.grids import specs_of_grid
from vae_core.training.stacked import train_stacked

PARTS = ("rate", "distortion", "rate_error", "elbo_error")
"""What a frame says of each model."""
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
        rate_error: standard error of each mean rate.
        elbo_error: of each mean ELBO, which is that of rate + distortion.
    """

    epoch: int
    n_epochs: int
    seconds: float
    n_images: int
    rate: list[float | None]
    distortion: list[float | None]
    rate_error: list[float | None]
    elbo_error: list[float | None]


def digits_grid(n_epochs: int = 60, seed: int = 0) -> dict:
    """β × d on the digits that come with the program, as a grid that the command line also takes (`sweep`, `ship`)."""
    require(1 <= n_epochs <= 1000, "n_epochs", "be between 1 and 1000", n_epochs)
    fixed = {"dataset": "digits", "network": "mlp", "hidden": [64], "n_epochs": n_epochs, "batch_size": 64, "seed": seed}
    return {"family": "vae", "fixed": fixed, "product": {"latent_dim": list(DIMS), "beta": list(BETAS)}}


def train_grid(specs: Sequence[VAESpec]) -> Iterator[GridFrame]:
    """All models at once, one frame an epoch. Closing the iterator cancels."""
    start, images = time.perf_counter(), datasets.load(specs[0].dataset)
    for event in train_stacked(specs, images, device=torch.device("cpu")):
        models = [event.models.get(spec.fingerprint) for spec in specs]
        terms = {name: [None if model is None else model.test[name] for model in models] for name in ("rate", "distortion")}
        for name in ("rate", "elbo"):
            terms[f"{name}_error"] = [None if model is None else model.standard_errors[name] for model in models]
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
        rate_error: standard error of each mean rate; NaN where none was kept.
        elbo_error: of each sum of rate and distortion, likewise.
    """

    specs: Sequence[VAESpec]
    n_epochs: int
    n_images: int
    rate: np.ndarray
    distortion: np.ndarray
    rate_error: np.ndarray
    elbo_error: np.ndarray

    @property
    def n_done(self) -> int:
        """Epochs that are done."""
        return len(self.rate)

    @property
    def minus_elbo(self) -> np.ndarray:
        """Rate + distortion, (E, M)."""
        return self.rate + self.distortion

    def mean(self, name: Literal["rate", "minus_elbo"], epoch: int, model: int) -> Mean:
        """Of one model after an epoch, from 1, with its 95 % interval if its standard error was kept."""
        values, errors = (self.rate, self.rate_error) if name == "rate" else (self.minus_elbo, self.elbo_error)
        value, error = (float(of_all[epoch - 1, model]) for of_all in (values, errors))
        return Mean(value, None if math.isnan(error) else Z_95 * error, self.n_images)


def sweep_of_frames(specs: Sequence[VAESpec], frames: Iterable[GridFrame]) -> Sweep:
    """A training in one pass, as far as it has come."""
    done = list(frames)
    parts = {name: np.array([getattr(f, name) for f in done], float).reshape(-1, len(specs)) for name in PARTS}
    return Sweep(specs, specs[0].n_epochs, done[0].n_images if done else 0, **parts)


def sweep_of_dots(dots: Sequence[Dot]) -> Sweep:
    """Trainings that were each kept with their history; standard errors are known of the trained models alone."""
    n_epochs = min(len(dot.own.history["rate"]) for dot in dots)
    parts = {name: np.array([dot.own.history[name][:n_epochs] for dot in dots]).T for name in ("rate", "distortion")}
    for name in ("rate", "elbo"):
        errors = np.full_like(parts["rate"], np.nan)
        errors[-1] = np.array([dot.own.metrics[f"{name}_standard_error"] for dot in dots], float)
        parts[f"{name}_error"] = errors
    return Sweep([dot.spec for dot in dots], n_epochs, dots[0].own.metrics["n_images"], **parts)


def to_bytes(frame: GridFrame) -> bytes:
    """A frame as it goes to another process: JSON."""
    return json.dumps(asdict(frame)).encode()


def from_bytes(data: bytes) -> GridFrame:
    """The inverse of `to_bytes`."""
    return GridFrame(**json.loads(data))


def sent_frames(grid_json: str) -> Iterator[bytes]:
    """Every frame of a grid's training, as another process reads it."""
    return map(to_bytes, train_grid(cast(list[VAESpec], specs_of_grid(json.loads(grid_json)))))
