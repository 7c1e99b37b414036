"""The stack of bits while images are written, beside what every code needs for them; and the images before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vae_core.drawing.chart import Chart, Part, axis, level, note, panel, trace
from vae_core.drawing.image_table import Head, ImageTable, Tile
from vae_core.drawing.tables import csv
from vae_core.drawing.theme import CLASS_COLOURS, MUTED, house_chart, level_axes, mark

N_STEPS = 6
"""Images whose writing is drawn step by step."""
ROOM = 1.8
"""So many times the longest bar is the axis long, for what stands behind the bars."""
STEPS = (
    ("z taken by q(z|x)", MUTED, "dot"),
    ("x written by p(x|z)", CLASS_COLOURS[9], "solid"),
    ("z written by p(z)", CLASS_COLOURS[4], "dash"),
)


@dataclass(frozen=True, slots=True)
class Code:
    """What one way of coding needs for the images.

    Attributes:
        name: what it is.
        n_bytes: of its file, or as many as it predicts; None where there is no length.
        is_file: whether these are bytes that were written.
        family: whose it is; None for codes of general use.
    """

    name: str
    n_bytes: float | None
    is_file: bool = True
    family: str | None = None


def stack_and_codes(
    lengths: np.ndarray, borrowed: float, predicted: np.ndarray, codes: Sequence[Code], *, n_pixels: int, height: int = 400
) -> Chart:
    """Bits on the stack over the first images, and bits per pixel of every code.

    Args:
        lengths: of the stack, in bits, after each of three steps of each image, (N, 3).
        borrowed: bits on it before the first.
        predicted: −ELBO of each image in bits, (N,).
        codes: from above.
        n_pixels: of all images together.
        height: in pixels.
    """
    n = min(len(lengths), N_STEPS)
    before = np.concatenate([[borrowed], lengths[: n - 1, 2]])
    ends = np.column_stack([before, lengths[:n]])  # (n, 4)
    traces = [_step(ends, k) for k in range(3)]
    line = {"color": mark("vae").colour, "width": 1.5, "dash": mark("vae").dash}
    expected = borrowed + np.concatenate([[0], predicted[:n].cumsum()])
    traces.append(trace("scatter", x=np.arange(n + 1), y=expected, mode="lines", line=line, name="borrowed + −ELBO"))
    traces += _bars(codes, n_pixels)
    longest = max(8 * code.n_bytes / n_pixels for code in codes if code.n_bytes is not None)
    layout = level_axes(
        {
            "xaxis": axis("images written", domain=[0, 0.45], range=[-0.05, n + 0.05], dtick=1),
            "yaxis": axis("bits on the stack", rangemode="tozero"),
            "xaxis2": axis("bits per pixel", domain=[0.68, 1], anchor="y2", range=[0, longest * ROOM], nticks=5),
            "yaxis2": axis("", anchor="x2", autorange="reversed", showgrid=False, ticks=""),
        }
    )
    words = note(f"borrowed: {borrowed:.0f} bits", x=1, xref="x domain", y=borrowed, yref="y", xanchor="right", yanchor="bottom")
    shapes = [level(borrowed, line={"color": MUTED, "dash": "dot", "width": 1})]
    legend = {"legend": {"y": 1.04, "font": {"size": 13}}}
    return house_chart(traces, height=height, **layout, **legend, shapes=shapes, annotations=[words], margin={"t": 70, "b": 48}, bargap=0.3)


def _step(ends: np.ndarray, k: int) -> Part:
    """One of the three steps of each image, as lines with gaps between them."""
    name, colour, dash = STEPS[k]
    n = len(ends)
    x = np.column_stack([np.arange(n) + k / 3, np.arange(n) + (k + 1) / 3, np.full(n, np.nan)])
    y = np.column_stack([ends[:, k], ends[:, k + 1], np.full(n, np.nan)])
    look = {"mode": "lines", "line": {"color": colour, "width": 3, "dash": dash}}
    return trace("scatter", x=x.ravel(), y=y.ravel(), name=name, hovertemplate=f"%{{y:.0f}} bits<extra>{name}</extra>", **look)


def _bars(codes: Sequence[Code], n_pixels: int) -> list[Part]:
    """A bar for each code: filled for a file, hollow for what is computed; words where there is no length."""
    rates = [0.0 if code.n_bytes is None else 8 * code.n_bytes / n_pixels for code in codes]
    texts = [" no code length" if code.n_bytes is None else f" {code.n_bytes:,.0f} bytes" for code in codes]
    colours = [mark(code.family).colour for code in codes]
    fills = [colour if code.is_file else "rgba(0, 0, 0, 0)" for code, colour in zip(codes, colours, strict=True)]
    marker = {"color": fills, "line": {"color": colours, "width": 1.5}}
    names = [code.name for code in codes]
    look = {"orientation": "h", "marker": marker, "textposition": "outside", "cliponaxis": False, "showlegend": False}
    hover = {"hovertemplate": "%{y}: %{x:.3f} bits per pixel<extra></extra>"}
    return [trace("bar", x=rates, y=names, text=texts, textfont={"size": 13}, **look, **hover, **panel(1))]


def before_and_after(images: np.ndarray, decoded: np.ndarray) -> ImageTable:
    """Images as they were written, (N, C, H, W), above those that came back."""
    rows = (tuple(Tile(image) for image in images), tuple(Tile(image) for image in decoded))
    return ImageTable(tuple(Head("") for _ in images), rows, ("written", "read"))


def read_images(images: np.ndarray, n: int, *, across: int = 10) -> ImageTable:
    """Images that came out of a file, (N, C, H, W), the first of n."""
    width = min(across, len(images))
    tiles: list[Tile | None] = [Tile(image) for image in images]
    tiles += [None] * (-len(tiles) % width)
    rows = tuple(tuple(tiles[k : k + width]) for k in range(0, len(tiles), width))
    said = f"The first {len(images)} of {n:,} images." if n > len(images) else ""
    return ImageTable(tuple(Head("") for _ in range(width)), rows, note=said, missing="")


def codes_csv(codes: Sequence[Code], *, n_images: int, n_pixels: int) -> bytes:
    """Every code, a line each."""
    names = ["code", "is_file", "bytes", "bits_per_image", "bits_per_pixel"]
    rows = (
        [code.name, code.is_file, *((None,) * 3 if (n := code.n_bytes) is None else (float(n), 8 * n / n_images, 8 * n / n_pixels))]
        for code in codes
    )
    return csv(names, rows)
