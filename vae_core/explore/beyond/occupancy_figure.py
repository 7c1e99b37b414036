"""A picture with pixels, the function that a network makes of it, and a window on its edge that is enlarged."""

from __future__ import annotations

import numpy as np

from vae_core.drawing.chart import Chart, Part, axis, note, panel, trace
from vae_core.drawing.theme import house_chart

GREYS = [[0.0, "#000000"], [1.0, "#ffffff"]]
EXACT, PIXELS = "#e69f00", "#56b4e9"


def function_space(
    *,
    picture: np.ndarray,
    whole: np.ndarray,
    window: np.ndarray,
    outline: np.ndarray,
    centre: tuple[float, float],
    zoom: int,
    height: int = 400,
) -> Chart:
    """Three squares side by side.

    Args:
        picture: (16, 16), the first row the lowest.
        whole: f on [−1, 1]², (W, W).
        window: f in the window, (V, V).
        outline: of the shape, (L, 2).
        centre: of the window.
        zoom: how many times it is enlarged.
        height: in pixels.
    """
    half = 1 / zoom
    edges = _edges(picture > 0.5)
    traces: list[Part] = []
    places = (((0.0, 0.0), 1.0), ((0.0, 0.0), 1.0), (centre, half))
    for k, (values, (middle, reach), name) in enumerate(
        zip((picture, whole, window), places, ("picture", "f(z, (u, v))", "window"), strict=True)
    ):
        traces.append(_cells(values, middle, reach, name, k))
        if k == 2:
            line = {"color": PIXELS, "width": 3, "dash": "dash"}
            traces.append(
                trace(
                    "scatter",
                    x=edges[:, 0],
                    y=edges[:, 1],
                    mode="lines",
                    line=line,
                    name="edge of the pixels",
                    hoverinfo="skip",
                    **panel(k),
                )
            )
        line = {"color": EXACT, "width": 3}
        labels: Part = {"name": "exact edge", "legendgroup": "exact", "showlegend": k == 0, "hoverinfo": "skip"}
        traces.append(trace("scatter", x=outline[:, 0], y=outline[:, 1], mode="lines", line=line, **labels, **panel(k)))
    layout: dict[str, Part] = {}
    for k, (low, high) in enumerate(((0, 0.31), (0.345, 0.655), (0.69, 1))):
        name, ((u, v), reach) = "" if k == 0 else str(k + 1), places[k]
        plain: Part = {"showgrid": False, "showticklabels": False, "ticks": ""}
        layout[f"xaxis{name}"] = axis("u", domain=[low, high], anchor=f"y{name}", range=[u - reach, u + reach], constrain="domain", **plain)
        square = {"scaleanchor": f"x{name}", "constrain": "domain", "constraintoward": "top", "domain": [0, 0.93]}
        layout[f"yaxis{name}"] = axis("v" if k == 0 else "", anchor=f"x{name}", range=[v - reach, v + reach], **square, **plain)
    titles = ("what the network sees", "what it says", f"its edge, {zoom} times")
    place: Part = {"x": 0, "y": 1, "xanchor": "left", "yanchor": "bottom", "font": {"size": 14}}
    notes = [
        note(f"<b>{title}</b>", xref=f"{x} domain", yref=f"y{x[1:]} domain", **place)
        for x, title in zip(("x", "x2", "x3"), titles, strict=True)
    ]
    (u, v), look = centre, {"color": PIXELS, "width": 2}
    frame: Part = {"type": "rect", "xref": "x2", "yref": "y2", "line": look, "x0": u - half, "x1": u + half, "y0": v - half, "y1": v + half}
    return house_chart(traces, height=height, **layout, annotations=notes, shapes=[frame], showlegend=True, margin={"t": 34, "b": 40})


def _cells(values: np.ndarray, centre: tuple[float, float], half: float, name: str, k: int) -> Part:
    across = half * ((np.arange(len(values)) + 0.5) * 2 / len(values) - 1)
    look: Part = {"zmin": 0, "zmax": 1, "colorscale": GREYS, "showscale": False, "hovertemplate": "%{z:.2f}<extra></extra>"}
    return trace("heatmap", x=centre[0] + across, y=centre[1] + across, z=np.round(values, 3), name=name, **look, **panel(k))


def _edges(cells: np.ndarray) -> np.ndarray:
    """Where covered pixels meet others, as one line with gaps, (E, 2)."""
    side, n = 2 / len(cells), len(cells)
    at = side * np.arange(n + 1) - 1
    lines = [[(at[x + 1], at[y]), (at[x + 1], at[y + 1])] for y in range(n) for x in range(n - 1) if cells[y, x] != cells[y, x + 1]]
    lines += [[(at[x], at[y + 1]), (at[x + 1], at[y + 1])] for y in range(n - 1) for x in range(n) if cells[y, x] != cells[y + 1, x]]
    gap = (np.nan, np.nan)
    return np.array([point for line in lines for point in (*line, gap)])
