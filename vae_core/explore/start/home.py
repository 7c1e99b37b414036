"""What lies on the straight way between two classes of codes."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

N_STEPS = 41
"""Points of the way that are looked at."""


def classes_on_the_way(codes: np.ndarray, labels: np.ndarray, start: int, end: int) -> list[int]:
    """The classes that one passes on the straight way from the middle of one class to that of another, each time that they change.

    Args:
        codes: of images, (N, D).
        labels: their classes, (N,).
        start: class where the way begins.
        end: class where it ends.

    Returns:
        The label of the nearest code, point after point; of equal neighbours one.
    """
    first, last = (codes[labels == one].mean(0) for one in (start, end))
    way = first + np.linspace(0, 1, N_STEPS)[:, None] * (last - first)
    nearest = labels[np.linalg.norm(way[:, None] - codes, axis=-1).argmin(1)]
    return [int(nearest[0]), *(int(now) for before, now in pairwise(nearest) if now != before)]
