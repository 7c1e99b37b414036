"""Caches of the pad: how densely codes lie, and how many cells of a plane they leave empty."""

from __future__ import annotations

from pages.shared import cached
from vae_core.explore import codes, manifolds
from vae_core.specs import ModelSpec

N_CELLS, EXTENT = 11, 2.0


@cached.of_model(most=32)
def gap_to_nearest(spec: ModelSpec) -> float:
    """`explore.codes.gap_to_nearest` of the test codes."""
    return codes.gap_to_nearest(cached.test_codes(spec))


@cached.of_model(most=32)
def n_empty(spec: ModelSpec, dims: tuple[int, int]) -> int:
    """Cells without a test code, of N_CELLS² within two standard deviations of the codes (`explore.manifolds.manifold_grid`)."""
    axis = manifolds.grid_axis(N_CELLS, spacing="linear", extent=EXTENT)
    return manifolds.manifold_grid(cached.model(spec), axis, dims=dims, codes=cached.test_codes(spec)).n_empty or 0
