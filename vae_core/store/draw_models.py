"""Trained DRAW models, which lie beside the models: found by data set and number of steps, verified when read, trained once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch

from vae_core import data as datasets
from vae_core.bounds import draw_bound
from vae_core.data.base import Dataset
from vae_core.evaluation import binarised
from vae_core.models.draw import Draw, DrawSpec
from vae_core.passes import NOISE_SEED
from vae_core.statistics import standard_error
from vae_core.store import checkpoints, companions
from vae_core.store.companions import folder_in
from vae_core.store.store import Store
from vae_core.training.draw import draw_terms, fit_draw
from vae_core.training.events import EpochDone

N_SAMPLES = 100
"""k of the importance-weighted bound that is kept beside a model."""


def draw_model(spec: DrawSpec, store: Store | None = None) -> Draw | None:
    """A trained DRAW model, on the CPU, without gradients; None where it is not trained.

    Raises:
        DamagedCompanion: if its files are not what was saved.
    """
    folder = folder_in(store or Store(), spec)
    return None if folder is None else read(folder, spec)[0]


def read(folder: Path, spec: DrawSpec) -> tuple[Draw, dict[str, Any]]:
    """The model in a folder, and its figures on the test images.

    Raises:
        DamagedCompanion: if its files are not what was saved.
    """
    model = Draw(spec)
    return model, companions.read(model, folder, spec.kind)


def training(spec: DrawSpec, store: Store, *, device: torch.device, ship: bool = False) -> Iterator[EpochDone]:
    """Train a DRAW model, and keep it as float16, with its figures after rounding on every test image.

    Nothing where another process trained it while this one waited.

    Args:
        spec: what to train.
        store: whose folders it is kept in.
        device: where to train.
        ship: put it among what comes with the program.

    Raises:
        TrainingDiverged: if a loss is not finite.
        DatasetUnavailable: if the data set is found nowhere.
    """
    images, model = datasets.load(spec.dataset), Draw(spec)

    def rounded(_: object) -> dict[str, Any]:
        companions.round_weights(model)
        return figures(checkpoints.frozen(model), images)

    yield from companions.kept(model, spec, store, fit_draw(model, images, device=device), rounded, ship=ship)


def figures(model: Draw, images: Dataset, *, n_samples: int = N_SAMPLES) -> dict[str, Any]:
    """Means over all test images, each with its standard error; nats."""
    seen = torch.tensor(binarised(images.test.x)).float() / 255
    terms = draw_terms(model, seen)
    bound = draw_bound(model, seen, n_samples, torch.Generator().manual_seed(NOISE_SEED))
    columns = {"distortion": terms.distortion, "rate": terms.rate, "elbo": terms.elbo, "iwae_bound": bound}
    means: dict[str, Any] = {"n_images": len(seen), "n_samples": n_samples}
    for name, column in columns.items():
        values = column.double().numpy()
        means |= {name: float(values.mean()), f"{name}_standard_error": standard_error(values)}
    return means
