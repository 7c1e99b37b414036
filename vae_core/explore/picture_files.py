"""A photograph as a JPEG or WebP file of a given weight: what decades of engineering make of as many bits."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from PIL import Image

from vae_core.explore.likeness import Likeness, likeness, psnr

Codec = Literal["JPEG", "WebP"]
CODECS: tuple[Codec, ...] = ("JPEG", "WebP")
QUALITIES = {"JPEG": range(1, 96), "WebP": range(101)}
"""What Pillow offers; above 95 JPEG only grows."""
CURVE_QUALITIES = (1, 5, 10, 20, 35, 50, 65, 80, 90, 95)


@dataclass(frozen=True, slots=True, eq=False)
class File:
    """A photograph as a file.

    Attributes:
        data: the file.
        quality: as given to Pillow.
        picture: what it decodes to.
        likeness: of that picture.
    """

    codec: Codec
    data: bytes
    quality: int
    picture: np.ndarray
    likeness: Likeness

    @property
    def bits_per_pixel(self) -> float:
        """Bits of the whole file, headers included, per pixel."""
        return 8 * len(self.data) / (self.picture.shape[0] * self.picture.shape[1])


def encoded(photograph: np.ndarray, codec: Codec, quality: int) -> bytes:
    """The photograph as a file, by Pillow: JPEG with optimised Huffman tables, WebP with its usual effort."""
    file = io.BytesIO()
    options = {"optimize": True} if codec == "JPEG" else {}
    Image.fromarray(photograph).save(file, codec, quality=quality, **options)
    return file.getvalue()


def opened(photograph: np.ndarray, codec: Codec, quality: int, data: bytes) -> File:
    """What is known of a file."""
    picture = np.asarray(Image.open(io.BytesIO(data), formats=[codec]).convert("RGB"))
    return File(codec, data, quality, picture, likeness(photograph, picture))


def at_bits(photograph: np.ndarray, codec: Codec, n_bits: float) -> File:
    """The best file of at most so many bits, or the smallest there is; found by bisection over the quality."""
    return _searched(photograph, codec, lambda data: 8 * len(data) <= n_bits)


def at_psnr(photograph: np.ndarray, codec: Codec, limit: float) -> File:
    """The largest file whose PSNR is not above the limit, or the smallest there is; found by bisection over the quality."""

    def is_within(data: bytes) -> bool:
        return psnr(photograph, np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))) <= limit

    return _searched(photograph, codec, is_within)


def _searched(photograph: np.ndarray, codec: Codec, is_within: Callable[[bytes], bool]) -> File:
    """The file of the highest quality that is within the limit; that of the lowest quality where none is."""
    low, high = QUALITIES[codec][0], QUALITIES[codec][-1]
    best = encoded(photograph, codec, low)
    kept, low = low, low + 1
    while low <= high:
        middle = (low + high) // 2
        data = encoded(photograph, codec, middle)
        if is_within(data):
            best, kept, low = data, middle, middle + 1
        else:
            high = middle - 1
    return opened(photograph, codec, kept, best)


def curve(photograph: np.ndarray, codec: Codec) -> list[tuple[float, float]]:
    """(bits per pixel, PSNR) of files at ten qualities, in that order."""
    points = []
    for quality in CURVE_QUALITIES:
        data = encoded(photograph, codec, quality)
        picture = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
        points.append((8 * len(data) / (photograph.shape[0] * photograph.shape[1]), psnr(photograph, picture)))
    return points
