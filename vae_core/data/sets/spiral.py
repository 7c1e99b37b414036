"""Two spirals in the plane."""

from __future__ import annotations

import numpy as np

from vae_core.data.base import Split
from vae_core.data.toys import toy

TURNS, RADIUS, NOISE = 1.5, 1.5, 0.03


def spiral(n: int, seed: int) -> Split:
    """Two Archimedean arms, half a turn apart; the label is the arm a, fair in {0, 1}.

    With s ~ U(0, 1) and the angle φ = 3π √s, a point is 1.5 √s (cos(φ + πa), sin(φ + πa)) + N(0, 0.03² I): one and a half turns
    out to radius 1.5, the arms 0.5 apart, about as dense everywhere along an arm.
    """
    rng = np.random.default_rng(seed)
    arm = rng.integers(0, 2, n)
    along = np.sqrt(rng.uniform(size=n))
    angle = 2 * np.pi * TURNS * along + np.pi * arm
    x = RADIUS * along[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)  # (N, 2)
    return Split((x + NOISE * rng.standard_normal((n, 2))).astype(np.float32), arm.astype(np.int64))


RECIPE = toy(spiral, "Two spirals", place=1, n_classes=2, scale=0.1)
