"""A decoded image beside the weighted mean of training images, and the images that weigh most."""

from __future__ import annotations

import numpy as np

from vae_core.drawing.image_table import Head, ImageTable, Tile
from vae_core.drawing.images import error_map


def output_and_mean(output: np.ndarray, mean: np.ndarray) -> ImageTable:
    """The network's output, the weighted mean of the training images, and their difference.

    Args:
        output: g(z), float (C, H, W).
        mean: x̂(z) = Σ w_i x_i, float (C, H, W).
    """
    difference = output - mean
    heads = (Head("Network", "g(z)"), Head("Average", "Σ wᵢ xᵢ"), Head("Difference", "g − Σ"))
    sse = f"SSE {float((difference**2).sum()):.2f}"
    return ImageTable(heads, ((Tile(output), Tile(mean), Tile(error_map(difference), sse)),), has_error_scale=True)


def weighted_images(x: np.ndarray, weights: np.ndarray, indices: np.ndarray, *, across: int = 4) -> ImageTable:
    """Training images with their weights beneath, the largest first.

    Args:
        x: as bytes, (K, C, H, W).
        weights: (K,).
        indices: their numbers, (K,).
        across: images in a row.
    """
    tiles: list[Tile | None] = [Tile(image, _percent(w)) for image, w in zip(x, weights, strict=True)]
    tiles += [None] * (-len(tiles) % across)
    rows = tuple(tuple(tiles[i : i + across]) for i in range(0, len(tiles), across))
    note = "Training images " + ", ".join(f"#{i}" for i in indices)
    return ImageTable(tuple(Head("") for _ in range(across)), rows, note=note)


def _percent(weight: float) -> str:
    return f"{100 * weight:.1f} %" if weight >= 0.001 else "< 0.1 %"
