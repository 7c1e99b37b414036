"""Coordinate lines and concentric circles of the latent plane or space: what is drawn to show how a map bends it."""

from __future__ import annotations

import math

import numpy as np

from vae_core.errors import require

HALF_WIDTH, SPACING = 3.0, 0.5
RADII = (0.5, 1.0, 1.5, 2.0, 2.5, 3.0)
RADII_IN_SPACE = (1.0, 2.0)


def coordinate_lines(dim: int = 2, n_vertices: int = 120, spacing: float = SPACING) -> np.ndarray:
    """Lines parallel to the first two axes, (L, V, d). An even number of vertices leaves out the origin, where the ring is torn.

    Raises:
        ValueError: if `n_vertices` is odd.
    """
    require(n_vertices % 2 == 0, "n_vertices", "be even", n_vertices)
    along = np.linspace(-HALF_WIDTH, HALF_WIDTH, n_vertices)
    offsets = np.arange(-HALF_WIDTH, HALF_WIDTH + spacing / 2, spacing)
    lines = np.zeros((2, len(offsets), n_vertices, dim))
    for axis in (0, 1):
        lines[axis, :, :, axis] = along
        lines[axis, :, :, 1 - axis] = offsets[:, None]
    return lines.reshape(-1, n_vertices, dim)


def circles(dim: int = 2, n_vertices: int = 120, radii: tuple[float, ...] | None = None) -> np.ndarray:
    """Circles about the origin, closed, (C, V, d); in space also those in the two other planes of the axes."""
    radii = (RADII if dim == 2 else RADII_IN_SPACE) if radii is None else radii
    angle = np.linspace(0, 2 * math.pi, n_vertices)
    planes = [(0, 1)] if dim == 2 else [(0, 1), (0, 2), (1, 2)]
    vertices = np.zeros((len(planes), len(radii), n_vertices, dim))
    for k, (first, second) in enumerate(planes):
        vertices[k, :, :, first] = np.array(radii)[:, None] * np.cos(angle)
        vertices[k, :, :, second] = np.array(radii)[:, None] * np.sin(angle)
    return vertices.reshape(-1, n_vertices, dim)


def winding_number(loop: np.ndarray) -> int:
    """How many times a closed polygon of points in the plane, (V, 2), goes round the origin, counterclockwise."""
    angle = np.arctan2(loop[:, 1], loop[:, 0])
    steps = np.diff(np.concatenate([angle, angle[:1]]))
    return round(float(((steps + math.pi) % (2 * math.pi) - math.pi).sum() / (2 * math.pi)))
