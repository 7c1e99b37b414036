"""Caches of *Five families*."""

from __future__ import annotations

import numpy as np

from pages.shared import cached
from vae_core.explore import offers
from vae_core.specs import ModelSpec


@cached.of_model(most=64)
def decoded_origin(spec: ModelSpec) -> np.ndarray:
    """`explore.offers.decoded_origin`: the image of z = 0, float32 (C, H, W)."""
    return cached.fixed(offers.decoded_origin(cached.model(spec)))


@cached.keep(most=1)
def device_name() -> str:
    """Where this machine trains, in words."""
    return offers.device_name()
