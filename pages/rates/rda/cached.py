"""Caches of the page on rate–distortion autoencoders: the gradients of both losses."""

from __future__ import annotations

from pages.shared import cached
from vae_core.explore.rates import rda


@cached.keep(most=32)
def gradients(name: str, beta: float, sigma: float) -> rda.Gradients:
    """`explore.rates.rda.gradients` of an untrained network on the first training images."""
    x = cached.dataset(name).train.x[: rda.N_IMAGES]
    return rda.gradients(rda.untrained(name, x, sigma=sigma), x, beta=beta)
