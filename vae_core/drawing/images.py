"""Images as PNG files by Pillow: single ones, strips, grids, error maps; enlarged without blur, never stretched."""

from __future__ import annotations

import base64
import io
import zlib
from functools import lru_cache
from typing import Literal

import numpy as np
from PIL import Image

from vae_core.drawing.colours import between
from vae_core.drawing.theme import DIVERGING

ERROR_LIMITS = (0.125, 0.25, 0.5, 1.0)
"""Ends of the scale that error maps may have; pixels lie in [0, 1], so that no error of a clipped image exceeds 1."""

SMALL = 64 * 64
"""Bytes of the pixels of an image whose PNG file is remembered."""

INK = {"light": "#1b1f24", "dark": "#e8eaed"}
PAPER = {"light": "#ffffff", "dark": "#0f1419"}

Theme = Literal["light", "dark"]


def as_bytes(image: np.ndarray) -> np.ndarray:
    """An image as a screen shows it: uint8 (H, W), or (H, W, 3) for three channels.

    Args:
        image: (C, H, W) with C of 1 or 3; uint8, or float in [0, 1], where what lies outside is shown as black or white.

    Raises:
        ValueError: if the array has another shape.
    """
    if image.ndim != 3 or image.shape[0] not in (1, 3):
        raise ValueError(f"image must have shape (1, H, W) or (3, H, W), got {image.shape}")
    levels = image if image.dtype == np.uint8 else np.round(np.clip(image, 0, 1) * 255).astype(np.uint8)
    return levels[0] if levels.shape[0] == 1 else levels.transpose(1, 2, 0)


def error_limit(errors: np.ndarray) -> float:
    """The smallest of `ERROR_LIMITS` that 99 of 100 pixels stay below: one scale for all maps that are shown together."""
    large = float(np.quantile(np.abs(errors), 0.99)) if errors.size else 0.0
    return next((limit for limit in ERROR_LIMITS if large <= limit * (1 + 1e-6)), ERROR_LIMITS[-1])


def error_map(error: np.ndarray, limit: float = 1.0) -> np.ndarray:
    """x̂ − x in the diverging colours, as uint8 (3, H, W): blue where the reconstruction is too dark, red where it is too bright.

    Args:
        error: (C, H, W); the mean over channels is shown.
        limit: the error at the end of the scale; larger ones are drawn as this one.
    """
    return between(np.clip(error.mean(0) / limit, -1, 1) / 2 + 0.5, DIVERGING).transpose(2, 0, 1)


def enlarged(image: np.ndarray, times: int) -> Image.Image:
    """Every pixel as a square of `times` by `times`."""
    return _enlarged(as_bytes(image), times)


def _enlarged(levels: np.ndarray, times: int) -> Image.Image:
    return Image.fromarray(np.repeat(np.repeat(levels, times, axis=0), times, axis=1))


def to_png(picture: Image.Image, *, compress_level: int = 6, is_quick: bool = False) -> bytes:
    """The bytes of a PNG file; a quick one of a photograph is no more than a tenth larger, and made in a third of the time."""
    how = {"compress_level": 1, "compress_type": zlib.Z_RLE} if is_quick else {"compress_level": compress_level}
    file = io.BytesIO()
    picture.save(file, "PNG", **how)
    return file.getvalue()


def data_url(png: bytes) -> str:
    """An address that is the PNG file itself."""
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"


def image_png(image: np.ndarray, *, times: int = 1) -> bytes:
    """One image, (C, H, W), as a PNG file. Small ones are remembered: a class looks at the same tiles again and again."""
    levels = as_bytes(image)
    if levels.size <= SMALL:
        return _small_png(levels.tobytes(), levels.shape, times)
    return to_png(_enlarged(levels, times))


@lru_cache(maxsize=4096)
def _small_png(levels: bytes, shape: tuple[int, ...], times: int) -> bytes:
    return to_png(_enlarged(np.frombuffer(levels, np.uint8).reshape(shape), times))


def grid_png(images: np.ndarray, *, times: int = 4, gap: int = 2) -> bytes:
    """Rows of images as one PNG file, transparent between them.

    Args:
        images: (rows, columns, C, H, W), uint8 or float in [0, 1].
        times: side of the square that a pixel becomes.
        gap: pixels between neighbours; 0 for a seamless grid.
    """
    rows, columns, _, height, width = images.shape
    step_y, step_x = height * times + gap, width * times + gap
    canvas = Image.new("RGBA", (columns * step_x - gap, rows * step_y - gap), (0, 0, 0, 0))
    for row in range(rows):
        for column in range(columns):
            canvas.paste(enlarged(images[row, column], times), (column * step_x, row * step_y))
    return to_png(canvas)
