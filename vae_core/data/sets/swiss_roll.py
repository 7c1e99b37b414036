"""A rolled-up sheet in space."""

from __future__ import annotations

import numpy as np

from vae_core.data.base import Split
from vae_core.data.toys import toy

NOISE, SCALE = 0.5, 10.0


def swiss_roll(n: int, seed: int) -> Split:
    """A rolled-up sheet in space (scikit-learn's `make_swiss_roll`): centred across and divided by 10.

    With t = 1.5π (1 + 2u) and u, v ~ U(0, 1), a point is (t cos t, 21 v − 10.5, t sin t)/10 + N(0, 0.05² I).
    """
    from sklearn.datasets import make_swiss_roll

    x, _ = make_swiss_roll(n, noise=NOISE, random_state=seed)
    return Split(((x - [0, 10.5, 0]) / SCALE).astype(np.float32), None)


RECIPE = toy(swiss_roll, "Swiss roll", place=4, scale=0.2)
