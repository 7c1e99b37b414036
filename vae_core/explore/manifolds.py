"""The manifold as a grid: decoded images over a plane of codes, and how much of the codes each cell of it holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from scipy.special import ndtr, ndtri

from vae_core.errors import require
from vae_core.explore.codes import Codes, aggregate_mass, prior_mass
from vae_core.explore.latent_pad import decoded
from vae_core.models import LatentModel

Spacing = Literal["quantile", "linear"]


def grid_axis(n: int, *, spacing: Spacing, extent: float) -> np.ndarray:
    """Coordinates along one axis, (n,), increasing from −extent to extent.

    `quantile` takes Φ⁻¹ at equal steps of probability, so that a draw from the prior falls between any two neighbours alike (Kingma &
    Welling 2014, App. A, Fig. 4); `linear` takes equal steps.

    Args:
        n: number of coordinates, at least 2.
        spacing: of the coordinates.
        extent: the largest, in standard deviations.
    """
    require(n >= 2, "n", "be at least 2", n)
    require(spacing in get_args(Spacing), "spacing", f"be one of {', '.join(get_args(Spacing))}", spacing)
    require(0 < extent <= 8, "extent", "be above 0 and at most 8", extent)
    if spacing == "linear":
        return np.linspace(-extent, extent, n)
    return ndtri(np.linspace(ndtr(-extent), ndtr(extent), n))


def cell_edges(axis: np.ndarray) -> np.ndarray:
    """Edges of the cells around coordinates, (n + 1,): half-way between neighbours, as far outside at both ends."""
    middle = (axis[1:] + axis[:-1]) / 2
    return np.concatenate([[2 * axis[0] - middle[0]], middle, [2 * axis[-1] - middle[-1]]])


@dataclass(frozen=True, slots=True, eq=False)
class ManifoldGrid:
    """Decoded images over a plane of codes.

    Attributes:
        images: E[x|z], float32 (n, n, C, H, W); row 0 is the top, where the second coordinate is largest.
        axis: coordinates along both axes, (n,), increasing, in units of `scale` from `centre`.
        centre: of the plane in code units, (2,).
        scale: code units of one step of 1 along each axis, (2,): 1 for a model with a prior.
        counts: test codes in each cell, (n, n) in the order of `images`; None without codes.
        aggregate: density of the aggregate posterior in each cell, per unit of area on the axes; None without codes.
        prior: density of N(0, I) likewise; None for a model without a prior.
        n_codes: how many test codes there are.
    """

    images: np.ndarray
    axis: np.ndarray
    centre: np.ndarray
    scale: np.ndarray
    counts: np.ndarray | None
    aggregate: np.ndarray | None
    prior: np.ndarray | None
    n_codes: int

    @property
    def n_empty(self) -> int | None:
        """Cells without a single test code; None without codes."""
        return None if self.is_empty is None else int(self.is_empty.sum())

    @property
    def is_empty(self) -> np.ndarray | None:
        """Which those are, bool (n, n)."""
        return None if self.counts is None else self.counts == 0


def manifold_grid(
    model: LatentModel, axis: np.ndarray, *, dims: tuple[int, int] = (0, 1), codes: Codes | None = None, as_is: bool = False
) -> ManifoldGrid:
    """Decode a grid on the plane of two latent dimensions; the others stay at the codes' centre.

    Args:
        model: a trained model.
        axis: coordinates along both axes, in standard deviations of the prior, or of the codes where there is no prior.
        dims: the plane, horizontal first, from 0.
        codes: of test images; needed for a model without a prior, whose codes have a scale of their own.
        as_is: take the coordinates as code units for every model.
    """
    pair, latent_dim = list(dims), model.spec.latent_dim
    base = np.zeros(latent_dim) if codes is None else codes.centre
    centre = np.zeros(2) if as_is or codes is None else codes.centre[pair]
    scale = np.ones(2) if as_is or codes is None else codes.scale[pair]
    across, up = (centre[k] + scale[k] * axis for k in (0, 1))
    z = np.tile(base, (len(axis), len(axis), 1))
    z[:, :, dims[0]], z[:, :, dims[1]] = across[None, :], up[::-1, None]
    images = decoded(model, z.reshape(-1, latent_dim)).reshape(len(axis), len(axis), *model.spec.identity.shape)
    edges = cell_edges(axis)
    area = np.outer(np.diff(edges), np.diff(edges))[::-1]
    prior = prior_mass((edges, edges))[::-1] / area if model.has_density else None
    if codes is None:
        return ManifoldGrid(images, axis, centre, scale, None, None, prior, 0)
    own = tuple(centre[k] + scale[k] * edges for k in (0, 1))
    counts = np.histogram2d(codes.mean[:, dims[1]], codes.mean[:, dims[0]], bins=(own[1], own[0]))[0].astype(int)[::-1]
    aggregate = aggregate_mass(codes, dims, own)[::-1] / area
    return ManifoldGrid(images, axis, centre, scale, counts, aggregate, prior, len(codes.mean))
