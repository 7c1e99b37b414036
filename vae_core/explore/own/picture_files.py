"""A photograph as a JPEG or WebP file of a given weight: what decades of engineering make of as many bits."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from PIL import Image

from vae_core.explore.own.likeness import Likeness, likeness, psnr
from vae_core.explore.own.photographs import Coded
from vae_core.units import bits

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


def decoded(data: bytes) -> np.ndarray:
    """What a file shows, uint8 (H, W, 3)."""
    return np.asarray(Image.open(io.BytesIO(data), formats=CODECS).convert("RGB"))


def as_file(data: bytes, photograph: np.ndarray, codec: Codec, quality: int) -> File:
    """The photograph as a file of that quality, which is there as bytes, with all that is known of it."""
    picture = decoded(data)
    return File(codec, data, quality, picture, likeness(photograph, picture))


def at_bits(photograph: np.ndarray, codec: Codec, n_bits: float) -> File:
    """The best file of at most so many bits, or the smallest there is."""
    return _best(photograph, codec, lambda data: 8 * len(data) <= n_bits)


def at_psnr(photograph: np.ndarray, codec: Codec, limit: float) -> File:
    """The largest file whose PSNR is not above the limit, or the smallest there is."""
    return _best(photograph, codec, lambda data: psnr(photograph, decoded(data)) <= limit)


def _best(photograph: np.ndarray, codec: Codec, is_within: Callable[[bytes], bool]) -> File:
    quality = highest_quality(codec, lambda quality: is_within(encoded(photograph, codec, quality)))
    return as_file(encoded(photograph, codec, quality), photograph, codec, quality)


def highest_quality(codec: Codec, is_within: Callable[[int], bool]) -> int:
    """The highest quality that is within a limit, by bisection; the lowest there is where none is."""
    low, high = QUALITIES[codec][0] + 1, QUALITIES[codec][-1]
    while low <= high:
        middle = (low + high) // 2
        if is_within(middle):
            low = middle + 1
        else:
            high = middle - 1
    return low - 1


def curve(photograph: np.ndarray, codec: Codec) -> list[tuple[float, float]]:
    """(bits per pixel, PSNR) of files at ten qualities, in that order."""
    points = []
    for quality in CURVE_QUALITIES:
        data = encoded(photograph, codec, quality)
        points.append((8 * len(data) / (photograph.shape[0] * photograph.shape[1]), psnr(photograph, decoded(data))))
    return points


def beside(photograph: np.ndarray, coded: Coded) -> list[File]:
    """Files of every codec to set beside what a model made of a photograph: of as many bits, or as like it where its code has no rate."""
    if coded.rate is None:
        return [at_psnr(photograph, codec, coded.likeness.psnr) for codec in CODECS]
    return [at_bits(photograph, codec, bits(coded.rate)) for codec in CODECS]
