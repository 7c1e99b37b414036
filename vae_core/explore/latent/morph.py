"""What the morph of a map needs: points of N(0, I), coordinate lines and circles, and where the map takes them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vae_core.errors import require
from vae_core.explore.latent.comparison_maps import MAPS, Map, WithSquaredRadius, radius_density
from vae_core.explore.latent.drawn_map import DrawnMap
from vae_core.explore.latent.learned_maps import learned_map
from vae_core.explore.latent.plane_lines import circles, coordinate_lines
from vae_core.explore.latent.ring import Estimate, Ring, norm, prior_samples, ring_estimates
from vae_core.models import LatentModel
from vae_core.statistics import share_interval, standard_error

MOST_POINTS = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class Cloud:
    """Points and lines before the map, and after it where the browser cannot compute it.

    Attributes:
        z: (N, d) float32.
        lines: (L, V, d).
        circles: (C, V, d).
        image: for a learned map, or one to what was drawn, `y`, `lines_y`, `circles_y`, `log_det`; else empty.
        explained: share of the variance of a learned map's image that the two axes shown hold.
    """

    z: np.ndarray
    lines: np.ndarray
    circles: np.ndarray
    image: dict[str, np.ndarray]
    explained: float = 1.0


def cloud(n_points: int, dim: int, of: LatentModel | DrawnMap | None = None, seed: int = 0) -> Cloud:
    """Points of N(0, I) with the lines of the plane, and their image under a model's decoder, or a map to what was drawn, if one is given.

    Raises:
        ValueError: if there are too many points, or space is asked for with a model.
    """
    require(1 <= n_points <= MOST_POINTS, "n_points", f"be between 1 and {MOST_POINTS}", n_points)
    require(dim in (2, 3), "dim", "be 2 or 3", dim)
    z, lines, rings = prior_samples(n_points, dim, seed), coordinate_lines(dim), circles(dim)
    if of is None:
        return Cloud(z, lines, rings, {})
    if isinstance(of, DrawnMap):
        image = {"y": of.forward(z), "lines_y": of.forward(lines), "circles_y": of.forward(rings), "log_det": of.log_abs_det(z)}
        return Cloud(z, lines, rings, image)
    mapped = learned_map(of, z)
    lines_y = learned_map(of, lines.reshape(-1, 2)).y.reshape(lines.shape)
    circles_y = learned_map(of, rings.reshape(-1, 2)).y.reshape(rings.shape)
    image = {"y": mapped.y, "lines_y": lines_y, "circles_y": circles_y, "log_det": mapped.log_abs_det}
    return Cloud(z, lines, rings, image, mapped.explained)


def image_of_points(chosen: Map, z: np.ndarray) -> np.ndarray:
    """g(z) in float64, (N, d)."""
    return chosen.forward(z.astype(np.float64))


def estimates(chosen: Ring | WithSquaredRadius, y: np.ndarray) -> list[Estimate]:
    """Exact numbers of the law of g(z) beside the sample's."""
    if isinstance(chosen, Ring):
        return ring_estimates(chosen, y)
    z = chosen.inverse(y)
    squared = norm(y)[:, 0] ** 2
    surprise = -chosen.log_density(y)
    constant = float(chosen.log_abs_det(z[:1])[0])
    gaussian = 0.5 * y.shape[1] * (1 + np.log(2 * np.pi))
    return [
        Estimate("mean of ρ²", chosen.mean_squared_radius(), float(squared.mean()), standard_error(squared)),
        Estimate("entropy", gaussian + constant, float(surprise.mean()), standard_error(surprise)),
    ]


@dataclass(frozen=True, slots=True, eq=False)
class RadiusHistogram:
    """Radii of samples beside the exact law.

    Attributes:
        edges: of the bins, (B + 1,).
        heights: share of the samples in each bin over its width, (B,).
        low: lower ends of the 95 % intervals of the heights, (B,), Wilson's.
        high: upper ends.
        rho: where the exact density is given, (R,).
        density: exact p(ρ), (R,); None where there is no closed form.
        n_points: samples that were counted.
        dim: number of dimensions.
    """

    edges: np.ndarray
    heights: np.ndarray
    low: np.ndarray
    high: np.ndarray
    rho: np.ndarray
    density: np.ndarray | None
    n_points: int
    dim: int


def radius_histogram(y: np.ndarray, chosen: Map | None, n_bins: int = 40) -> RadiusHistogram:
    """Histogram of ‖y‖ over the range of the samples, beside the exact p(ρ) of the map where it is known."""
    rho = norm(y.astype(np.float64))[:, 0]
    least, most = float(rho.min()), float(rho.max())
    counts, edges = np.histogram(rho, n_bins, (least, most))
    width, share = edges[1] - edges[0], counts / len(rho)
    along = np.linspace(max(0.0, least - 0.06 * (most - least)), most + 0.03 * (most - least), 400)
    has_law = chosen is not None and (isinstance(chosen, Ring) or chosen.dim == 2)
    density = radius_density(chosen, along) if chosen is not None and has_law else None
    low, high = share_interval(share, len(rho))
    return RadiusHistogram(edges, share / width, low / width, high / width, along, density, len(rho), y.shape[1])


def ring_in_dimensions(a: float, b: float, dim: int, n_points: int) -> tuple[RadiusHistogram, list[Estimate]]:
    """The ring's radii in any number of dimensions, drawn through all coordinates, beside the chi law; and the numbers of both."""
    ring = Ring(a, b, dim)
    y = image_of_points(ring, prior_samples(n_points, dim))
    return radius_histogram(y, ring), ring_estimates(ring, y)


def colour_share(of: Cloud, by: str, chosen: Map | None) -> np.ndarray:
    """Where each point lies between the ends of a colour scale, in [0, 1], (N,).

    Args:
        of: the points.
        by: `angle` of z, `radius` of z, or `magnification` 1/|det J| on a log scale between its 2 % and 98 % quantiles.
        chosen: the map; None for a learned one.
    """
    require(by in ("angle", "radius", "magnification"), "colour", "be one of angle, radius, magnification", by)
    if by == "angle":
        return (np.arctan2(of.z[:, 1], of.z[:, 0]) / np.pi + 1) / 2
    if by == "radius":
        radius = norm(of.z)[:, 0]
        return np.clip(radius / np.quantile(radius, 0.995), 0, 1)
    log_det = of.image["log_det"] if chosen is None else chosen.log_abs_det(of.z.astype(np.float64))
    low, high = np.quantile(-log_det, (0.02, 0.98))
    return np.clip((-log_det - low) / (high - low), 0, 1) if high - low > 1e-6 else np.full(len(log_det), 0.5)


def named_map(name: str, values: dict[str, float], dim: int) -> Map:
    """The map of that name with these parameters.

    Raises:
        ValueError: if there is none, or a parameter is out of its range.
    """
    require(name in MAPS, "map", f"be one of {', '.join(MAPS)}", name)
    return MAPS[name].map(values, dim)
