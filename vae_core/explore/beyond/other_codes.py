"""What other codes make of the images of a file: a distribution for each pixel by itself, and files of general use."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
from typing import Any

import numpy as np
from PIL import Image

from vae_core.explore.beyond.files import HEADER
from vae_core.explore.beyond.pixels import Levels, OnOff, Pixels
from vae_core.explore.beyond.rans import LEAST, Stack


def pixels_alone(x: np.ndarray, *, is_binary: bool, at_once: int = 2000) -> Pixels:
    """A distribution for each pixel by itself, without a code: by its share of ones, or by its mean and spread.

    Args:
        x: training images, uint8 (N, C, H, W).
        is_binary: whether pixels are 0 and 1.
        at_once: images whose squares are in memory.
    """
    rows = x.reshape(len(x), -1)
    total = rows.sum(0, dtype=np.float64) / 255
    if is_binary:
        return OnOff.of((total + 0.5) / (len(rows) + 1))  # none is 0 or 1
    squares = sum((np.square(rows[k : k + at_once] / 255)).sum(0) for k in range(0, len(rows), at_once))
    spread = np.sqrt(np.maximum(squares / len(rows) - (total / len(rows)) ** 2, 255.0**-2))
    return Levels.of(total / len(rows), spread)


def length_alone(law: Pixels, pixels: np.ndarray) -> int:
    """Bytes of a file of images, uint8 (N, P), by such a distribution."""
    stack = Stack(LEAST)
    for image in pixels:
        law.push(stack, image.tolist())
    return HEADER.size + len(stack.to_bytes())


def general_purpose(pixels: np.ndarray, shape: tuple[int, ...], *, is_binary: bool) -> dict[str, int]:
    """Bytes of the same images in files of general use.

    Binary ones go to gzip, bzip2 and xz eight pixels to a byte or one, whichever is shorter; PNG and WebP have all images side by side.

    Args:
        pixels: uint8 (N, P).
        shape: of an image, (C, H, W).
        is_binary: whether they are 0 and 1.
    """
    ways = [pixels.tobytes(), *([np.packbits(pixels).tobytes()] if is_binary else [])]
    images = (pixels * np.uint8(255 if is_binary else 1)).reshape(-1, *shape)
    side_by_side = images.transpose(2, 0, 3, 1).reshape(shape[1], -1, shape[0])  # (H, N·W, C)
    strip = Image.fromarray(side_by_side.squeeze())
    return {
        "gzip": min(len(gzip.compress(way, 9, mtime=0)) for way in ways),
        "bzip2": min(len(bz2.compress(way, 9)) for way in ways),
        "xz": min(len(lzma.compress(way)) for way in ways),
        "PNG": _saved(strip.convert("1") if is_binary else strip, "PNG", optimize=True),
        "WebP": _saved(strip.convert("RGB"), "WebP", lossless=True, quality=100),
    }


def _saved(picture: Image.Image, kind: str, **options: Any) -> int:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return len(file.getvalue())
