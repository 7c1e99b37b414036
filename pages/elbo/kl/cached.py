"""Caches of the page on the divergence."""

from __future__ import annotations

from pages.shared import cached
from vae_core.explore.elbo import any_prior
from vae_core.specs import ModelSpec


@cached.of_model(most=64)
def absorbed(spec: ModelSpec, mean: float, width: float, n: int) -> any_prior.Absorbed:
    """`explore.elbo.any_prior.absorbed`."""
    return any_prior.absorbed(cached.model(spec), mean, width, n)
