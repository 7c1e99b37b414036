"""A labelled table of images, a column for each model: as HTML for a page, in the page's own type, and as PNG to keep."""

from __future__ import annotations

import base64
import hashlib
import math
from dataclasses import dataclass
from html import escape

import numpy as np

from vae_core.drawing import window
from vae_core.drawing.canvas import DENSITY, Canvas, times_of
from vae_core.drawing.images import Theme, image_png
from vae_core.drawing.theme import DIVERGING, Mark

LABEL_WIDTH, GAP = 74, 4
LINE = 20
"""Height of a line of text under an image, in pixels."""
SOFT_HYPHEN = "\u00ad"
"""Where a browser may break a word of a label."""
LEAST, MOST = 40, 200
"""Width of an image on the screen, in pixels: no less where its window is low, no more where that is large."""
TELEPHONE, LETTER = 348, 6.6
"""Width of a table on a telephone that is held upright, and of a letter of its titles there, in pixels."""


@dataclass(frozen=True, slots=True, eq=False)
class Tile:
    """One image of the table, (C, H, W), uint8 or float in [0, 1], and the line under it."""

    image: np.ndarray
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above a column: its title, a line below that, how the family is marked, and whether it is in focus."""

    title: str
    line: str = ""
    mark: Mark | None = None
    is_focus: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class ImageTable:
    """Images in rows and columns.

    Attributes:
        heads: one for each column.
        rows: tiles, as many a row as there are heads; None for one that is missing.
        labels: one for each row, written before it.
        note: what the whole table needs said, such as the scale of its error maps.
        has_error_scale: whether the scale of error maps is drawn below.
        error_limit: its end.
        missing: what stands where an image is missing.
    """

    heads: tuple[Head, ...]
    rows: tuple[tuple[Tile | None, ...], ...]
    labels: tuple[str, ...] = ()
    note: str = ""
    has_error_scale: bool = False
    error_limit: float = 1.0
    missing: str = "–"

    @property
    def image_size(self) -> tuple[int, int]:
        """Width and height of an image, in its own pixels."""
        tile = next(tile for row in self.rows for tile in row if tile is not None)
        return tile.image.shape[2], tile.image.shape[1]

    def to_html(self, *, beside: int = 240, charts: int = 0, most: int = MOST, stacked: int = 1) -> str:
        """The table as HTML, its images as large as the window has room for.

        Each pixel is a square in the file, of the next whole multiple or a larger one; the browser averages from there.

        Args:
            beside: height in pixels of what keeps its size in the window.
            charts: height of the charts there, which grow with it (`window.height`).
            most: largest width of an image on the screen, in pixels.
            stacked: how many such tables stand above each other.
        """
        sizes = self._sizes_css(beside, charts, most, stacked)
        name = "t" + hashlib.sha256(repr((self.heads, self.labels, sizes)).encode()).hexdigest()[:8]
        times = math.ceil(most / self.image_size[0])
        cells = "".join(self._head_html(head) for head in self.heads)
        corner = '<div class="corner"></div>' if self.labels else ""
        rows = "".join(self._row_html(index, times) for index in range(len(self.rows)))
        style = _CSS.replace("NAME", name).replace("COLUMNS", self._columns_css()).replace("SIZES", sizes)
        note = f'<div class="note">{escape(self.note)}{self._scale_html()}</div>' if self.note else ""
        turned = " turned" if self._is_tight else ""
        return f'<style>{style}</style><div class="{name}{turned}"><div class="grid">{corner}{cells}{rows}</div>{note}</div>'

    def to_png(self, *, times: int | None = None, theme: Theme = "light", density: int = DENSITY) -> bytes:
        """The table as a PNG file.

        Args:
            times: side of the square that a pixel becomes in the layout; about 110 pixels an image where it is not given.
            theme: of paper and ink.
            density: pixels of the file for one of the layout.
        """
        width, height = self.image_size
        times = times or times_of(width)
        image, left, top = (width * times, height * times), (LABEL_WIDTH if self.labels else GAP), 2 * LINE + 2 * GAP
        cell = (image[0] + GAP, image[1] + LINE + GAP)
        size = (left + len(self.heads) * cell[0], top + len(self.rows) * cell[1] + (LINE + GAP if self.note else 0))
        canvas = Canvas.blank(size, theme, density)
        for column, head in enumerate(self.heads):
            _draw_head(canvas, head, left + column * cell[0], image[0])
        for index, row in enumerate(self.rows):
            y = top + index * cell[1]
            if self.labels:
                canvas.text((GAP, y), (LABEL_WIDTH - 2 * GAP, image[1]), self.labels[index].replace(SOFT_HYPHEN, ""), size=13, align="left")
            for column, tile in enumerate(row):
                if tile is not None:
                    canvas.image((left + column * cell[0], y), tile.image, times)
                    canvas.text((left + column * cell[0], y + image[1]), (image[0], LINE), tile.caption, size=13)
        if self.note:
            canvas.text((GAP, size[1] - LINE - GAP // 2), (size[0] - 2 * GAP, LINE), self.note, size=13, align="left")
        return canvas.to_png()

    def _repr_png_(self) -> bytes:
        """What a notebook shows, pixel by pixel."""
        return self.to_png(density=1)

    def _head_html(self, head: Head) -> str:
        glyph = f'<span style="color:{head.mark.colour}">{head.mark.glyph}</span> ' if head.mark else ""
        colour = head.mark.colour if head.mark else "transparent"
        focus = " focus" if head.is_focus else ""
        lines = (f"<b>{glyph}{escape(head.title)}</b>" if head.title else "") + (f"<span>{escape(head.line)}</span>" if head.line else "")
        return f'<div class="head{focus}" style="--mark:{colour}">{lines}</div>'

    def _scale_html(self) -> str:
        if not self.has_error_scale:
            return ""
        colours = ", ".join(colour for _, colour in DIVERGING)
        bar = f'<i style="background:linear-gradient(90deg, {colours})"></i>'
        return f'<span class="scale">−{self.error_limit:g}{bar}+{self.error_limit:g}</span>'

    def _row_html(self, index: int, times: int) -> str:
        label = f'<div class="label">{escape(self.labels[index])}</div>' if self.labels else ""
        row = self.labels[index] if self.labels else str(index + 1)
        tiles = zip(self.heads, self.rows[index], strict=True)
        return label + "".join(_tile_html(tile, f"{head.title}, {row}", times, self.missing) for head, tile in tiles)

    @property
    def _is_tight(self) -> bool:
        """Whether a word of a title is wider than its column on a telephone, where the titles then read upwards."""
        longest = max((len(word) for head in self.heads for word in head.title.split()), default=0)
        return longest * LETTER > (TELEPHONE - self._taken_x) / len(self.heads)

    @property
    def _taken_x(self) -> int:
        """Pixels across that are not images."""
        return len(self.heads) * GAP + (LABEL_WIDTH + GAP if self.labels else 0)

    def _columns_css(self) -> str:
        return ("auto " if self.labels else "") + f"repeat({len(self.heads)}, auto)"

    def _sizes_css(self, beside: int, charts: int, most: int, stacked: int) -> str:
        """Width and height of an image: what the columns share, and what the rows share, whichever is less."""
        width, height = self.image_size
        taken_y = f"{beside}px" + (f" - {window.height(charts)}" if charts else "")
        across = f"(100cqw - {self._taken_x}px) / {len(self.heads)}"
        up = f"(({window.ROOM} - {taken_y}) / {stacked * len(self.rows)} - {LINE + GAP}px) * {width / height:.4f}"
        return f"width: min({most}px, {across}, max({LEAST}px, {up})); aspect-ratio: {width} / {height}; height: auto"


def _draw_head(canvas: Canvas, head: Head, left: int, width: int) -> None:
    canvas.text((left, GAP), (width, LINE), head.title, size=15)
    canvas.text((left, GAP + LINE), (width, LINE), head.line, size=13)
    if head.mark is not None:
        canvas.rectangle((left, 2 * LINE + 2 * GAP - 6), (width, 3), head.mark.colour)


def _tile_html(tile: Tile | None, alt: str, times: int, missing: str) -> str:
    if tile is None:
        return f'<div class="tile none">{escape(missing)}</div>'
    data = base64.b64encode(image_png(tile.image, times=times)).decode()
    words = f"{alt}: {tile.caption}" if tile.caption else alt
    image = f'<img src="data:image/png;base64,{data}" alt="{escape(words)}">'
    return f'<div class="tile">{image}<span>{escape(tile.caption)}</span></div>'


_CSS = """
.NAME { container-type: inline-size; overflow: auto hidden }
.NAME .grid { display: grid; grid-template-columns: COLUMNS; justify-content: start; align-items: start; column-gap: 4px; row-gap: 4px }
.NAME .head { display: flex; flex-direction: column; align-items: center; text-align: center; line-height: 1.2;
  font-size: max(0.9rem, var(--least-type, 0px));
  border-bottom: 3px solid var(--mark); padding-bottom: 3px; align-self: stretch; justify-content: flex-end;
  width: min-content; min-width: 100% }
.NAME .head.focus { background: color-mix(in srgb, var(--mark) 22%, transparent); border-radius: 6px 6px 0 0 }
.NAME .head span, .NAME .tile span { font-size: max(0.84rem, var(--least-type, 0px)); font-variant-numeric: tabular-nums;
  opacity: 0.85 }
.NAME .head b span { opacity: 1; font-size: inherit }
.NAME .label { font-size: max(0.84rem, var(--least-type, 0px)); align-self: center; max-width: 74px; line-height: 1.25; opacity: 0.85 }
.NAME .tile { display: flex; flex-direction: column; align-items: center; line-height: 1.2 }
@media (min-width: 641px) { .NAME .tile span { padding-inline: 3px } }
.NAME .tile.none { justify-content: center; opacity: 0.5 }
.NAME img { display: block; max-width: none; border-radius: 0 }
.NAME img, .NAME .none { SIZES }
.NAME .note { font-size: max(0.84rem, var(--least-type, 0px)); opacity: 0.85; margin-top: 0.5rem }
.NAME .scale { white-space: nowrap; margin-left: 0.6rem }
.NAME .scale i { display: inline-block; width: 90px; height: 10px; margin: 0 5px; vertical-align: baseline }
@container (max-width: 420px) {
  .NAME .head, .NAME .head span, .NAME .tile span { font-size: max(0.72rem, var(--least-type, 0px)) }
  .NAME.turned .head { writing-mode: vertical-rl; transform: rotate(180deg); text-align: start; align-items: flex-start;
    justify-content: center;
    border: 0; border-top: 3px solid var(--mark); padding: 3px 0 0; width: auto; min-width: 0; max-height: 9.5rem; line-height: 1.1 }
}
"""
