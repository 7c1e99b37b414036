"""Many drawn images as one picture for each model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vae_core.drawing.image_table import Head, ImageTable, Tile


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Images drawn from one model, (N, C, H, W), and the line that stands beneath them."""

    images: np.ndarray
    caption: str


def samples_by_latent_dim(rows: dict[str, dict[int, Drawn]], *, across: int) -> ImageTable:
    """Samples side by side: a row for each model and law, a column for each latent dimension.

    Args:
        rows: label → latent dimension → what was drawn.
        across: images in one row of a picture.
    """
    dims = sorted({dim for row in rows.values() for dim in row})
    heads = tuple(Head(f"d = {dim}") for dim in dims)
    tiles = tuple(tuple(Tile(mosaic(row[d].images, across), row[d].caption) if d in row else None for d in dims) for row in rows.values())
    return ImageTable(heads, tiles, labels=tuple(rows))


def mosaic(images: np.ndarray, across: int) -> np.ndarray:
    """Images side by side as one, a grey line of g = max(1, W/14) pixels between neighbours; what is left of the last row is left out.

    Args:
        images: (N, C, H, W), bytes or float in [0, 1].
        across: images in a row.

    Returns:
        (C, rows·(H + g) − g, across·(W + g) − g).
    """
    n, channels, height, width = images.shape
    rows, gap = max(1, n // across), max(1, round(width / 14))
    grey = 128 if images.dtype == np.uint8 else 0.5
    tiles = np.pad(images[: rows * across], ((0, 0), (0, 0), (0, gap), (0, gap)), constant_values=grey)
    tiles = tiles.reshape(rows, across, channels, height + gap, width + gap)
    return tiles.transpose(2, 0, 3, 1, 4).reshape(channels, rows * (height + gap), across * (width + gap))[:, :-gap, :-gap]
