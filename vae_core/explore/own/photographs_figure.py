"""Photographs side by side, whole or a detail of them, and what they cost in bits beside what they keep."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from PIL import Image

from vae_core.drawing import tables
from vae_core.drawing.canvas import DENSITY, Canvas
from vae_core.drawing.chart import Chart, Part, axis, trace, upright
from vae_core.drawing.images import data_url, to_png
from vae_core.drawing.theme import CLASS_COLOURS, MUTED, Mark, house_chart
from vae_core.drawing.window import ROOM

SHOWN_SIDE = 720
"""A whole photograph is sent to the page with at most so many pixels a side."""
DETAIL = (72, 54)
"""Width and height of a detail, in pixels of the photograph."""
GAP, LINE, PRINT_WIDTH = 8, 22, 240
"""Of a sheet that is kept, in pixels of its layout; a print of more pixels keeps them all."""
Address = Callable[[str, np.ndarray, bool], str]
"""(title, picture, whether it is a detail) → where a browser finds it."""


@dataclass(frozen=True, slots=True, eq=False)
class Print:
    """A photograph with its title and the lines below it.

    Attributes:
        title: what it is.
        picture: uint8 (H, W, 3).
        lines: its numbers.
        mark: of the family, where a model made it.
        detail: a part of it in its own pixels, to be shown below it, or None.
    """

    title: str
    picture: np.ndarray
    lines: tuple[str, ...] = ()
    mark: Mark | None = None
    detail: np.ndarray | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """Prints of one size, two beside each other where they are broad, four where they are tall.

    Attributes:
        prints: at least one.
        is_detail: whether pixels are shown as squares.
    """

    prints: tuple[Print, ...]
    is_detail: bool = False

    @property
    def columns(self) -> int:
        """Prints in a row."""
        return 4 if is_tall(self.prints[0].picture) else 2

    @property
    def rows(self) -> int:
        """Rows of prints."""
        return -(-len(self.prints) // self.columns)

    def to_html(self, address: Address | None = None) -> str:
        """The sheet as HTML, as large as the window allows.

        Args:
            address: where a browser finds a picture, given its title, its pixels, and whether it is a detail; without, each is part of
                the HTML.
        """
        parts = [part for part in (self.prints[0].picture, self.prints[0].detail) if part is not None]
        height = self.rows * sum(part.shape[0] / part.shape[1] for part in parts)  # for a width of 1
        width = f"calc(({ROOM} - {200 + 76 * self.rows}px) / {height:.4f})"
        style = _CSS.replace("COLUMNS", str(self.columns)).replace("WIDTH", width)
        style = style.replace("RENDERING", "pixelated" if self.is_detail else "auto")
        figures = "".join(self._figure(one, address or in_the_html) for one in self.prints)
        return f'<style>{style}</style><div class="sheet">{figures}</div>'

    def to_png(self, *, density: int = DENSITY) -> bytes:
        """The sheet as a PNG file with `density` pixels for one of its layout; every pixel of a print is there."""
        height, width = self.prints[0].picture.shape[:2]
        times = max(1, round(PRINT_WIDTH * density / width))  # of a pixel in the file
        box = (-(-width * times // density), -(-height * times // density))
        n_lines = max(len(one.lines) for one in self.prints)
        cell_x, cell_y = box[0] + GAP, box[1] + (1 + n_lines) * LINE + GAP
        canvas = Canvas.blank((self.columns * cell_x + GAP, self.rows * cell_y + GAP), density=density)
        for k, one in enumerate(self.prints):
            left, top = GAP + k % self.columns * cell_x, GAP + k // self.columns * cell_y
            picture = Image.fromarray(one.picture).resize((width * times, height * times), Image.Resampling.NEAREST)
            canvas.sheet.paste(picture, (left * density, (top + LINE) * density))
            tops = [top, *(top + LINE * (1 + j) + box[1] for j in range(n_lines))]
            for text, y in zip((one.title, *one.lines), tops, strict=False):
                canvas.text((left, y), (box[0], LINE), text, size=14)
        return canvas.to_png()

    def _repr_png_(self) -> bytes:
        """What a notebook shows."""
        return self.to_png(density=1)

    def _figure(self, one: Print, address: Address) -> str:
        glyph = f'<span style="color:{one.mark.colour}">{one.mark.glyph}</span> ' if one.mark else ""
        words = ": ".join(filter(None, (one.title, ", ".join(one.lines))))
        pictures = _img(address(one.title, one.picture, self.is_detail), words, "whole")
        if one.detail is not None:
            pictures += _img(address(one.title, one.detail, True), f"{one.title}, detail", "detail")
        lines = "<br>".join(map(escape, one.lines))
        return f"<figure><b>{glyph}{escape(one.title)}</b>{pictures}<figcaption>{lines}</figcaption></figure>"


def _img(address: str, alt: str, kind: str) -> str:
    return f'<img class="{kind}" src="{escape(address)}" alt="{escape(alt)}">'


def shown_png(picture: np.ndarray) -> bytes:
    """A picture, uint8 (H, W, 3), as a page shows it: a PNG file, quickly made, of at most `SHOWN_SIDE` pixels a side."""
    image = Image.fromarray(picture)
    image.thumbnail((SHOWN_SIDE, SHOWN_SIDE), Image.Resampling.LANCZOS)
    return to_png(image, is_quick=True)


def in_the_html(title: str, picture: np.ndarray, is_detail: bool) -> str:
    """An address that is the picture itself."""
    return data_url(shown_png(picture))


def is_tall(picture: np.ndarray) -> bool:
    """Whether a picture, (H, W, 3), is higher than broad."""
    return picture.shape[0] > picture.shape[1]


def detail(picture: np.ndarray, across: float, down: float) -> np.ndarray:
    """A part of a photograph in its own pixels.

    Args:
        picture: uint8 (H, W, 3).
        across: where, from 0 (left) to 1 (right).
        down: where, from 0 (top) to 1 (bottom).
    """
    height, width = min(DETAIL[1], picture.shape[0]), min(DETAIL[0], picture.shape[1])
    top, left = round(down * (picture.shape[0] - height)), round(across * (picture.shape[1] - width))
    return picture[top : top + height, left : left + width]


@dataclass(frozen=True, slots=True)
class Line:
    """A curve of the rate–distortion chart.

    Attributes:
        name: of the legend.
        points: (bits per pixel, PSNR), in their order.
        labels: what is said of each point.
        mark: how it is drawn.
    """

    name: str
    points: Sequence[tuple[float, float]]
    labels: Sequence[str]
    mark: Mark


JPEG_MARK = Mark(CLASS_COLOURS[6], "x", "solid", "×", "JPEG")
WEBP_MARK = Mark(CLASS_COLOURS[3], "cross", "solid", "+", "WebP")
CODEC_MARKS = {"JPEG": JPEG_MARK, "WebP": WEBP_MARK}


def rate_distortion(lines: Sequence[Line], *, chosen: float | None = None, height: int = 540) -> Chart:
    """PSNR against bits per pixel: files and rates on one picture.

    Args:
        lines: one for each codec and family.
        chosen: bits per pixel of the model that is looked at, where it has a rate.
        height: in pixels.
    """
    ticks = [0.05, 0.1, 0.2, 0.5, 1, 2, 5]
    dotted = {} if chosen is None else {"shapes": [upright(chosen, line={"color": MUTED, "width": 1, "dash": "dot"})]}
    return house_chart(
        [_curve(line) for line in lines],
        height=height,
        **dotted,
        xaxis=axis("Bits per pixel", type="log", tickvals=ticks),
        yaxis=axis("PSNR (dB); of models, with z sampled"),
    )


def _curve(line: Line) -> Part:
    across, up = zip(*line.points, strict=True) if line.points else ((), ())
    look = {"symbol": line.mark.symbol, "size": 10, "color": line.mark.colour}
    style = {"dash": line.mark.dash, "width": 2, "color": line.mark.colour}
    pointer = "%{text}: %{x:.3f} bits per pixel, %{y:.2f} dB<extra>" + line.name + "</extra>"
    common = {"name": line.name, "mode": "lines+markers", "text": list(line.labels), "hovertemplate": pointer}
    return trace("scatter", x=across, y=up, marker=look, line=style, **common)


def rate_distortion_csv(lines: Sequence[Line]) -> bytes:
    """The chart's points as a CSV file, one a line."""
    points = ([line.name, label, *point] for line in lines for label, point in zip(line.labels, line.points, strict=True))
    return tables.csv(["curve", "setting", "bits_per_pixel", "psnr_db"], points)


_CSS = """
.sheet { display: grid; grid-template-columns: repeat(COLUMNS, minmax(0, WIDTH)); gap: 8px 12px; justify-content: start }
.sheet figure { margin: 0; display: flex; flex-direction: column; align-items: center; gap: 4px; min-width: 0 }
.sheet img { width: 100%; display: block; border-radius: 2px; image-rendering: RENDERING }
.sheet img.detail { image-rendering: pixelated }
.sheet b { font-size: max(0.9rem, var(--least-type, 0px)); line-height: 1.4 }
.sheet figcaption { font-size: max(0.84rem, var(--least-type, 0px)); line-height: 1.3; opacity: 0.85; text-align: center;
  font-variant-numeric: tabular-nums }
"""


def side_by_side(pictures: Mapping[str, np.ndarray]) -> Sheet:
    """Photographs of one size beside each other: title → uint8 (H, W, 3)."""
    return Sheet(tuple(Print(title, picture) for title, picture in pictures.items()))
