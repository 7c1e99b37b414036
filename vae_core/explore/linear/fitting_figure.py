"""A density fitted to points, its score over K, and images beside what a density of pixels draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from vae_core.drawing.chart import Chart, Part, axis, level, note, trace, upright
from vae_core.drawing.image_table import Head, ImageTable, Tile
from vae_core.drawing.theme import FAMILY_MARKS, MUTED, Mark, house_chart
from vae_core.explore.em_figure import shares
from vae_core.units import with_interval

TRAIN, TEST = FAMILY_MARKS["pca"], FAMILY_MARKS["vae"]
"""Colour, symbol and dash of what is fitted, and of new data."""


def fit_on_points(
    x: np.ndarray,
    q: np.ndarray,
    means: np.ndarray,
    covariances: np.ndarray,
    *,
    grid: np.ndarray | None = None,
    density: np.ndarray | None = None,
    height: int = 480,
) -> Chart:
    """Points in the colours of their Gaussians or means, over contours of p(x) where there is one.

    Args:
        x: (N, 2).
        q: shares, (N, K).
        means: (K, 2).
        covariances: (K, 2, 2); of zeros no ellipse is drawn.
        grid: coordinates along the side of the square that p(x) was computed on, (m,).
        density: p(x) there, rows upwards, (m, m).
        height: in pixels.
    """
    chart = shares(x, q, means, covariances, height=height)
    if density is None:
        return chart
    look: Part = {"contours": {"coloring": "lines"}, "ncontours": 8, "showscale": False, "line": {"width": 1}, "hoverinfo": "skip"}
    contours = trace("contour", x=grid, y=grid, z=density.astype(np.float32), colorscale=[[0, MUTED], [1, MUTED]], name="p(x)", **look)
    return replace(chart, data=[contours, *chart.data])


Curve = tuple[np.ndarray, np.ndarray]


def score_over_k(train: Curve, test: Curve, k: int, *, what: str, most: float | None = None, height: int = 480) -> Chart:
    """How well K = 1 … n components do on the points that they were fitted to and on new ones.

    Args:
        train: means, and halves of their 95 % intervals, (n,) each.
        test: likewise.
        k: the chosen number.
        what: the score, with its unit.
        most: what no model can exceed on average, if that is known.
        height: in pixels.
    """
    ks = np.arange(1, len(train[0]) + 1)
    traces = [_line(ks, *train, "points of the fit", TRAIN), _line(ks, *test, "new points", TEST)]
    shapes, notes = [upright(k, line={"color": MUTED, "width": 2, "dash": "dash"})], []
    if most is not None:
        shapes.append(level(most, line={"color": MUTED, "width": 2, "dash": "dot"}))
        notes.append(note("the most that is possible", x=1, xref="x domain", xanchor="right", y=most, yanchor="bottom"))
    axes = {"xaxis": axis("K", dtick=1, range=[0.5, len(ks) + 0.5]), "yaxis": axis(what)}
    return house_chart(traces, height=height, shapes=shapes, annotations=notes, **axes)


def _line(x: np.ndarray, y: np.ndarray, half_width: np.ndarray, name: str, look: Mark) -> Part:
    marks = {"color": look.colour, "symbol": look.symbol, "size": 9}
    line, bars = {"color": look.colour, "width": 2.5, "dash": look.dash}, {"array": half_width, "thickness": 1.5, "width": 4}
    hover = {
        "text": [with_interval(*pair) for pair in zip(y, half_width, strict=True)],
        "hovertemplate": "K = %{x}: %{text}<extra></extra>",
    }
    return trace("scatter", x=x, y=y, name=name, mode="lines+markers", marker=marks, line=line, error_y=bars, **hover)


def image_rows(rows: Sequence[tuple[str, np.ndarray, Sequence[str]]]) -> ImageTable:
    """Images in rows, each with a name and a line under each image.

    Args:
        rows: name, images as floats (n, C, H, W) that are clipped to [0, 1], and n captions; the first row has the most images.
    """
    most = len(rows[0][1])
    tiles = tuple(
        (*(Tile(image.clip(0, 1), words) for image, words in zip(x, below, strict=True)), *(None,) * (most - len(x)))
        for _, x, below in rows
    )
    return ImageTable(tuple(Head("") for _ in rows[0][1]), tiles, tuple(name for name, _, _ in rows), missing="")
