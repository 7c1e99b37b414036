"""What speaks for a latent dimension: six small panels over d, each with its own unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vae_core.drawing import chart
from vae_core.drawing.chart import Chart, Part, note, trace, upright
from vae_core.drawing.tables import csv
from vae_core.drawing.theme import MUTED, house_chart, mark


@dataclass(frozen=True, slots=True)
class Curve:
    """One family's values over d.

    Attributes:
        family: how it is drawn; None for what is no model's.
        name: in the legend.
        dims: d.
        values: at each of them.
        ends: of their 95 % intervals, low and high; empty where the values are exact.
        is_exact: drawn as a line without markers, known at every d.
        is_apart: drawn as hollow marks without a line, beside the family's own curve: each value was obtained in a way of its own.
    """

    family: str | None
    name: str
    dims: Sequence[int]
    values: Sequence[float]
    ends: Sequence[tuple[float, float]] = ()
    is_exact: bool = False
    is_apart: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """One quantity over d: its title with the unit, its curves, and the dimension that it speaks for, if it does."""

    title: str
    curves: Sequence[Curve]
    best: int | None = None


ACROSS, GAP_X, GAP_Y = 3, 0.075, 0.2
WIDTH = (1 - GAP_X * (ACROSS - 1)) / ACROSS
"""Of a panel; with the gaps in shares of the chart."""


def latent_dim_panels(panels: Sequence[Panel], *, latent_dim: int, height: int = 540) -> Chart:
    """Panels three in a row, d on a logarithmic axis, the chosen d as a line through all of them.

    Args:
        panels: at most six.
        latent_dim: the one in focus.
        height: in pixels.
    """
    n_rows = -(-len(panels) // ACROSS)
    traces: list[Part] = []
    axes: dict[str, Part] = {}
    for k, panel in enumerate(panels):
        axes |= _axes(k, n_rows, panel)
        for curve in panel.curves:
            traces.append(_trace(curve) | chart.panel(k) | {"showlegend": curve.name not in {one.get("name") for one in traces}})
        traces += [] if panel.best is None else [_best(panel) | chart.panel(k)]
    line, refs = {"color": MUTED, "width": 1.5, "dash": "dot"}, [chart.panel(k) for k in range(len(panels))]
    return house_chart(
        traces,
        height=height,
        **axes,
        shapes=[upright(latent_dim, line=line, xref=ref["xaxis"], yref=ref["yaxis"]) for ref in refs],
        annotations=[_title(k, n_rows, panel) for k, panel in enumerate(panels)],
        margin={"t": 54, "l": 46, "r": 8, "b": 50},
        legend={"y": 1.05, "font": {"size": 13}},
    )


def _best(panel: Panel) -> Part:
    """A star where the panel's first curve is best, with its d."""
    curve = panel.curves[0]
    value = next(value for d, value in zip(curve.dims, curve.values, strict=True) if d == panel.best)
    look = {"mode": "markers+text", "textposition": "middle left", "hoverinfo": "skip", "showlegend": False}
    star = {"symbol": "star", "size": 12, "color": mark(curve.family).colour}
    return trace("scatter", x=[panel.best], y=[value], text=[f"d = {panel.best} "], marker=star, **look)


def _trace(curve: Curve) -> Part:
    look = mark(curve.family)
    style: Part = {"mode": "lines" if curve.is_exact else "markers" if curve.is_apart else "lines+markers"}
    style |= {"line": {"color": look.colour, "width": 2}, "hovertemplate": f"d = %{{x}}: %{{y:.4g}}<extra>{curve.name}</extra>"}
    if not curve.is_exact:
        style["marker"] = {"symbol": f"{look.symbol}-open" if curve.is_apart else look.symbol, "size": 8, "color": look.colour}
    if curve.ends:
        (low, high), values = np.array(curve.ends).T, np.array(curve.values)
        style["error_y"] = {"array": high - values, "arrayminus": values - low, "symmetric": False, "thickness": 1.2, "width": 3}
    return trace("scatter", x=list(curve.dims), y=list(curve.values), name=curve.name, legendgroup=curve.name, **style)


def _ticks(curves: Sequence[Curve]) -> tuple[int, ...]:
    """Dimensions that are named on the axis: so many that they stand beside each other."""
    dims = [d for curve in curves for d in curve.dims]
    return (1, 2, 5, 10, 20, 50) if max(dims) <= 64 else (1, 10, 100, 1000)


def _corner(k: int, n_rows: int) -> tuple[float, float]:
    """Left and top of a panel, in shares of the chart."""
    row, column = divmod(k, ACROSS)
    return column * (WIDTH + GAP_X), 1 - row * (_height(n_rows) + GAP_Y)


def _height(n_rows: int) -> float:
    return (1 - GAP_Y * (n_rows - 1)) / n_rows


def _axes(k: int, n_rows: int, panel: Panel) -> dict[str, Part]:
    """Both axes of a panel; the lowest row says what stands on the one across."""
    (left, top), ticks, number = _corner(k, n_rows), _ticks(panel.curves), k + 1 if k else ""
    small, name = {"tickfont": {"size": 12}}, "d" if k // ACROSS == n_rows - 1 else ""
    across: Part = {"domain": [left, min(1, left + WIDTH)], "anchor": f"y{number}", "type": "log", "tickvals": list(ticks), **small}
    across |= {"ticktext": [str(d) for d in ticks], "tickangle": 0, "title": {"text": name, "standoff": 8}}
    up = {"domain": [max(0, top - _height(n_rows)), top], "anchor": f"x{number}", "nticks": 6, **small}
    return {f"xaxis{number}": across, f"yaxis{number}": up}


def _title(k: int, n_rows: int, panel: Panel) -> Part:
    left, top = _corner(k, n_rows)
    place = {"x": left, "y": top, "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom", "yshift": 3}
    return note(f"<b>{panel.title}</b>", font={"size": 13}, **place)


def panels_csv(panels: Sequence[Panel]) -> bytes:
    """Every value of every panel, a line each."""
    rows: list[list[object]] = [
        [panel.title, curve.name, d, value, *ends]
        for panel in panels
        for curve in panel.curves
        for d, value, ends in zip(curve.dims, curve.values, curve.ends or ((None, None),) * len(curve.dims), strict=True)
    ]
    return csv(["quantity", "curve", "latent_dim", "value", "low_95", "high_95"], rows)


def exact_panels(pca_sse: Sequence[float], ppca_log_px: Sequence[float]) -> list[Panel]:
    """What is exact at every d from 1 on: the test SSE of PCA, and log p(x) of pPCA, nats per test image."""
    errors = Curve("pca", "PCA", range(1, len(pca_sse) + 1), pca_sse, is_exact=True)
    log_px = Curve("ppca", "pPCA", range(1, len(ppca_log_px) + 1), ppca_log_px, is_exact=True)
    return [Panel("PCA test SSE", [errors]), Panel("pPCA test log p(x), nats", [log_px])]
