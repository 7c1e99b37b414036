"""The caches of the grids of decoded images, and of what they show where no code lies."""

from __future__ import annotations

from typing import NamedTuple

from pages.shared import cached
from vae_core import data
from vae_core.explore import manifolds
from vae_core.explore.latent import holes as explore
from vae_core.specs import ModelSpec


class Empty(NamedTuple):
    """How many cells of a grid hold no code, and how many codes there are."""

    n: int
    n_codes: int


@cached.of_model(most=32)
def manifold_grid(
    spec: ModelSpec, n: int, spacing: manifolds.Spacing, extent: float, dims: tuple[int, int], as_is: bool
) -> manifolds.ManifoldGrid:
    """`explore.manifolds.manifold_grid` on the plane of two latent dimensions, with test codes where the data set is here."""
    axis = manifolds.grid_axis(n, spacing=spacing, extent=extent)
    codes = cached.test_codes(spec) if data.available(spec.dataset) else None
    return manifolds.manifold_grid(cached.model(spec), axis, dims=dims, codes=codes, as_is=as_is)


@cached.of_model(most=512)
def counted(spec: ModelSpec, n: int, spacing: manifolds.Spacing, extent: float, dims: tuple[int, int], as_is: bool) -> Empty | None:
    """What is empty of a `manifold_grid`, which outlasts its images; None where the data set is not here."""
    grid = manifold_grid(spec, n, spacing, extent, dims, as_is)
    return None if grid.n_empty is None else Empty(grid.n_empty, grid.n_codes)


@cached.keep(most=2, of=lambda: cached.written_at(explore.SHIPPED))
def shipped_holes() -> dict[str, dict[str, explore.Holes]]:
    """`explore.latent.holes.read` of what came with the program."""
    return explore.read()


@cached.of_model(most=512)
def holes(spec: ModelSpec, n: int, spacing: manifolds.Spacing, extent: float, dims: tuple[int, int], as_is: bool) -> explore.Holes | None:
    """`explore.latent.holes.holes` of a `manifold_grid`, as shipped where it was; None where the data set is not here."""
    empty = counted(spec, n, spacing, extent, dims, as_is)
    if empty is None:
        return None
    if spec.latent_dim == 2 and (spacing, dims, as_is) == ("linear", (0, 1), False):
        known = _as_shipped(spec, explore.plane_of(n, extent))
        if known is not None and known.empty.n == empty.n:
            return known
    grid = manifold_grid(spec, n, spacing, extent, dims, as_is)
    return explore.holes(grid, cached.dataset(spec.dataset).train.x, cached.classifier(spec.dataset))


def _as_shipped(spec: ModelSpec, plane: str) -> explore.Holes | None:
    model = cached.checkpoint(spec)
    return None if model is None else shipped_holes().get(explore.model_name(model, cached.classifier(spec.dataset)), {}).get(plane)
