"""Four approaches side by side: draws of each above its density, or above what a GAN's discriminator says; one small square each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from vae_core.drawing.chart import Chart, Part, note, trace
from vae_core.drawing.tables import csv
from vae_core.drawing.theme import DIVERGING, FAMILY_MARKS, MUTED, SEQUENTIAL, Mark, house_chart

LOOKS: dict[str, Mark] = {
    "data": Mark(MUTED, "circle", "solid", "○", "Data"),
    "autoregressive": Mark("#cc79a7", "cross", "dot", "✚", "Autoregressive"),
    "flow": Mark("#56b4e9", "diamond", "dash", "◆", "Flow"),
    "vae": FAMILY_MARKS["vae"],
    "gan": Mark("#009e73", "star", "longdash", "★", "GAN"),
}
"""How each approach is drawn, and its name."""
GAP = 0.06
"""Between the two squares, as a share of the height."""


def square(
    draws: np.ndarray, picture: np.ndarray, *, approach: str, side: float, most: float, of: str = "p(x)", height: int = 330
) -> Chart:
    """Points above a map of the same square.

    Args:
        draws: points, (N, 2).
        picture: over the square, rows upwards, (n, n); NaN where there is nothing to tell.
        approach: whose they are, or "data".
        side: half of the side of the square.
        most: p(x) that has the brightest colour; a discriminator's map goes from 0 to 1 about ½.
        of: what the map is of: p(x), D(x) or D*(x).
        height: in pixels.
    """
    name, n = "data" if approach == "data" else "draws", len(picture)
    along = (np.arange(n) + 0.5) * 2 * side / n - side
    dots = {"color": LOOKS[approach].colour, "size": 3, "opacity": 0.75}
    points = trace("scatter", x=draws[:, 0], y=draws[:, 1], mode="markers", marker=dots, name=name, hoverinfo="skip")
    is_density = of == "p(x)"
    colours = {"colorscale": SEQUENTIAL, "zmin": 0, "zmax": most} if is_density else {"colorscale": DIVERGING, "zmin": 0, "zmax": 1}
    look = {"showscale": False, "hovertemplate": f"(%{{x:.2f}}, %{{y:.2f}}): {of} = %{{z:.2f}}<extra></extra>", "hoverongaps": False}
    heat = trace("heatmap", x=along, y=along, z=picture.astype(np.float32), name=of, xaxis="x2", yaxis="y2", **colours, **look)
    upper, lower = (0.5 + GAP / 2, 1.0), (0.0, 0.5 - GAP / 2)
    said = note(of, xref="x2 domain", yref="y2 domain", x=0.03, y=0.98, xanchor="left", yanchor="top")
    said |= {"font": {"size": 14, "color": "#ffffff" if is_density else "#202020"}}
    said |= {} if is_density else {"bgcolor": "rgba(255, 255, 255, 0.8)"}
    return house_chart(
        [points, heat],
        height=height,
        showlegend=False,
        margin={"t": 4, "l": 2, "r": 2, "b": 4, "pad": 0},
        annotations=[said],
        xaxis=_across(side, "y"),
        yaxis={**_bare(side), "domain": upper, "scaleanchor": "x"},
        xaxis2=_across(side, "y2"),
        yaxis2={**_bare(side), "domain": lower, "scaleanchor": "x2"},
    )


def _bare(side: float) -> Part:
    """An axis that only frames."""
    return {"range": (-side, side), "constrain": "domain", "showticklabels": False, "ticks": "", "showgrid": False, "mirror": True}


def _across(side: float, anchor: str) -> Part:
    return {**_bare(side), "anchor": anchor}


def films_csv(rows: Iterable[tuple[str, int, Mapping[str, float]]]) -> bytes:
    """Every frame's numbers, a line each: approach, step, numbers by name."""
    frames = list(rows)
    names = sorted({name for _, _, metrics in frames for name in metrics})
    lines = ([LOOKS[approach].short, step, *(metrics.get(name) for name in names)] for approach, step, metrics in frames)
    return csv(["approach", "step", *names], lines)
