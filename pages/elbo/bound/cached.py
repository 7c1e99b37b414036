"""Caches of the bound."""

from __future__ import annotations

from pages.shared import cached
from vae_core.explore.elbo import bound


@cached.keep(most=256)
def best_gaussian(world: str, x: float) -> bound.Gaussian:
    """`explore.elbo.bound.best`."""
    return bound.best(bound.WORLDS[world], x)
