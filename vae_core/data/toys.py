"""Points in the plane and in space whose law is known.

Each has 10,000 points for training and 10,000 for testing, drawn from one law with two seeds. Coordinates are of order 1.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from vae_core.data.base import Points, Provenance, Split
from vae_core.data.recipe import Recipe

N_POINTS = 10_000
TRAIN_SEED, TEST_SEED = 0, 1

SPIRAL_TURNS, SPIRAL_RADIUS, SPIRAL_NOISE = 1.5, 1.5, 0.03
MOONS_NOISE = 0.05
ROLL_NOISE, ROLL_SCALE = 0.5, 10.0


def ring(n: int, seed: int) -> Split:
    """Points g(z) = z/10 + z/‖z‖ with z ~ N(0, I) in the plane (Doersch 2016, Fig. 2). No noise, not scaled.

    The angle is uniform and the radius is ρ = 1 + r/10, with r Rayleigh: p(ρ) = 100 (ρ − 1) exp(−50 (ρ − 1)²) for ρ > 1.
    Mean radius 1 + √(π/2)/10 = 1.125331, standard deviation √(2 − π/2)/10 = 0.065514.
    """
    z = np.random.default_rng(seed).standard_normal((n, 2))
    return Split((z / 10 + z / np.linalg.norm(z, axis=1, keepdims=True)).astype(np.float32), None)


def spiral(n: int, seed: int) -> Split:
    """Two Archimedean arms, half a turn apart; the label is the arm a, fair in {0, 1}.

    With s ~ U(0, 1) and the angle φ = 3π √s, a point is 1.5 √s (cos(φ + πa), sin(φ + πa)) + N(0, 0.03² I): one and a half turns
    out to radius 1.5, the arms 0.5 apart, about as dense everywhere along an arm.
    """
    rng = np.random.default_rng(seed)
    arm = rng.integers(0, 2, n)
    along = np.sqrt(rng.uniform(size=n))
    angle = 2 * np.pi * SPIRAL_TURNS * along + np.pi * arm
    x = SPIRAL_RADIUS * along[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)  # (N, 2)
    return Split((x + SPIRAL_NOISE * rng.standard_normal((n, 2))).astype(np.float32), arm.astype(np.int64))


def moons(n: int, seed: int) -> Split:
    """Two interleaved half circles of radius 1 (scikit-learn's `make_moons`), centred: (0.5, 0.25) is subtracted, nothing scaled.

    With the angle t at n/2 equal steps over [0, π], the upper moon (label 0) is (cos t − 0.5, sin t − 0.25), the lower (label 1)
    (0.5 − cos t, 0.25 − sin t), both + N(0, 0.05² I). Train and test share the angles and differ in noise and order.
    """
    from sklearn.datasets import make_moons

    x, labels = make_moons(n, noise=MOONS_NOISE, random_state=seed)
    return Split((x - [0.5, 0.25]).astype(np.float32), labels.astype(np.int64))


def swiss_roll(n: int, seed: int) -> Split:
    """A rolled-up sheet in space (scikit-learn's `make_swiss_roll`): centred across and divided by 10.

    With t = 1.5π (1 + 2u) and u, v ~ U(0, 1), a point is (t cos t, 21 v − 10.5, t sin t)/10 + N(0, 0.05² I).
    """
    from sklearn.datasets import make_swiss_roll

    x, _ = make_swiss_roll(n, noise=ROLL_NOISE, random_state=seed)
    return Split(((x - [0, 10.5, 0]) / ROLL_SCALE).astype(np.float32), None)


def toy(law: Callable[[int, int], Split], title: str) -> Recipe:
    """The recipe of points that follow a law, named after it."""
    provenance = Provenance(
        title=title,
        source=f"made here, by vae_core.data.toys.{law.__name__}",
        licence="this project's own (MIT)",
        split="Two independent draws of 10,000 points from fixed seeds."
        if law is not moons
        else "Twice 10,000 points at the same angles, with noise and order from two fixed seeds.",
    )
    return Recipe(law.__name__, provenance, lambda: (law(N_POINTS, TRAIN_SEED), law(N_POINTS, TEST_SEED)), kind=Points)


RING = toy(ring, "Ring")
SPIRAL = toy(spiral, "Two spirals")
MOONS = toy(moons, "Two moons")
SWISS_ROLL = toy(swiss_roll, "Swiss roll")
