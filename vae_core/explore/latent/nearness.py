"""How far pictures are from each other, and from the images that a model learned from: a measure of whether they could be real."""

from __future__ import annotations

import numpy as np

MOST_IMAGES = 4000
"""Images that pictures are compared with at once; where a count will do, the first ones, since these are in no order."""


def nearest_sse(pictures: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Squared error from each picture to the nearest of the others, summed over pixels, (N,).

    Args:
        pictures: (N, C, H, W), floats, or bytes that count as byte/255.
        others: (M, C, H, W) likewise; the first `MOST_IMAGES` count.
    """
    return nearest(pictures, others[:MOST_IMAGES])[1]


def nearest(pictures: np.ndarray, others: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which of all the others is nearest to each picture, (N,), and its squared error, summed over pixels, (N,).

    Args:
        pictures: (N, C, H, W), floats, or bytes that count as byte/255.
        others: (M, C, H, W) likewise; every one counts.
    """
    a, index, sse = _rows(pictures), np.zeros(len(pictures), np.int64), np.full(len(pictures), np.inf, np.float32)
    for first in range(0, len(others), MOST_IMAGES):
        b = _rows(others[first : first + MOST_IMAGES])
        squares = (a**2).sum(1)[:, None] - 2 * a @ b.T + (b**2).sum(1)  # (N, at most MOST_IMAGES)
        best, least = squares.argmin(1), squares.min(1)
        index, sse = np.where(least < sse, first + best, index), np.minimum(least, sse)
    return index, np.maximum(sse, 0.0)


def _rows(images: np.ndarray) -> np.ndarray:
    """One image a row, float32 (N, P)."""
    return images.reshape(len(images), -1).astype(np.float32) / np.float32(255 if images.dtype == np.uint8 else 1)
