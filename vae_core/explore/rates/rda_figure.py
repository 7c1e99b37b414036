"""The plane of σ and β: along a line of constant λ = 1/(2βσ²) nothing that a model does changes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vae_core.drawing.chart import Chart, Part, axis, trace
from vae_core.drawing.theme import CLASS_COLOURS, MUTED, house_chart, level_axes, ticks_of_log_axis


def tradeoff_figure(sigma: float, beta: float, *, others: Sequence[float], sigmas: tuple[float, float], height: int = 390) -> Chart:
    """The chosen point on its line of constant λ, bold, and other such lines, thin.

    Args:
        sigma: σ.
        beta: β.
        others: λ of the thin lines.
        sigmas: ends of the horizontal axis.
        height: in pixels.
    """
    ends = np.array([sigmas[0] / 1.3, sigmas[1] * 1.3])
    here = 1 / (2 * beta * sigma**2)
    thin = [_line(ends, value, {"color": MUTED, "width": 1, "dash": "dot"}, f"λ = {value:.3g}", is_named=False) for value in others]
    bold = _line(ends, here, {"color": "#0072b2", "width": 4}, f"λ = {here:.4g}: the same model", is_named=True)
    ring = {"symbol": "circle", "size": 15, "color": CLASS_COLOURS[1], "line": {"width": 2, "color": "#ffffff"}}
    pointer = "σ = %{x}, β = %{y:.4g}<extra></extra>"
    dials = trace("scatter", x=[sigma], y=[beta], mode="markers", marker=ring, name="dials", hovertemplate=pointer)
    across = axis("σ of the likelihood (log scale)", type="log", range=np.log10(ends).tolist(), **ticks_of_log_axis(*ends))
    axes = {"xaxis": across, "yaxis": axis("β (log scale)", type="log", exponentformat="power", dtick=1)}
    return house_chart([*thin, bold, dials], height=height, **level_axes(axes, inner=("yaxis",)), margin={"t": 36, "b": 50})


def _line(ends: np.ndarray, value: float, line: Part, name: str, *, is_named: bool) -> Part:
    """All pairs of dials of one λ."""
    look = {"mode": "lines", "line": line, "showlegend": is_named, "hovertemplate": "%{fullData.name}<extra></extra>"}
    return trace("scatter", x=ends, y=1 / (2 * value * ends**2), name=name, **look)
