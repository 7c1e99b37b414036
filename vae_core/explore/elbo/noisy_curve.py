"""A code z on a line, a curve g(z) in the plane, and noise on top: p(x) by quadrature. Nats; float64; `noisy_curve.js` does the same.

z ~ N(0, 1) and x = g(z) + noise, independent in both coordinates: Gaussian of variance η = s², or Laplace of mean absolute value b = s.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np

REACH, FEWEST = 4.0, 160
"""The grid over z ends so far from 0, and has so many points at least."""
Noise = Literal["Gaussian", "Laplace"]
STEP: dict[Noise, float] = {"Gaussian": 0.5, "Laplace": 1 / 12}
"""Longest step of the grid, in scales of the noise: a Gaussian is smooth, a Laplace distribution has a tip."""
TRUE_SD, N_POINTS = 0.15, 200
"""Noise of the test points, and how many there are."""


@dataclass(frozen=True, slots=True)
class Curve:
    """g(z) = e^{grow·z} (cos α, sin α) with α = π/2 − turn·z: an arc of a circle, or a spiral."""

    turn: float
    grow: float

    def points(self, z: np.ndarray) -> np.ndarray:
        """g(z), (N,) → (N, 2)."""
        angle = math.pi / 2 - self.turn * z
        return np.exp(self.grow * z)[:, None] * np.stack([np.cos(angle), np.sin(angle)], -1)


CURVES = {"arc": Curve(0.9, 0.0), "spiral": Curve(1.5, 0.22)}


def grid(noise: Noise, scale: float) -> np.ndarray:
    """Where quadrature looks for noise of this scale, (Z,)."""
    n = max(FEWEST, math.ceil(2 * REACH / (STEP[noise] * scale)))
    return np.linspace(-REACH, REACH, n + 1)


def residual(noise: Noise, x: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """Per dimension, of points (N, 2) from points (Z, 2): mean square for a Gaussian, mean absolute value for Laplace; (N, Z)."""
    apart = x[:, None] - mean
    return ((apart**2) if noise == "Gaussian" else np.abs(apart)).mean(-1)


def log_joint(curve: Curve, noise: Noise, scale: float, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """ln of the summands of ∫ p(z) p(x|z) dz, and the residuals of x from each g(z), (N, Z) both."""
    z = grid(noise, scale)
    apart = residual(noise, x, curve.points(z))
    if noise == "Gaussian":
        log_likelihood = -apart / scale**2 - math.log(2 * math.pi * scale**2)
    else:
        log_likelihood = -2 * apart / scale - 2 * math.log(2 * scale)
    return log_likelihood - z**2 / 2 - 0.5 * math.log(2 * math.pi) + math.log(z[1] - z[0]), apart


def log_density(curve: Curve, noise: Noise, scale: float, x: np.ndarray) -> np.ndarray:
    """log p(x) of points, (N, 2) → (N,)."""
    terms, _ = log_joint(curve, noise, scale, x)
    top = terms.max(1)
    return top + np.log(np.exp(terms - top[:, None]).sum(1))


def expected_residual(curve: Curve, noise: Noise, scale: float, x: np.ndarray) -> float:
    """Mean residual per dimension of points, each averaged over its posterior p(z|x)."""
    terms, apart = log_joint(curve, noise, scale, x)
    weight = np.exp(terms - terms.max(1, keepdims=True))
    return float(((weight * apart).sum(1) / weight.sum(1)).mean())


def best_scale(curve: Curve, noise: Noise, x: np.ndarray) -> float:
    """The scale of the largest mean log p(x): there σ², or b, is the expected residual, which is where EM rests."""
    scale = 0.4
    for _ in range(200):
        after = expected_residual(curve, noise, scale, x)
        after = math.sqrt(after) if noise == "Gaussian" else after
        if abs(after - scale) < 1e-9:
            break
        scale = after
    return scale


@cache
def test_points(name: str) -> np.ndarray:
    """Points near a curve of `CURVES`, (N_POINTS, 2)."""
    generator = np.random.default_rng(0)
    z = generator.standard_normal(N_POINTS)
    points = CURVES[name].points(z) + TRUE_SD * generator.standard_normal((N_POINTS, 2))
    points.setflags(write=False)
    return points
