"""What speaks for a latent dimension: six small panels over d, each with its own unit."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from vae_core.drawing.theme import MUTED, mark, new_figure

if TYPE_CHECKING:
    import plotly.graph_objects as go


@dataclass(frozen=True, slots=True)
class Curve:
    """One family's values over d.

    Attributes:
        family: how it is drawn.
        name: in the legend.
        dims: d.
        values: at each of them.
        half_widths: of 95 % intervals; empty where the values are exact.
        is_exact: drawn as a line without markers, known at every d.
        is_apart: drawn as hollow marks without a line, beside the family's own curve: each value was obtained in a way of its own.
    """

    family: str
    name: str
    dims: Sequence[int]
    values: Sequence[float]
    half_widths: Sequence[float] = field(default_factory=tuple)
    is_exact: bool = False
    is_apart: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """One quantity over d: its title with the unit, its curves, and the dimension that it speaks for, if it does."""

    title: str
    curves: Sequence[Curve]
    best: int | None = None


ACROSS, GAP_X, GAP_Y = 3, 0.075, 0.2


def latent_dim_panels(panels: Sequence[Panel], *, latent_dim: int, height: int = 540) -> go.Figure:
    """Panels three in a row, d on a logarithmic axis, the chosen d as a line through all of them.

    Args:
        panels: at most six.
        latent_dim: the one in focus.
        height: in pixels.
    """
    figure, named = new_figure(height=height), set()
    n_rows = -(-len(panels) // ACROSS)
    for k, panel in enumerate(panels):
        axes = {"xaxis": f"x{k + 1}" if k else "x", "yaxis": f"y{k + 1}" if k else "y"}
        _place(figure, k, n_rows, panel)
        for curve in panel.curves:
            figure.add_trace({**_trace(curve), **axes, "showlegend": curve.name not in named})
            named.add(curve.name)
        if panel.best is not None:
            _best(figure, panel, axes)
        line = {"color": MUTED, "width": 1.5, "dash": "dot"}
        ends = {"x0": latent_dim, "x1": latent_dim, "y0": 0, "y1": 1, "xref": axes["xaxis"], "yref": f"{axes['yaxis']} domain"}
        figure.add_shape(type="line", line=line, **ends)
    figure.update_layout(margin={"t": 54, "l": 46, "r": 8, "b": 50}, legend={"y": 1.05, "font": {"size": 13}})
    return figure


def _best(figure: go.Figure, panel: Panel, axes: dict[str, str]) -> None:
    """A star where the panel's first curve is best, with its d."""
    curve = panel.curves[0]
    value = dict(zip(curve.dims, curve.values, strict=True))[panel.best]
    star = {"symbol": "star", "size": 12, "color": mark(curve.family).colour}
    figure.add_scatter(
        x=[panel.best],
        y=[value],
        text=[f"d = {panel.best} "],
        mode="markers+text",
        textposition="middle left",
        marker=star,
        hoverinfo="skip",
        showlegend=False,
        **axes,
    )


def _trace(curve: Curve) -> dict[str, Any]:
    look = mark(curve.family)
    said = f"d = %{{x}}: %{{y:.4g}}<extra>{curve.name}</extra>"
    trace = {
        "type": "scatter",
        "x": list(curve.dims),
        "y": list(curve.values),
        "name": curve.name,
        "legendgroup": curve.name,
        "mode": "lines" if curve.is_exact else "markers" if curve.is_apart else "lines+markers",
        "line": {"color": look.colour, "width": 2},
        "hovertemplate": said,
    }
    if not curve.is_exact:
        symbol = f"{look.symbol}-open" if curve.is_apart else look.symbol
        trace["marker"] = {"symbol": symbol, "size": 8, "color": look.colour}
    if len(curve.half_widths):
        trace["error_y"] = {"array": list(curve.half_widths), "thickness": 1.2, "width": 3}
    return trace


def _ticks(curves: Sequence[Curve]) -> tuple[int, ...]:
    """Dimensions that are named on the axis: so many that they stand beside each other."""
    dims = [d for curve in curves for d in curve.dims]
    return (1, 2, 5, 10, 20, 50) if max(dims) <= 64 else (1, 3, 10, 30, 100, 300, 1000)


def _place(figure: go.Figure, k: int, n_rows: int, panel: Panel) -> None:
    row, column = divmod(k, ACROSS)
    width, height = (1 - GAP_X * (ACROSS - 1)) / ACROSS, (1 - GAP_Y * (n_rows - 1)) / n_rows
    left, top = column * (width + GAP_X), 1 - row * (height + GAP_Y)
    number = k + 1 if k else ""
    small = {"size": 12}
    ticks = _ticks(panel.curves)
    across = {"domain": [left, min(1, left + width)], "anchor": f"y{number}", "type": "log", "tickvals": list(ticks), "tickfont": small}
    across |= {"ticktext": [str(d) for d in ticks], "tickangle": 0, "title": {"text": "d" if row == n_rows - 1 else "", "standoff": 8}}
    up = {"domain": [max(0, top - height), top], "anchor": f"x{number}", "tickfont": small, "nticks": 6}
    figure.update_layout({f"xaxis{number}": across, f"yaxis{number}": up})
    place = {"x": left, "y": top, "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom", "yshift": 3}
    figure.add_annotation(text=f"<b>{panel.title}</b>", showarrow=False, font={"size": 13}, **place)


def panels_csv(panels: Sequence[Panel]) -> bytes:
    """Every value of every panel, a line each."""
    file = io.StringIO()
    out = csv.writer(file, lineterminator="\n")
    out.writerow(["quantity", "curve", "latent_dim", "value", "half_width_95"])
    for panel in panels:
        for curve in panel.curves:
            widths = curve.half_widths or [""] * len(curve.dims)
            out.writerows([panel.title, curve.name, d, v, w] for d, v, w in zip(curve.dims, curve.values, widths, strict=True))
    return file.getvalue().encode()
