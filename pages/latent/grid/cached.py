"""The caches of the grids of decoded images, and of what they show where no code lies."""

from __future__ import annotations

from pages.shared import cached
from vae_core import data
from vae_core.explore import manifolds
from vae_core.explore.latent import holes as explore
from vae_core.specs import ModelSpec


@cached.of_model(most=32)
def manifold_grid(
    spec: ModelSpec, n: int, spacing: manifolds.Spacing, extent: float, dims: tuple[int, int], as_is: bool
) -> manifolds.ManifoldGrid:
    """`explore.manifolds.manifold_grid` on the plane of two latent dimensions, with test codes where the data set is here."""
    axis = manifolds.grid_axis(n, spacing=spacing, extent=extent)
    codes = cached.test_codes(spec) if data.available(spec.dataset) else None
    return manifolds.manifold_grid(cached.model(spec), axis, dims=dims, codes=codes, as_is=as_is)


@cached.of_model(most=96)
def holes(spec: ModelSpec, n: int, spacing: manifolds.Spacing, extent: float, dims: tuple[int, int], as_is: bool) -> explore.Holes | None:
    """`explore.latent.holes.holes` of a `manifold_grid`; None where the data set is not here."""
    grid = manifold_grid(spec, n, spacing, extent, dims, as_is)
    if grid.counts is None:
        return None
    return explore.holes(grid, cached.dataset(spec.dataset).train.x, cached.classifier(spec.dataset))
