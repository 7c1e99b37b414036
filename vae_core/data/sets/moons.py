"""Two half circles in the plane, one in the other."""

from __future__ import annotations

import numpy as np

from vae_core.data.base import Split
from vae_core.data.toys import toy

NOISE = 0.05
ANGLES = np.linspace(0, np.pi, 401)
"""Where the density looks along each moon: the trapezoid rule, in steps of 0.16 NOISE."""


def moons(n: int, seed: int) -> Split:
    """Two interleaved half circles of radius 1 (scikit-learn's `make_moons`), centred: (0.5, 0.25) is subtracted, nothing scaled.

    With the angle t at n/2 equal steps over [0, π], the upper moon (label 0) is (cos t − 0.5, sin t − 0.25), the lower (label 1)
    (0.5 − cos t, 0.25 − sin t), both + N(0, 0.05² I). Train and test share the angles and differ in noise and order.
    """
    from sklearn.datasets import make_moons

    x, labels = make_moons(n, noise=NOISE, random_state=seed)
    return Split((x - [0.5, 0.25]).astype(np.float32), labels.astype(np.int64))


def log_density(x: np.ndarray, at_once: int = 2000) -> np.ndarray:
    """log p(x) of points, (N, 2) -> (N,): N(x; a place on a moon, 0.05² I), averaged over both moons by the trapezoid rule."""
    upper = np.stack([np.cos(ANGLES) - 0.5, np.sin(ANGLES) - 0.25], 1)
    weights = np.full(len(ANGLES), 0.5 / (len(ANGLES) - 1))
    weights[[0, -1]] /= 2
    places, weights = np.concatenate([upper, -upper]), np.tile(weights, 2)  # (G, 2), (G,)
    parts = []
    for some in np.array_split(x.astype(np.float64), max(1, len(x) // at_once)):
        exponents = (some @ places.T - 0.5 * ((some**2).sum(1, keepdims=True) + (places**2).sum(1))) / NOISE**2  # (B, G)
        most = exponents.max(1)
        parts.append(most + np.log(np.exp(exponents - most[:, None]) @ weights))
    return np.concatenate(parts) - np.log(2 * np.pi * NOISE**2)


RECIPE = toy(
    moons,
    "Two moons",
    place=2,
    n_classes=2,
    split="Twice 10,000 points at the same angles, with noise and order from two fixed seeds.",
)
