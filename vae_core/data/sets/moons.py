"""Two half circles in the plane, one in the other."""

from __future__ import annotations

import numpy as np

from vae_core.data.base import Split
from vae_core.data.toys import toy

NOISE = 0.05


def moons(n: int, seed: int) -> Split:
    """Two interleaved half circles of radius 1 (scikit-learn's `make_moons`), centred: (0.5, 0.25) is subtracted, nothing scaled.

    With the angle t at n/2 equal steps over [0, π], the upper moon (label 0) is (cos t − 0.5, sin t − 0.25), the lower (label 1)
    (0.5 − cos t, 0.25 − sin t), both + N(0, 0.05² I). Train and test share the angles and differ in noise and order.
    """
    from sklearn.datasets import make_moons

    x, labels = make_moons(n, noise=NOISE, random_state=seed)
    return Split((x - [0.5, 0.25]).astype(np.float32), labels.astype(np.int64))


RECIPE = toy(
    moons,
    "Two moons",
    place=2,
    n_classes=2,
    split="Twice 10,000 points at the same angles, with noise and order from two fixed seeds.",
)
