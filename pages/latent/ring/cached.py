"""Caches of the ring: clouds of points, what a map makes of them, and the numbers counted from that."""

from __future__ import annotations

import numpy as np

from pages.shared import cached
from vae_core.drawing.packing import Payload
from vae_core.drawing.tables import csv
from vae_core.explore.latent import morph
from vae_core.explore.latent.drawn_map import DrawnMap
from vae_core.explore.latent.ring import Estimate
from vae_core.explore.latent.ring_figure import cloud_payload


@cached.keep(most=16)
def morph_cloud(n_points: int, dim: int, fingerprint: str = "", drawing: str = "") -> tuple[morph.Cloud, Payload]:
    """`explore.latent.morph.cloud`, with its name and bytes for the browser.

    Args:
        n_points: how many.
        dim: of how many dimensions.
        fingerprint: of a trained model whose decoder is the map.
        drawing: the code of what the map draws (`data.drawn`).
    """
    checkpoint = cached.by_fingerprint().get(fingerprint)
    of = DrawnMap(drawing) if drawing else None if checkpoint is None else cached.model(checkpoint.spec)
    cloud = morph.cloud(n_points, dim, of)
    return cloud, cloud_payload(cloud.z, cloud.lines, cloud.circles, image=cloud.image)


@cached.keep(most=64)
def morph_estimates(name: str, values: tuple[tuple[str, float], ...], dim: int, n_points: int) -> tuple[np.ndarray, list[Estimate]]:
    """g(z) of the cloud's points, (N, d), and `explore.latent.morph.estimates` of it."""
    of_name = morph.named_map(name, dict(values), dim)
    y = morph.image_of_points(of_name, morph_cloud(n_points, dim)[0].z)
    return cached.fixed(y), morph.estimates(of_name, y)


@cached.keep(most=16)
def morph_table(
    name: str, values: tuple[tuple[str, float], ...], dim: int, n_points: int, fingerprint: str = "", drawing: str = ""
) -> bytes:
    """The cloud's points before and after the map, as CSV."""
    cloud = morph_cloud(n_points, dim, fingerprint, drawing)[0]
    y = cloud.image["y"] if cloud.image else morph_estimates(name, values, dim, n_points)[0]
    return csv([f"{letter}{k + 1}" for letter in "zy" for k in range(dim)], np.hstack([cloud.z, y]).tolist(), digits=6)


@cached.keep(most=64)
def ring_in_dimensions(a: float, b: float, dim: int, n_points: int) -> tuple[morph.RadiusHistogram, list[Estimate]]:
    """`explore.latent.morph.ring_in_dimensions`."""
    return morph.ring_in_dimensions(a, b, dim, n_points)
