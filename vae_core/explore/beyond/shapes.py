"""Superellipses |u|ⁿ + |v|ⁿ ≤ rⁿ in the square [−1, 1]²: a diamond at n = 1, a disc at 2, nearly a square at 8. Areas are exact."""

from __future__ import annotations

import math

import numpy as np

RADII, EXPONENTS = (0.4, 0.85), (1.0, 8.0)
"""Between which r and n lie."""
SIZE, SUPERSAMPLED = 16, 8
"""Pixels of a side of a picture, and points of a side of each pixel that are looked at."""


def inside(points: np.ndarray, r: np.ndarray | float, n: np.ndarray | float) -> np.ndarray:
    """Whether points, (…, 2), lie in the shape: (…,)."""
    u, v = np.abs(points[..., 0]), np.abs(points[..., 1])
    return (u / r) ** n + (v / r) ** n <= 1


def area(r: float, n: float) -> float:
    """4r²·Γ(1 + 1/n)²/Γ(1 + 2/n); for n = 2 it is πr²."""
    return 4 * r**2 * math.gamma(1 + 1 / n) ** 2 / math.gamma(1 + 2 / n)


def outline(r: float, n: float, count: int = 721) -> np.ndarray:
    """Points on the edge, once around, (count, 2)."""
    angle = np.linspace(0, 2 * np.pi, count)
    around = np.stack([np.cos(angle), np.sin(angle)], 1)
    return np.sign(around) * r * np.abs(around) ** (2 / n)


def grid(count: int, centre: tuple[float, float] = (0.0, 0.0), half: float = 1.0) -> np.ndarray:
    """Middles of count² cells of a square, (count, count, 2): rows go up, columns to the right."""
    across = half * ((np.arange(count) + 0.5) * 2 / count - 1)
    return np.stack(np.meshgrid(centre[0] + across, centre[1] + across), -1)


def pictures(r: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Of shapes, (N,) → float32 (N, 16, 16): which part of each pixel is covered; the first row is the lowest."""
    fine = inside(grid(SIZE * SUPERSAMPLED)[None], r[:, None, None], n[:, None, None])
    return fine.reshape(len(r), SIZE, SUPERSAMPLED, SIZE, SUPERSAMPLED).mean((2, 4)).astype(np.float32)


def drawn(count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Shapes at random, r and n, (count,) each: r is uniform, and n uniform in its logarithm."""
    (least, most), (lowest, highest) = RADII, EXPONENTS
    return rng.uniform(least, most, count), np.exp(rng.uniform(math.log(lowest), math.log(highest), count))


def overlap(one: np.ndarray, other: np.ndarray) -> float:
    """Intersection over union of two sets of cells."""
    return float((one & other).sum() / (one | other).sum())
