"""Many small images in one sheet, for a browser to cut from."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from vae_core.drawing.images import as_bytes

COLUMNS = 50
LARGEST = 1_000_000
"""Bytes of one sheet at most."""


def sprite_sheet(x: np.ndarray) -> tuple[bytes, int]:
    """Images side by side as one PNG file of at most 1 MB, `COLUMNS` in a row, and how many of them it holds.

    Args:
        x: images as bytes, (N, C, H, W); where all do not fit, the first ones are taken.
    """
    n = len(x)
    while True:
        png = _sheet(x[:n])
        if len(png) <= LARGEST or n == 1:
            return png, n
        n = max(1, min(n - 1, int(0.95 * n * LARGEST / len(png))))


def _sheet(x: np.ndarray) -> bytes:
    n, channels, height, width = x.shape
    rows = -(-n // COLUMNS)
    padded = np.zeros((rows * COLUMNS, channels, height, width), np.uint8)
    padded[:n] = x
    tiles = padded.reshape(rows, COLUMNS, channels, height, width)
    sheet = tiles.transpose(2, 0, 3, 1, 4).reshape(channels, rows * height, COLUMNS * width)
    file = io.BytesIO()
    Image.fromarray(as_bytes(sheet)).save(file, "PNG", compress_level=6)
    return file.getvalue()
