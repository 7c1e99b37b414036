"""A ring: a Gaussian in the plane, stretched away from its centre."""

from __future__ import annotations

import numpy as np

from vae_core.data.base import Split
from vae_core.data.toys import toy


def ring(n: int, seed: int) -> Split:
    """Points g(z) = z/10 + z/‖z‖ with z ~ N(0, I) in the plane (Doersch 2016, Fig. 2). No noise, not scaled.

    The angle is uniform and the radius is ρ = 1 + r/10, with r Rayleigh: p(ρ) = 100 (ρ − 1) exp(−50 (ρ − 1)²) for ρ > 1.
    Mean radius 1 + √(π/2)/10 = 1.125331, standard deviation √(2 − π/2)/10 = 0.065514.
    """
    z = np.random.default_rng(seed).standard_normal((n, 2))
    return Split((z / 10 + z / np.linalg.norm(z, axis=1, keepdims=True)).astype(np.float32), None)


def log_density(x: np.ndarray) -> np.ndarray:
    """log p(x) = log p(ρ) − log 2πρ of points, (N, 2) -> (N,); −inf for ρ ≤ 1, where there are none."""
    rho = np.linalg.norm(x, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.log(100 * (rho - 1)) - 50 * (rho - 1) ** 2 - np.log(2 * np.pi * rho)
    return np.where(rho > 1, value, -np.inf)


RECIPE = toy(ring, "Ring", place=3, scale=0.1)
