"""Codes in symbols as pictures: the code over the codebook, images before and after a swap, draws, what codes cost, k-means."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from vae_core.drawing.chart import Chart, Part, axis, panel, trace
from vae_core.drawing.image_table import SOFT_HYPHEN, Head, ImageTable, Tile
from vae_core.drawing.tables import csv
from vae_core.drawing.theme import CLASS_COLOURS, CLASS_SYMBOLS, MUTED, house_chart, level_axes
from vae_core.units import bits

POSITIONS_FROM = 1000
"""A click on position i of the code is reported as i + so much, one on a symbol of the codebook by its number."""
TIMES, GAP = 2, 1
"""Side of the square that a pixel of a tile becomes, and half of what lies between two tiles, in such pixels."""
GREY = [[0, "#000000"], [1, "#ffffff"]]
CHOSEN, LIKELY = "#d55e00", "#0072b2"
PRIOR_COLOURS = ("#808080", "#56b4e9", "#e69f00", "#0072b2")
NUMBERS, FAINT = "#ffb347", 0.75
LARGEST, SMALLEST = 30, 3
"""Diameter of the circle of a symbol that is certain, less that of one that is impossible, in pixels."""
ROOM = 0.55
"""From the middle of an outer tile to the end of its axis, with the frame of a tile."""
REACH = 3.2
"""Half of the side of the square in which points are drawn."""
Interval = tuple[float, float, float]
"""A value and the ends of its interval."""


def code_and_codebook(
    tiles: np.ndarray,
    code: np.ndarray,
    grid: tuple[int, int],
    *,
    position: int,
    probabilities: np.ndarray,
    shares: np.ndarray,
    nats: np.ndarray,
    height: int = 330,
) -> Chart:
    """At the left the code as tiles with the numbers of its symbols, at the right the codebook; both can be clicked.

    Args:
        tiles: of the symbols, (K, S, S), in [0, 1].
        code: (P,).
        grid: rows and columns of the positions.
        position: the chosen one, which is framed, as is its symbol.
        probabilities: of the symbols there, (K,): areas of circles.
        shares: how often each symbol is used at all, (K,).
        nats: what each position costs, (P,).
        height: in pixels.
    """
    book = book_of(len(tiles))
    traces = [
        _mosaic(tiles[code], grid, 0, float(tiles.max())),
        _mosaic(tiles, book, 1, float(tiles.max())),
        _numbers(code, grid, nats),
        _circles(probabilities, shares, book),
    ]
    frames = [_frame(position, grid, 0), _frame(int(code[position]), book, 1)]
    layout = _bare("the code", grid, [0, 0.46], "") | _bare("the codebook", book, [0.54, 1], "2")
    margin = {"l": 8, "r": 8, "t": 8, "b": 34}
    return house_chart(traces, height=height, shapes=frames, hoverdistance=-1, showlegend=False, margin=margin, **layout)


def book_of(n_symbols: int) -> tuple[int, int]:
    """Rows and columns of a codebook, about as many."""
    columns = math.ceil(math.sqrt(n_symbols))
    return -(-n_symbols // columns), columns


def _numbers(code: np.ndarray, grid: tuple[int, int], nats: np.ndarray) -> Part:
    """The number of the symbol on each tile of the code."""
    places = [f"row {row + 1}, column {column + 1}" for column, row in zip(*_centres(len(code), grid), strict=True)]
    said = [f"{place}: symbol {symbol}, {bits(cost):.2f} bits" for place, symbol, cost in zip(places, code, nats, strict=True)]
    look = {"mode": "text", "text": [str(symbol) for symbol in code], "textfont": {"size": 15, "color": NUMBERS}}
    alike = {"unselected": {"textfont": {"color": NUMBERS}}}  # a click leaves all of them as they are
    x, y = _centres(len(code), grid)
    picked = [POSITIONS_FROM + i for i in range(len(code))]
    return trace("scatter", x=x, y=y, name="code", hovertext=said, hoverinfo="text", customdata=picked, **look, **alike, **panel(0))


def _circles(probabilities: np.ndarray, shares: np.ndarray, book: tuple[int, int]) -> Part:
    """A circle on each tile of the codebook, its area the probability of the symbol."""
    said = [
        f"symbol {symbol}: {100 * here:.1f} % probable here, {100 * share:.1f} % of all"
        for symbol, (here, share) in enumerate(zip(probabilities, shares, strict=True))
    ]
    marker = {
        "size": SMALLEST + LARGEST * np.sqrt(probabilities),
        "color": LIKELY,
        "opacity": FAINT,
        "line": {"width": 1, "color": "#ffffff"},
    }
    alike = {"unselected": {"marker": {"opacity": FAINT}}}
    x, y = _centres(len(shares), book)
    picked = list(range(len(shares)))
    look = {"mode": "markers", "marker": marker, "name": "probability at the framed position", "customdata": picked}
    return trace("scatter", x=x, y=y, hovertext=said, hoverinfo="text", **look, **alike, **panel(1))


def _bare(title: str, grid: tuple[int, int], domain: Sequence[float], end: str) -> dict[str, Part]:
    """Axes of square tiles without ticks."""
    rows, columns = grid
    bare = {
        "showgrid": False,
        "zeroline": False,
        "showticklabels": False,
        "ticks": "",
        "showline": False,
        "fixedrange": True,
        "constrain": "domain",
    }
    across = axis(title, domain=domain, range=[-ROOM, columns - 1 + ROOM], anchor=f"y{end}", **bare)
    return {f"xaxis{end}": across, f"yaxis{end}": axis("", range=[rows - 1 + ROOM, -ROOM], scaleanchor=f"x{end}", anchor=f"x{end}", **bare)}


def _mosaic(tiles: np.ndarray, grid: tuple[int, int], p: int, brightest: float) -> Part:
    """Tiles, (N, S, S), row by row, each as wide as 1 with a gap around it; what is brightest of the codebook is white."""
    rows, columns = grid
    side = TIMES * tiles.shape[-1] + 2 * GAP
    cells = np.full((rows * columns, side, side), np.nan, np.float32)
    cells[: len(tiles), GAP:-GAP, GAP:-GAP] = np.kron(tiles, np.ones((1, TIMES, TIMES)))
    z = cells.reshape(rows, columns, side, side).transpose(0, 2, 1, 3).reshape(rows * side, columns * side)
    x, y = ((np.arange(n * side) + 0.5) / side - 0.5 for n in (columns, rows))
    look = {"colorscale": GREY, "zmin": 0, "zmax": brightest, "showscale": False, "hoverinfo": "skip"}
    return trace("heatmap", x=x, y=y, z=z, **look, **panel(p))


def _centres(n: int, grid: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    return np.arange(n) % grid[1], np.arange(n) // grid[1]


def _frame(i: int, grid: tuple[int, int], p: int) -> Part:
    """Round the tile of that number."""
    row, column = divmod(i, grid[1])
    ends = {"x0": column - 0.5, "x1": column + 0.5, "y0": row - 0.5, "y1": row + 0.5}
    end = "2" if p else ""
    return {"type": "rect", **ends, "xref": f"x{end}", "yref": f"y{end}", "line": {"color": CHOSEN, "width": 4}}


def before_and_after(seen: np.ndarray, decoded: np.ndarray, swapped: np.ndarray, lines: Sequence[str]) -> ImageTable:
    """An image, (C, H, W), what its code is decoded to, the same after a swap, and by how much that changed.

    Args:
        seen: the binarised image.
        decoded: from its code.
        swapped: from the code with a swap.
        lines: under the first three of them.
    """
    change = np.abs(swapped - decoded)
    heads = tuple(map(Head, ("test image", "decoded", "with the swap", "change")))
    tiles = [Tile(image, line) for image, line in zip((seen, decoded, swapped), lines, strict=True)]
    return ImageTable(heads, ((*tiles, Tile(change, f"{change.max():.2f} at most")),))


def draws_table(rows: Mapping[str, np.ndarray]) -> ImageTable:
    """Draws from each distribution over codes, (N, C, H, W), a row each."""
    n = len(next(iter(rows.values())))
    tiles = tuple(tuple(Tile(image) for image in images) for images in rows.values())
    labels = tuple(name.replace("independent", f"inde{SOFT_HYPHEN}pendent") for name in rows)  # a projector's type breaks the word there
    return ImageTable(tuple(Head("") for _ in range(n)), tiles, labels)


def costs(nats: Mapping[str, Interval], shares: Mapping[str, Interval], *, real: float, height: int = 250) -> Chart:
    """At the left what a code of a test image costs with each distribution, at the right how many of its draws are read.

    Args:
        nats: distribution → mean and ends of its interval.
        shares: distribution → per cent of draws that are read with confidence, and the ends of the interval.
        real: the same share of decoded test images.
        height: in pixels.
    """
    traces = []
    for p, values in enumerate((nats, shares)):
        value, low, high = np.array(list(values.values())).T
        error = {"array": high - value, "arrayminus": value - low, "symmetric": False, "thickness": 2, "color": MUTED}
        name = ("nats per code", "read with confidence")[p]
        look: Part = {"marker": {"color": PRIOR_COLOURS[: len(values)]}, "text": [f"{v:.0f}" for v in value], "textposition": "inside"}
        look |= {"insidetextanchor": "start", "textfont": {"size": 14, "color": "#ffffff"}, "textangle": 0}
        pointer = {"hovertemplate": "%{x}: %{y:.1f}<extra></extra>"}
        traces.append(trace("bar", x=list(values), y=value, error_y=error, name=name, showlegend=False, **look, **pointer, **panel(p)))
    line = {"color": MUTED, "dash": "dash", "width": 2}
    ends = {"x": list(shares), "y": np.full(len(shares), real)}
    traces.append(trace("scatter", **ends, mode="lines", line=line, name=f"decoded test images: {real:.0f} %", **panel(1)))
    layout = level_axes(
        {
            "xaxis": axis("", domain=[0, 0.45], type="category"),
            "yaxis": axis("−log p(z) (nats per code)", rangemode="tozero"),
            "xaxis2": axis("", domain=[0.56, 1], type="category", anchor="y2"),
            "yaxis2": axis("draws read (%)", anchor="x2", range=[0, 106], tickvals=[0, 25, 50, 75, 100]),
        },
        inner=("yaxis", "yaxis2"),
    )
    return house_chart(traces, height=height, showlegend=True, margin={"l": 64, "t": 30, "b": 36}, **layout)


def k_means(x: np.ndarray, codes: np.ndarray, vectors: np.ndarray, losses: np.ndarray, *, at: int, height: int = 480) -> Chart:
    """Points with their symbols and the vectors of these; beside them the loss after each step, up to the one that is shown.

    Args:
        x: (N, 2).
        codes: symbol of each point, (N,).
        vectors: of the symbols, (K, 2).
        losses: after each step, (T,).
        at: steps that were taken.
        height: in pixels.
    """
    traces = []
    for k in range(len(vectors)):
        of_k = x[codes == k]
        marker = {"color": CLASS_COLOURS[k % 10], "symbol": CLASS_SYMBOLS[k % 10], "size": 8, "opacity": 0.75}
        traces.append(trace("scatter", x=of_k[:, 0], y=of_k[:, 1], mode="markers", marker=marker, name=f"symbol {k}", hoverinfo="skip"))
    cross = {"color": MUTED, "symbol": "x", "size": 13, "line": {"width": 2, "color": "#ffffff"}}
    traces.append(trace("scatter", x=vectors[:, 0], y=vectors[:, 1], mode="markers", marker=cross, name="vectors", hoverinfo="skip"))
    taken = losses[: at + 1]
    look = {"mode": "lines+markers", "line": {"color": CHOSEN, "width": 2.5}, "marker": {"size": 7}, "showlegend": False}
    pointer = {"hovertemplate": "step %{x}: %{y:.4f}<extra></extra>"}
    traces.append(trace("scatter", x=np.arange(len(taken)), y=taken, name="loss", **look, **pointer, **panel(1)))
    layout = level_axes(
        {
            "xaxis": axis("x₁", domain=[0, 0.52], range=[-REACH, REACH], constrain="domain"),
            "yaxis": axis("x₂", range=[-REACH, REACH], scaleanchor="x", constrain="domain"),
            "xaxis2": axis("step", domain=[0.63, 1], anchor="y2", range=[-0.5, max(at, 10) + 0.5]),
            "yaxis2": axis("squared distance per point", anchor="x2", range=[0, 1.1 * losses[0]]),
        }
    )
    return house_chart(traces, height=height, showlegend=True, margin={"b": 56}, **layout)


def code_csv(code: np.ndarray, swapped: np.ndarray, columns: int, nats: Mapping[str, np.ndarray]) -> bytes:
    """Each position: its symbol, the symbol after the swap, and what the first costs with each distribution, in nats."""
    names = ["row", "column", "symbol", "symbol_after_swap", *(f"{name}_nats" for name in nats)]
    rows = [
        (i // columns + 1, i % columns + 1, int(code[i]), int(swapped[i]), *(float(values[i]) for values in nats.values()))
        for i in range(len(code))
    ]
    return csv(names, rows, digits=6)


def costs_csv(nats: Mapping[str, Interval], shares: Mapping[str, Interval]) -> bytes:
    """What codes cost with each distribution, and how many of its draws are read."""
    names = ["distribution", "nats_per_code", "low_95", "high_95", "read_percent", "read_low_95", "read_high_95"]
    return csv(names, [(name, *nats[name], *shares[name]) for name in nats], digits=6)


def k_means_csv(losses: Sequence[float]) -> bytes:
    """The loss after each step."""
    return csv(["step", "squared_distance"], list(enumerate(losses)), digits=9)
