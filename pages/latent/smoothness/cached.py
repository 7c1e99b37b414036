"""The cache of the averages of training images."""

from __future__ import annotations

import numpy as np

from pages.shared import cached
from vae_core.explore.latent import smoothness
from vae_core.specs import ModelSpec


@cached.of_model(most=64)
def average_at(spec: ModelSpec, z: tuple[float, ...], widen: float) -> smoothness.Average:
    """`explore.latent.smoothness.average_at`: the training images that q(z|x) averages at a code."""
    return smoothness.average_at(cached.train_codes(spec), cached.dataset(spec.dataset).train.x, np.array(z), widen=widen)
