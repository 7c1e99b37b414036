"""The cache of the grids of decoded images."""

from __future__ import annotations

from pages.shared import cached
from vae_core import data
from vae_core.explore import manifolds
from vae_core.explore.latent import nearness
from vae_core.specs import ModelSpec


@cached.of_model(most=32)
def manifold_grid(
    spec: ModelSpec, n: int, spacing: manifolds.Spacing, extent: float, dims: tuple[int, int], as_is: bool
) -> manifolds.ManifoldGrid:
    """`explore.manifolds.manifold_grid` on the plane of two latent dimensions, with test codes where the data set is here."""
    axis = manifolds.grid_axis(n, spacing=spacing, extent=extent)
    codes = cached.test_codes(spec) if data.available(spec.dataset) else None
    return manifolds.manifold_grid(cached.model(spec), axis, dims=dims, codes=codes, as_is=as_is)


@cached.of_model(most=32, spinner="Comparing with the images …")
def far_from_images(spec: ModelSpec, dims: tuple[int, int]) -> tuple[int, float | None, float | None]:
    """Of 11 × 11 cells to 4σ, how many hold no test code; the mean SSE to the nearest training image of what is drawn there, and elsewhere.

    None stands for the mean over no cell.
    """
    grid = manifold_grid(spec, 11, "linear", 4.0, dims, False)
    far = nearness.nearest_sse(grid.images.reshape(-1, *spec.identity.shape), cached.dataset(spec.dataset).train.x)
    empty = grid.counts.ravel() == 0
    outside, inside = (float(far[which].mean()) if which.any() else None for which in (empty, ~empty))
    return int(empty.sum()), outside, inside
