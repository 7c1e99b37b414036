"""How wide the strokes of a written digit are, and the same digit written with a wider or a finer pen."""

from __future__ import annotations

import numpy as np
from PIL import Image
from scipy import ndimage
from skimage.morphology import skeletonize

from vae_core.data.images import scaled

LONGEST = 320
"""Pixels of a digit's longer side that are enough to write it anew."""


def stroke_width(mask: np.ndarray) -> float:
    """Width of the strokes of a mask, bool (H, W), in pixels: in a strip w wide the mean distance from what is around is w/4 + 1/2."""
    distances = ndimage.distance_transform_edt(np.pad(mask, 1))
    return float(max(1.0, 4 * distances[distances > 0].mean() - 2)) if mask.any() else 0.0


def in_weight(ink: np.ndarray, box: int, widths: tuple[float, float, float]) -> tuple[np.ndarray, float]:
    """Ink with strokes as wide as the data's, and how wide they were.

    Args:
        ink: the ink in its own box, uint8 (H, W), bright on black.
        box: longer side of what it is scaled to.
        widths: of strokes in that box: the least and the most that are left as they are, and between them the one that others get.

    Returns:
        uint8 (H', W'), of another size perhaps; and the width before, in pixels of the box.
    """
    small = _smaller(ink)
    mask = small > 127
    longer = max(small.shape)
    width = stroke_width(mask)
    least, usual, most = widths
    before = width * box / longer
    if width == 0 or longer <= box or least <= before <= most:
        return ink, before
    scale = (box - usual) / max(longer - width, 1)  # the middle lines keep their proportions, and the box holds the new pen
    return _written_anew(mask, width, usual / scale), before


def _smaller(ink: np.ndarray) -> np.ndarray:
    factor = LONGEST / max(ink.shape)
    if factor >= 1:
        return ink
    return np.asarray(Image.fromarray(ink).resize(scaled((ink.shape[1], ink.shape[0]), factor), Image.Resampling.BOX))


def _written_anew(mask: np.ndarray, width: float, new: float) -> np.ndarray:
    """The strokes of a mask, that wide before, with a pen as wide as that; uint8 with soft edges."""
    margin = int(max(0.0, new - width) / 2) + 2
    padded = np.pad(mask, margin)
    if new > width:
        edge = (new - width) / 2 + 0.5 - ndimage.distance_transform_edt(~padded) + padded
    else:  # never thinner than the new pen: what is left of the strokes, and their middle lines written with it
        left = ndimage.distance_transform_edt(padded) - (width - new) / 2
        edge = np.maximum(left, new / 2 + 0.5 - ndimage.distance_transform_edt(~skeletonize(padded)))
    return np.round(255 * np.clip(edge, 0, 1)).astype(np.uint8)
