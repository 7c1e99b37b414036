"""Caches of *Train a model*."""

from __future__ import annotations

import numpy as np

from pages.shared import cached
from pages.training.cached import film
from vae_core.explore.training import training_film
from vae_core.specs import ModelSpec
from vae_core.store import Store


def eigenvalues(name: str) -> np.ndarray:
    """Eigenvalues of the training images' covariance, (P,), largest first."""
    return cached.spectrum(name).eigenvalues


def latest(spec: ModelSpec) -> training_film.Snapshot | None:
    """The last snapshot of a training, or how the model ended; None where nothing is known."""
    return training_film.latest(spec, Store()) or next(reversed(film(spec)), None)
