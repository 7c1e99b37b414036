"""Tunes of a path as piano rolls side by side, and how often a model's notes lie so many semitones above the first one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from vae_core.drawing.chart import Chart, axis, trace
from vae_core.drawing.theme import MUTED, house_chart, level_axes, mark

GAP = 2
"""Steps between two rolls."""
SHADES = ((0.0, "rgba(128, 128, 128, 0)"), (1.0, "rgba(128, 128, 128, 0.75)"))
DEGREES = ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "…")


def rolls(
    tunes: np.ndarray,
    probabilities: np.ndarray,
    in_key: np.ndarray,
    asked: Mapping[int, np.ndarray],
    places: Sequence[str],
    pitches: Mapping[int, str],
    *,
    height: int = 315,
) -> Chart:
    """A piano roll for each place of a path, from left to right.

    Args:
        tunes: notes, (P, T), 1 for the lowest.
        probabilities: of every note at every step, (P, T, K), drawn as shades.
        in_key: which notes lie in the key of their first note, (P, T).
        asked: place → a tune, (T,), drawn as frames around its notes.
        places: what is written below each roll.
        pitches: note → its name, of those on the axis.
        height: in pixels.
    """
    n, length, n_notes = probabilities.shape
    shade = np.full((n_notes, n * (length + GAP) - GAP), np.nan, np.float32)
    for k in range(n):
        shade[:, k * (length + GAP) : k * (length + GAP) + length] = probabilities[k].T
    x = np.arange(n)[:, None] * (length + GAP) + np.arange(length)
    look, side = mark("vae"), 7
    heat = {"colorscale": SHADES, "zmin": 0, "zmax": 1, "showscale": False, "hoverinfo": "skip"}
    in_style = {"symbol": "square", "size": side, "color": look.colour}
    out_style = {"symbol": "x", "size": side + 1, "color": MUTED}
    frames = {"symbol": "square-open", "size": side + 5, "color": MUTED, "line": {"width": 1.5}}
    pointer = {"mode": "markers", "hovertemplate": "%{y}<extra></extra>", "cliponaxis": False}
    at = [k for k in asked for _ in range(length)]
    low, high = min(1, int(tunes.min())) - 0.7, n_notes + 0.7
    middles, whole = [k * (length + GAP) + (length - 1) / 2 for k in range(n)], [-1.5, shade.shape[1] + 0.5]
    walls = [k * (length + GAP) - (GAP + 1) / 2 for k in range(1, n)]
    return house_chart(
        [
            trace("heatmap", z=shade, y=np.arange(1, n_notes + 1), name="probability", **heat),
            trace("scatter", x=x[in_key], y=tunes[in_key], name="in the key of the first note", marker=in_style, **pointer),
            trace("scatter", x=x[~in_key], y=tunes[~in_key], name="outside it", marker=out_style, **pointer),
            trace(
                "scatter",
                x=[*x[list(asked)].ravel()],
                y=[int(asked[k][t % length]) for t, k in enumerate(at)],
                name="tune that was asked for",
                marker=frames,
                **pointer,
            ),
        ],
        height=height,
        shapes=[
            {"type": "line", "x0": wall, "x1": wall, "y0": 0, "y1": 1, "yref": "y domain", "line": {"color": MUTED, "width": 1}}
            for wall in walls
        ],
        margin={"t": 30, "l": 0, "r": 8, "b": 44},
        **level_axes(
            {
                "xaxis": axis("place on the path", tickvals=middles, ticktext=list(places), fixedrange=True, range=whole),
                "yaxis": axis("", tickvals=[*pitches], ticktext=[*pitches.values()], fixedrange=True, range=[low, high]),
            },
            inner=("yaxis",),
        ),
    )


def degree_bars(exact: np.ndarray, drawn: np.ndarray, scale: Sequence[int], *, height: int = 225) -> Chart:
    """Shares of notes by their distance from the first note: the exact law beside a model's draws.

    Args:
        exact: for 0, 1, … 12 semitones above it, and all others, (14,).
        drawn: likewise.
        scale: semitones that belong to the key; the others stand in brackets.
        height: in pixels.
    """
    names = [name if k in scale or k == 13 else f"({name})" for k, name in enumerate(DEGREES)]
    steps = np.arange(len(names))
    pointer = {"hovertemplate": "%{y:.1f} %<extra></extra>"}
    exact_look = {"color": "rgba(128, 128, 128, 0.35)", "pattern": {"shape": "/", "fgcolor": MUTED, "size": 6}}
    return house_chart(
        [
            trace("bar", x=steps, y=100 * exact, name="exact", marker=exact_look, **pointer),
            trace("bar", x=steps, y=100 * drawn, name="drawn by the model", marker={"color": mark("vae").colour}, **pointer),
        ],
        height=height,
        bargap=0.2,
        margin={"t": 30, "l": 0, "r": 0, "b": 44},
        **level_axes(
            {
                "xaxis": axis(
                    "semitones above the first note, (outside the key), … elsewhere", tickvals=steps, ticktext=names, fixedrange=True
                ),
                "yaxis": axis("notes, %", fixedrange=True),
            },
            inner=("yaxis",),
        ),
    )
