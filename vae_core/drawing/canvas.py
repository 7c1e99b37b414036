"""A picture to keep: laid out in the pixels of a screen, drawn with three times as many, in a typeface that has the field's letters."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from vae_core.drawing.images import INK, PAPER, Theme, enlarged, image_png, to_png

DENSITY = 3
"""Pixels of the file, along each side, for one of the layout: sharp in print and on slides."""
TYPEFACE = "mpl-data/fonts/ttf/DejaVuSans.ttf"
"""Of the package matplotlib. It has −, x̂, σ and subscripts; Pillow's own has not."""
SMALLEST = 7
IMAGE_WIDTH = 110
"""About so wide is an image of a data set laid out, in whole multiples of its pixels."""


@lru_cache(maxsize=64)
def typeface(size: int) -> ImageFont.FreeTypeFont:
    """DejaVu Sans in a size, in pixels."""
    package = find_spec("matplotlib")  # whose code is not run
    if package is None or package.origin is None:
        raise ModuleNotFoundError("matplotlib must be installed, whose typeface pictures are written in: install requirements.txt again")
    return ImageFont.truetype(Path(package.origin).parent / TYPEFACE, size, layout_engine=ImageFont.Layout.BASIC)


def text_in(
    pen: ImageDraw.ImageDraw, corner: tuple[int, int], box: tuple[int, int], text: str, *, size: int, colour: str, align: str = "centre"
) -> None:
    """One line of text in a box, made smaller until it fits, and cut where even that is too long.

    Args:
        pen: of the picture.
        corner: left and top of the box.
        box: its width and height.
        text: to be written.
        size: of the type, in pixels, where it fits.
        colour: of the type.
        align: `centre` or `left`.
    """
    while pen.textlength(text, font=typeface(size)) > box[0] and size > SMALLEST:
        size -= 1
    font = typeface(size)
    while pen.textlength(text, font=font) > box[0] and len(text) > 1:
        text = f"{text[:-2]}…"
    left = corner[0] + ((box[0] - pen.textlength(text, font=font)) / 2 if align == "centre" else 0)
    pen.text((left, corner[1] + box[1] / 2), text, font=font, fill=colour, anchor="lm")


def times_of(width: int) -> int:
    """Side of the square, in pixels of the layout, that a pixel of an image of that width becomes."""
    return max(1, round(IMAGE_WIDTH / width))


def kept_png(image: np.ndarray) -> bytes:
    """One image, (C, H, W), as a PNG file to keep."""
    return image_png(image, times=DENSITY * times_of(image.shape[-1]))


@dataclass(frozen=True, slots=True, eq=False)
class Canvas:
    """A sheet of paper and what is put on it; every length is in pixels of the layout.

    Attributes:
        sheet: with `density` pixels for one of the layout.
        theme: of paper and ink.
        density: of the sheet.
    """

    sheet: Image.Image
    theme: Theme = "light"
    density: int = DENSITY

    @classmethod
    def blank(cls, size: tuple[int, int], theme: Theme = "light", density: int = DENSITY) -> Canvas:
        """An empty sheet of that width and height."""
        return cls(Image.new("RGB", (size[0] * density, size[1] * density), PAPER[theme]), theme, density)

    def image(self, corner: tuple[int, int], image: np.ndarray, times: int) -> None:
        """An image, (C, H, W), each pixel a square of `times` by `times`."""
        self.sheet.paste(enlarged(image, times * self.density), self._scaled(corner))

    def rectangle(
        self, corner: tuple[int, int], box: tuple[int, int], colour: str | tuple[int, int, int], outline: str | None = None
    ) -> None:
        """A filled rectangle of that width and height."""
        (x, y), (width, height) = self._scaled(corner), self._scaled(box)
        ImageDraw.Draw(self.sheet).rectangle((x, y, x + width - 1, y + height - 1), fill=colour, outline=outline, width=self.density)

    def text(
        self, corner: tuple[int, int], box: tuple[int, int], text: str, *, size: int, colour: str | None = None, align: str = "centre"
    ) -> None:
        """One line of text in a box, as `text_in` writes it; in the theme's ink where no colour is given."""
        ink, pen = colour or INK[self.theme], ImageDraw.Draw(self.sheet)
        text_in(pen, self._scaled(corner), self._scaled(box), text, size=size * self.density, colour=ink, align=align)

    def to_png(self) -> bytes:
        """The sheet as a PNG file."""
        return to_png(self.sheet)

    def _scaled(self, lengths: tuple[int, int]) -> tuple[int, int]:
        return lengths[0] * self.density, lengths[1] * self.density
