"""What a label changes: images of one code with every label, side by side."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vae_core.drawing.image_table import Head, ImageTable, Tile
from vae_core.drawing.tables import csv


def analogies(x: np.ndarray, images: np.ndarray, read: np.ndarray, *, names: Sequence[str], rows: Sequence[str]) -> ImageTable:
    """Each image, and beside it what its code is with every label; below each what it is read as, where that is not the label.

    Args:
        x: the images, (N, C, H, W), as bytes.
        images: decoded, in [0, 1], (N, K, C, H, W).
        read: the label that each is read as, from 0, (N, K).
        names: of the labels, K of them.
        rows: what is said of each image.
    """
    heads = (Head("image"), *(Head(f"y = {name}") for name in names))
    captions = [["✓" if k == y else f"✗ {names[k]}" for y, k in enumerate(row)] for row in read]
    tiles = [(Tile(one), *map(Tile, row, line)) for one, row, line in zip(x, images, captions, strict=True)]
    return ImageTable(
        heads, tuple(tiles), tuple(rows), "✓: the classifier reads the label that was asked for; after ✗ what it reads instead."
    )


def analogies_csv(labels: Sequence[str], wanted: Sequence[str], read: Sequence[str], slants: tuple[np.ndarray, np.ndarray]) -> bytes:
    """A line for each test image: its label, the one it was decoded with, what that is read as, and both slants."""
    rows = [[i, *row] for i, row in enumerate(zip(labels, wanted, read, *map(np.ndarray.tolist, slants), strict=True))]
    return csv(["test image", "label", "decoded with", "read as", "slant of the image", "slant of what was decoded"], rows, digits=4)
