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
    captions = [_ticks(row, names) for row in read]
    tiles = [(Tile(one), *map(Tile, row, line)) for one, row, line in zip(x, images, captions, strict=True)]
    return ImageTable(
        heads, tuple(tiles), tuple(rows), "✓: the classifier reads the label that was asked for; after ✗ what it reads instead."
    )


def analogies_csv(labels: Sequence[str], wanted: Sequence[str], read: Sequence[str], slants: tuple[np.ndarray, np.ndarray]) -> bytes:
    """A line for each test image: its label, the one it was decoded with, what that is read as, and both slants."""
    rows = [[i, *row] for i, row in enumerate(zip(labels, wanted, read, *map(np.ndarray.tolist, slants), strict=True))]
    return csv(["test image", "label", "decoded with", "read as", "slant of the image", "slant of what was decoded"], rows, digits=4)


def manifolds(images: np.ndarray, names: Sequence[str], cell: tuple[int, int]) -> ImageTable:
    """The manifold of each label as one sheet, two rows of them, with the same cell framed in all.

    Args:
        images: decoded over a grid of codes, in [0, 1], (K, n, n, C, H, W).
        names: of the labels, K of them.
        cell: row and column of the one that is framed.
    """
    per_row = (len(names) + 1) // 2
    tiles = [Tile(_sheet(of, cell), f"y = {name}") for of, name in zip(images, names, strict=True)]
    rows = (tuple(tiles[:per_row]), (*tiles[per_row:], *[None] * (2 * per_row - len(tiles))))
    return ImageTable(tuple(Head("") for _ in range(per_row)), rows, missing="")


def _sheet(images: np.ndarray, cell: tuple[int, int]) -> np.ndarray:
    """(n, n, C, H, W) as one image, (C, nH, nW), with a frame about a cell."""
    framed = images.clip(0, 1).copy()
    row, column = cell
    framed[row, column, :, [0, -1], :] = 1
    framed[row, column, :, :, [0, -1]] = 1
    n, _, channels, height, width = framed.shape
    return framed.transpose(2, 0, 3, 1, 4).reshape(channels, n * height, n * width)


def at_one_code(images: np.ndarray, read: np.ndarray, names: Sequence[str]) -> ImageTable:
    """What one code is with every label, (K, C, H, W), and what each is read as, (K,)."""
    return ImageTable(tuple(Head(f"y = {name}") for name in names), (tuple(map(Tile, images.clip(0, 1), _ticks(read, names))),))


def _ticks(read: np.ndarray, names: Sequence[str]) -> list[str]:
    """Whether each label, in their order, is what is read, (K,), and what is read instead."""
    return ["✓" if k == y else f"✗ {names[k]}" for y, k in enumerate(read)]
