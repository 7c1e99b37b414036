"""Tables of a discrete world: as heat maps, as a picture to keep, as CSV."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vae_core.drawing.canvas import Canvas
from vae_core.drawing.chart import Chart, Part, note, panel, trace
from vae_core.drawing.images import INK, PAPER
from vae_core.drawing.tables import csv
from vae_core.drawing.theme import MUTED, house_chart, level_axes

PROBABILITY = ((0.0, "#eef4fb"), (0.45, "#a9cdea"), (0.55, "#4d8ac4"), (1.0, "#08306b"))
"""From nearly white to nearly black with a step in the middle, so that a number can be read on every shade."""
LETTERS = "ABCDEFGHIJ"
"""Names of y."""


def tables(q: np.ndarray, prior: np.ndarray, decoder: np.ndarray, *, height: int = 235) -> Chart:
    """Q(z|y), P(z) and P(y|z) side by side, a number in every cell.

    Args:
        q: (Y, Z), rows sum to 1.
        prior: (Z,).
        decoder: (Y, Z), columns sum to 1.
        height: in pixels.
    """
    names = [f"y={letter}" for letter in LETTERS[: q.shape[0]]]
    parts = (
        Table("<b>Q(z|y)</b><br>each row sums to 1", q, names, (0.0, 0.3)),
        Table("<b>P(z)</b>", prior[None], ["all y"], (0.385, 0.635)),
        Table("<b>P(y|z)</b><br>each column sums to 1", decoder, names, (0.72, 1.0)),
    )
    axes = {name: axis for k, table in enumerate(parts) for name, axis in _axes(k, table).items()}
    return house_chart(
        [_heat(k, table) for k, table in enumerate(parts)],
        height=height,
        annotations=[_title(k, table) for k, table in enumerate(parts)],
        **level_axes(axes, inner=()),
        margin={"t": 44, "l": 8, "r": 8, "b": 26},
    )


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table of probabilities, (rows, Z), with its title, the names of its rows, and its share of the chart's width."""

    title: str
    values: np.ndarray
    rows: list[str]
    domain: tuple[float, float]


def _heat(k: int, table: Table) -> Part:
    text = [[_cell(p) for p in row] for row in table.values]
    look = {"texttemplate": "%{text}", "textfont": {"size": 13}, "colorscale": PROBABILITY, "zmin": 0, "zmax": 1}
    look |= {"showscale": False, "xgap": 2, "ygap": 2, "hovertemplate": "%{y}, %{x}: %{z:.4f}<extra></extra>"}
    names = [f"z={j + 1}" for j in range(table.values.shape[1])]
    return trace("heatmap", z=table.values, x=names, y=table.rows, text=text, **look, **panel(k))


def _axes(k: int, table: Table) -> dict[str, Part]:
    """A table of one row is as high as a row of the others."""
    number, look = k + 1 if k else "", {"showgrid": False, "showline": False, "ticks": "", "fixedrange": True}
    height = [0.0, 1.0] if len(table.rows) > 1 else [0.36, 0.64]
    return {
        f"xaxis{number}": {**look, "domain": table.domain, "anchor": f"y{number}", "side": "bottom"},
        f"yaxis{number}": {**look, "domain": height, "anchor": f"x{number}", "autorange": "reversed"},
    }


def _title(k: int, table: Table) -> Part:
    axes = panel(k)
    place = {"x": 0.5, "y": 1.0, "xref": f"{axes['xaxis']} domain", "yref": f"{axes['yaxis']} domain", "yanchor": "bottom"}
    return note(table.title, font={"size": 14}, **place)


def _cell(p: float) -> str:
    """A probability to three decimals, as `.125`, so that four stand side by side in a narrow window."""
    return f"{p:.3f}".removeprefix("0") if 0 < p < 1 else f"{p:.0f}"


def tables_csv(names: Sequence[str], q: np.ndarray, prior: np.ndarray, decoder: np.ndarray) -> bytes:
    """The three tables as one CSV file, a cell a line."""
    parts = (("Q(z|y)", names, q), ("P(z)", [None], prior[None]), ("P(y|z)", names, decoder))
    cells = (
        [title, y, j, p] for title, ys, table in parts for y, row in zip(ys, table.tolist(), strict=True) for j, p in enumerate(row, 1)
    )
    return csv(["table", "y", "z", "probability"], cells, digits=12)


def tables_png(q: np.ndarray, prior: np.ndarray, decoder: np.ndarray, *, cell: int = 64) -> bytes:
    """The three tables as a PNG file: a grey level and a number in every cell.

    Args:
        q: (Y, Z).
        prior: (Z,).
        decoder: (Y, Z).
        cell: side of a cell, in pixels of the layout.
    """
    parts = (("Q(z|y)", q), ("P(z)", prior[None]), ("P(y|z)", decoder))
    widest = q.shape[1] * cell
    canvas = Canvas.blank((3 * (widest + cell), (q.shape[0] + 1) * cell))
    for k, (title, table) in enumerate(parts):
        left = k * (widest + cell) + cell // 2
        canvas.text((left, 0), (widest, cell // 2), title, size=20)
        _draw_table(canvas, table, left, cell)
    return canvas.to_png()


def _draw_table(canvas: Canvas, table: np.ndarray, left: int, cell: int) -> None:
    """The cells of a table, and its names where it has more than one row."""
    for j in range(table.shape[1]):
        canvas.text((left + j * cell, cell // 2), (cell, cell // 2), f"z = {j + 1}", size=14)
    for i, row in enumerate(table):
        if len(table) > 1:
            canvas.text((left - cell // 2, cell + i * cell), (cell // 2, cell), LETTERS[i], size=14)
        for j, p in enumerate(row):
            x, y, level = left + j * cell, cell + i * cell, round(255 * (1 - p))
            canvas.rectangle((x + 1, y + 1), (cell - 2, cell - 2), (level, level, level), outline=MUTED)
            canvas.text((x, y), (cell, cell), _cell(p), size=16, colour=PAPER["light"] if p > 0.5 else INK["light"])
