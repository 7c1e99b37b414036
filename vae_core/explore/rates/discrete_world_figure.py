"""Tables of a discrete world: as heat maps, as a picture to keep, as CSV."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw

from vae_core.drawing.images import INK, PAPER, text_in, to_png
from vae_core.drawing.theme import MUTED, level_axes, new_figure

if TYPE_CHECKING:
    import plotly.graph_objects as go

PROBABILITY = ((0.0, "#eef4fb"), (0.45, "#a9cdea"), (0.55, "#4d8ac4"), (1.0, "#08306b"))
"""From nearly white to nearly black with a step in the middle, so that a number can be read on every shade."""


def tables(q: np.ndarray, prior: np.ndarray, decoder: np.ndarray, *, height: int = 235) -> go.Figure:
    """Q(z|y), P(z) and P(y|z) side by side, a number in every cell.

    Args:
        q: (Y, Z), rows sum to 1.
        prior: (Z,).
        decoder: (Y, Z), columns sum to 1.
        height: in pixels.
    """
    figure = new_figure(height=height)
    z_names = [f"z = {k + 1}" for k in range(q.shape[1])]
    y_names = [f"y = {letter}" for letter in "ABCDEFGHIJ"[: q.shape[0]]]
    parts = (
        ("Q(z|y): each row sums to 1", q, y_names, (0.0, 0.31)),
        ("P(z)", prior[None], ["all y"], (0.37, 0.61)),
        ("P(y|z): each column sums to 1", decoder, y_names, (0.69, 1.0)),
    )
    for k, (title, table, rows, domain) in enumerate(parts):
        number = k + 1 if k else ""
        figure.add_heatmap(
            z=table,
            x=z_names,
            y=rows,
            text=[[_cell(p) for p in row] for row in table],
            texttemplate="%{text}",
            textfont={"size": 14},
            colorscale=[list(stop) for stop in PROBABILITY],
            zmin=0,
            zmax=1,
            showscale=False,
            xgap=2,
            ygap=2,
            hovertemplate="%{y}, %{x}: %{z:.4f}<extra>" + title + "</extra>",
            xaxis=f"x{number}",
            yaxis=f"y{number}",
        )
        room = [0.0, 1.0] if len(rows) > 1 else [0.36, 0.64]
        axis = {"showgrid": False, "showline": False, "ticks": "", "fixedrange": True}
        figure.update_layout(
            {
                f"xaxis{number}": {**axis, "domain": domain, "anchor": f"y{number}", "side": "bottom"},
                f"yaxis{number}": {**axis, "domain": room, "anchor": f"x{number}", "autorange": "reversed"},
            }
        )
        figure.add_annotation(
            text=f"<b>{title}</b>",
            x=0.5,
            y=1.0,
            xref=f"x{number} domain",
            yref=f"y{number} domain",
            yanchor="bottom",
            showarrow=False,
            font={"size": 14},
        )
    level_axes(figure, inner=())
    figure.update_layout(margin={"t": 26, "l": 8, "r": 8, "b": 26})
    return figure


def _cell(p: float) -> str:
    return f"{p:.3f}" if 0 < p < 1 else f"{p:.0f}"


def tables_csv(names: Sequence[str], q: np.ndarray, prior: np.ndarray, decoder: np.ndarray) -> bytes:
    """The three tables as one CSV file, a cell a line."""
    lines = ["table,y,z,probability"]
    for i, y in enumerate(names):
        lines += [f"Q(z|y),{y},{j + 1},{q[i, j]:.12g}" for j in range(q.shape[1])]
    lines += [f"P(z),,{j + 1},{p:.12g}" for j, p in enumerate(prior)]
    for i, y in enumerate(names):
        lines += [f"P(y|z),{y},{j + 1},{decoder[i, j]:.12g}" for j in range(decoder.shape[1])]
    return ("\n".join(lines) + "\n").encode()


def tables_png(q: np.ndarray, prior: np.ndarray, decoder: np.ndarray, *, cell: int = 64) -> bytes:
    """The three tables as a PNG file: a grey level and a number in every cell.

    Args:
        q: (Y, Z).
        prior: (Z,).
        decoder: (Y, Z).
        cell: side of a cell, in pixels.
    """
    parts = (("Q(z|y)", q), ("P(z)", prior[None]), ("P(y|z)", decoder))
    widest = q.shape[1] * cell
    canvas = Image.new("RGB", (3 * (widest + cell), (q.shape[0] + 1) * cell), PAPER["light"])
    pen = ImageDraw.Draw(canvas)
    for k, (title, table) in enumerate(parts):
        left = k * (widest + cell) + cell // 2
        text_in(pen, (left, 0), (widest, cell // 2), title, size=20, colour=INK["light"])
        for j in range(table.shape[1]):
            text_in(pen, (left + j * cell, cell // 2), (cell, cell // 2), f"z = {j + 1}", size=14, colour=INK["light"])
        for i, row in enumerate(table):
            if len(table) > 1:
                text_in(pen, (left - cell // 2, cell + i * cell), (cell // 2, cell), "ABCDEFGHIJ"[i], size=14, colour=INK["light"])
            for j, p in enumerate(row):
                x, y = left + j * cell, cell + i * cell
                level = round(255 * (1 - p))
                pen.rectangle((x + 1, y + 1, x + cell - 2, y + cell - 2), fill=(level, level, level), outline=MUTED)
                text_in(pen, (x, y), (cell, cell), _cell(p), size=16, colour=PAPER["light"] if p > 0.5 else INK["light"])
    return to_png(canvas)
