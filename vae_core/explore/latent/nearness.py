"""How far pictures are from each other, and from the images that a model learned from: a measure of whether they could be real."""

from __future__ import annotations

import numpy as np

MOST_IMAGES = 4000
"""Images that pictures are compared with: the first ones, since these are in no order."""


def nearest_sse(pictures: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Squared error from each picture to the nearest of the others, summed over pixels, (N,).

    Args:
        pictures: (N, C, H, W), floats, or bytes that count as byte/255.
        others: (M, C, H, W) likewise; the first `MOST_IMAGES` count.
    """
    a, b = (_rows(images) for images in (pictures, others[:MOST_IMAGES]))
    squares = (a**2).sum(1)[:, None] - 2 * a @ b.T + (b**2).sum(1)  # (N, M)
    return np.maximum(squares.min(1), 0.0)


def _rows(images: np.ndarray) -> np.ndarray:
    """One image a row, float32 (N, P)."""
    return images.reshape(len(images), -1).astype(np.float32) / np.float32(255 if images.dtype == np.uint8 else 1)
