"""The still, what happens, what the conditional VAE draws beside regression's one path, and the density of the last place."""

from __future__ import annotations

import numpy as np

from vae_core.drawing.chart import Chart, Part, axis, note, panel, trace
from vae_core.drawing.tables import csv
from vae_core.drawing.theme import MUTED, house_chart, level_axes

LEFT, RIGHT, REGRESSION, EXACT = "#2b8cc4", "#d55e00", "#009e73", MUTED
GREYS = [[0.0, "#000000"], [1.0, "#ffffff"]]
SHOWN = 60
"""Paths that are drawn, at most."""


def fork_picture(
    *,
    still: np.ndarray,
    wedge: tuple[np.ndarray, np.ndarray],
    heights: np.ndarray,
    futures: np.ndarray,
    draws: np.ndarray,
    regression: np.ndarray,
    at: np.ndarray,
    exact: np.ndarray,
    drawn: np.ndarray,
    height: int = 540,
) -> Chart:
    """Three pictures of the scene above one density.

    Args:
        still: (16, 16).
        wedge: corners of the wedge, across and up.
        heights: of the ball, from the start on, (T + 1,).
        futures: what happens, from the start on, (n, T + 1).
        draws: of the conditional VAE, likewise.
        regression: its one path, likewise, (T + 1,).
        at: last places, (A,).
        exact: density of them, (A,).
        drawn: the conditional VAE's, (A,).
        height: in pixels.
    """
    side = 2 / len(still)
    centres = side * (np.arange(len(still)) + 0.5) - 1
    picture = trace(
        "heatmap", x=centres, y=-centres, z=still, zmin=0, zmax=1, colorscale=GREYS, showscale=False, hoverinfo="skip", name="still"
    )
    traces: list[Part] = [picture]
    for k, of in ((1, futures), (2, draws)):
        traces.append(_area(*wedge, k))
        traces += [_paths(of, heights, is_left, k) for is_left in (True, False)]
    dashed = {"color": REGRESSION, "width": 5, "dash": "dash"}
    look = {"legendgroup": "regression", "hoverinfo": "skip"}
    traces.append(trace("scatter", x=regression, y=heights, mode="lines", line=dashed, name="regression", **look, **panel(2)))
    traces += [
        trace("scatter", x=at, y=exact, mode="lines", line={"color": EXACT, "width": 5}, name="exact density", **panel(3)),
        trace(
            "scatter",
            x=at,
            y=drawn,
            mode="lines",
            line={"color": RIGHT, "width": 2.5, "dash": "dot"},
            name="conditional VAE's density",
            **panel(3),
        ),
        trace(
            "scatter",
            x=regression[[-1, -1]],
            y=[0, max(exact.max(), drawn.max())],
            mode="lines",
            line=dashed,
            showlegend=False,
            **look,
            **panel(3),
        ),
    ]
    across, up = {"range": [-1, 1], "showticklabels": False, "ticks": ""}, [0.42, 0.93]
    layout: dict[str, Part] = {}
    for k, (low, high) in enumerate(((0, 0.31), (0.345, 0.655), (0.69, 1))):
        name = "" if k == 0 else str(k + 1)
        square = {"scaleanchor": f"x{name}", "constrain": "domain", "constraintoward": "top", "domain": up}
        layout[f"xaxis{name}"] = axis("", domain=[low, high], anchor=f"y{name}", constrain="domain", **across)
        layout[f"yaxis{name}"] = axis("", anchor=f"x{name}", showgrid=False, **square, **across)
    layout["xaxis4"] = axis("where the ball ends, in half widths of the image", domain=[0, 1], anchor="y4", range=[-1, 1])
    layout["yaxis4"] = axis("density", domain=[0, 0.3], anchor="x4", rangemode="tozero")
    titles = ("one still image", f"{len(futures):,} futures", f"{len(draws):,} draws")
    place = {"x": 0, "y": 1, "xanchor": "left", "yanchor": "bottom", "font": {"size": 14}}
    notes = [
        note(f"<b>{title}</b>", xref=f"{x} domain", yref=f"y{x[1:]} domain", **place)
        for x, title in zip(("x", "x2", "x3"), titles, strict=True)
    ]
    return house_chart(traces, height=height, **level_axes(layout, inner=("yaxis4",)), annotations=notes, margin={"t": 34, "b": 48})


def _area(x: np.ndarray, y: np.ndarray, k: int) -> Part:
    return trace(
        "scatter",
        x=x,
        y=y,
        fill="toself",
        mode="none",
        fillcolor="rgba(128, 128, 128, 0.45)",
        hoverinfo="skip",
        showlegend=False,
        **panel(k),
    )


def _paths(x: np.ndarray, heights: np.ndarray, is_left: bool, k: int) -> Part:
    """Some of the paths that end on one side, as one line with gaps."""
    of = x[:SHOWN][(x[:SHOWN, -1] < 0) == is_left]
    gaps = np.full((len(of), 1), np.nan)
    xs, ys = np.hstack([of, gaps]).ravel(), np.hstack([np.tile(heights, (len(of), 1)), gaps]).ravel()
    name = "to the left" if is_left else "to the right"
    line = {"color": LEFT if is_left else RIGHT, "width": 1.5, "dash": "solid" if is_left else "dot"}
    return trace(
        "scatter",
        x=xs,
        y=ys,
        mode="lines",
        line=line,
        opacity=0.7,
        name=name,
        legendgroup=name,
        showlegend=k == 1,
        hoverinfo="skip",
        **panel(k),
    )


def ends_csv(at: np.ndarray, exact: np.ndarray, drawn: np.ndarray) -> bytes:
    """Both densities of the last place, a line for each place."""
    return csv(["end", "exact_density", "conditional_vae_density"], zip(at.tolist(), exact.tolist(), drawn.tolist(), strict=True), digits=8)
