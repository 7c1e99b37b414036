"""The plane of σ and β: along a line of constant λ = 1/(2βσ²) nothing that a model does changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from vae_core.drawing.theme import CLASS_COLOURS, MUTED, level_axes, new_figure, ticks_of_log_axis

if TYPE_CHECKING:
    import plotly.graph_objects as go


def welded(sigma: float, beta: float, *, others: Sequence[float], sigmas: tuple[float, float], height: int = 390) -> go.Figure:
    """The chosen point on its line of constant λ, bold, and other such lines, thin.

    Args:
        sigma: σ.
        beta: β.
        others: λ of the thin lines.
        sigmas: ends of the horizontal axis.
        height: in pixels.
    """
    figure = new_figure(height=height)
    ends = np.array([sigmas[0] / 1.3, sigmas[1] * 1.3])
    for value in others:
        _line(figure, ends, value, {"color": MUTED, "width": 1, "dash": "dot"}, f"λ = {value:.3g}", bold=False)
    here = 1 / (2 * beta * sigma**2)
    _line(figure, ends, here, {"color": "#0072b2", "width": 4}, f"λ = {here:.4g}: the same model", bold=True)
    ring = {"symbol": "circle", "size": 15, "color": CLASS_COLOURS[1], "line": {"width": 2, "color": "#ffffff"}}
    figure.add_scatter(
        x=[sigma], y=[beta], mode="markers", marker=ring, name="dials", hovertemplate="σ = %{x}, β = %{y:.4g}<extra></extra>"
    )
    figure.update_xaxes(title="σ of the likelihood (log scale)", type="log", range=np.log10(ends).tolist(), **ticks_of_log_axis(*ends))
    figure.update_yaxes(title="β (log scale)", type="log", exponentformat="power", dtick=1)
    figure.update_layout(margin={"t": 36, "b": 50})
    level_axes(figure, inner=("yaxis",))
    return figure


def _line(figure: go.Figure, ends: np.ndarray, value: float, line: dict, name: str, *, bold: bool) -> None:
    betas = 1 / (2 * value * ends**2)
    figure.add_scatter(
        x=ends, y=betas, mode="lines", line=line, name=name, showlegend=bold, hovertemplate="%{fullData.name}<extra></extra>"
    )
