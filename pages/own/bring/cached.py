"""A person's own pictures through a trained model: computed anew, and kept nowhere."""

from __future__ import annotations

import numpy as np

from pages.shared import cached
from vae_core.explore.own import own_images as explore
from vae_core.specs import ModelSpec


def passage(spec: ModelSpec, x: np.ndarray) -> explore.Passage:
    """`explore.own.own_images.passage` of a trained model; not kept."""
    return explore.passage(cached.model(spec), x)
