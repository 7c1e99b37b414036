"""Caches of the bound."""

from __future__ import annotations

from pages.shared import cached
from vae_core.explore.elbo import bound
from vae_core.explore.elbo.gaussian import Gaussian


@cached.keep(most=256)
def best_gaussian(world: str, x: float) -> Gaussian:
    """`explore.elbo.bound.best`."""
    return bound.best(bound.WORLDS[world], x)
