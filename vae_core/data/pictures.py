"""Pictures that a person brings for a while: files and ZIP files, each read through the one door, or named with a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image

from vae_core.data.allowance import Allowance, TooCostly
from vae_core.data.images import Behind, ImageRefused, is_transparent, read_image
from vae_core.data.own_files import OwnFile, given

MOST_PICTURES = 40
"""Pictures taken at once; for more there are data sets of one's own."""
MOST_REFUSED = 40
LARGEST_SIDE = 1024
"""Pixels that are kept of a picture's longer side: far more than any model here takes."""


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """One picture as a person sees it.

    Attributes:
        name: for people only; never a path to anything.
        on_white: uint8 (H, W) or (H, W, 3).
        on_black: the same with black behind what is transparent; None for an opaque picture.
        size: width and height of the file's image, in pixels.
    """

    name: str
    on_white: np.ndarray
    on_black: np.ndarray | None = None
    size: tuple[int, int] = (0, 0)

    def over(self, behind: Behind) -> np.ndarray:
        """The picture over white or over black, uint8 (H, W) or (H, W, 3)."""
        return self.on_black if behind == "black" and self.on_black is not None else self.on_white


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """What came of some files: the pictures, and a sentence for each file that is none."""

    pictures: tuple[Picture, ...] = ()
    refused: tuple[str, ...] = ()


def read_picture(data: bytes, name: str, allowance: Allowance | None = None) -> Picture:
    """One picture from the bytes of its file; `allowance` as for `images.read_image`.

    Raises:
        ImageRefused: as `images.read_image` does.
        TooCostly: likewise.
    """
    on_white = read_image(data, name=name, allowance=allowance)
    height, width = on_white.shape[:2]
    is_clear = is_transparent(data, name=name, allowance=allowance)
    on_black = shrunk(read_image(data, name=name, behind="black", allowance=allowance)) if is_clear else None
    return Picture(name, shrunk(on_white), on_black, (width, height))


def read_batch(files: Iterable[tuple[str, bytes]], *, most: int = MOST_PICTURES) -> Batch:
    """Every picture in these files and ZIP files, in their order, as far as one upload may cost; a bad one stops none of the others.

    Args:
        files: names and bytes, as they were handed over.
        most: pictures that are taken; of what comes after, one sentence is said.
    """
    allowance = Allowance.of_an_upload()
    pictures: list[Picture] = []
    refused: list[str] = []
    for file in _members(files, refused, allowance):
        if len(pictures) == most or len(refused) >= MOST_REFUSED:
            refused.append(f"The batch must hold at most {most} pictures, got more: the rest is left out, or make a data set of them.")
            break
        try:
            pictures.append(read_picture(file.read(), file.name, allowance))
        except ImageRefused as error:
            refused.append(f"{error}.")
        except TooCostly as error:
            refused.append(f"{error}.")
            break
    return Batch(tuple(pictures), tuple(refused))


def _members(files: Iterable[tuple[str, bytes]], refused: list[str], allowance: Allowance) -> Iterator[OwnFile]:
    """The files one by one; a ZIP file among them stands for what it holds, unless it is damaged."""
    for name, data in files:
        try:
            yield from given([(name, data)], allowance)
        except ValueError as error:
            refused.append(f"{error}.")


def shrunk(pixels: np.ndarray) -> np.ndarray:
    """The picture with at most `LARGEST_SIDE` pixels a side, by the mean of squares of whole pixels."""
    factor = -(-max(pixels.shape[:2]) // LARGEST_SIDE)
    if factor == 1:
        return pixels
    across, down = (factor if side >= factor else 1 for side in (pixels.shape[1], pixels.shape[0]))
    return np.asarray(Image.fromarray(pixels).reduce((across, down)))
