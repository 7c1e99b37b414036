"""What a loss leaves of a code: surviving dimensions and KL against the balance of error and KL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from vae_core.drawing.theme import CLASS_COLOURS, FAMILY_MARKS, MUTED, level_axes, new_figure

if TYPE_CHECKING:
    import plotly.graph_objects as go

EXACT, HERE = "#0072b2", CLASS_COLOURS[1]
SMALLEST_RATE = 1e-3
"""Nats; rates below are drawn here, at the foot of the logarithmic axis."""


@dataclass(frozen=True, slots=True, eq=False)
class Balance:
    """The horizontal axis.

    Attributes:
        name: such as τ = βσ².
        axis: its values, (N,), rising.
        here: where the loss at hand stands.
        written: name → where a loss that people write stands.
    """

    name: str
    axis: np.ndarray
    here: float
    written: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class TrainedCode:
    """A trained model: whether it is linear, d, where it stands on the axis, active units and rate on test images, and its name."""

    is_linear: bool
    latent_dim: int
    balance: float
    active_units: int
    rate: float
    said: str


def balance_chart(
    balance: Balance,
    *,
    survivors: np.ndarray | None,
    linear_rate: np.ndarray | None,
    bound: np.ndarray,
    trained: Sequence[TrainedCode] = (),
    latent_dim: int,
    height: int = 285,
) -> go.Figure:
    """Left the dimensions that survive, right the KL, both against the balance on a logarithmic axis.

    Args:
        balance: the axis.
        survivors: active dimensions of the best linear model, (N,); None where no theory says.
        linear_rate: its KL, (N,), nats; None likewise.
        bound: no model's KL is above this, (N,), nats.
        trained: models.
        latent_dim: d.
        height: in pixels.
    """
    figure = new_figure(height=height)
    if survivors is not None:
        _line(figure, balance, survivors, "linear model, exact", {"color": EXACT, "width": 3, "shape": "hv"}, 1)
    if linear_rate is not None:
        _line(figure, balance, np.maximum(linear_rate, SMALLEST_RATE), "", {"color": EXACT, "width": 3}, 2)
    _line(figure, balance, bound, "any model: KL ≤", {"color": MUTED, "width": 2, "dash": "dash"}, 2)
    for is_linear in (True, False):
        _models(figure, [model for model in trained if model.is_linear == is_linear], is_linear=is_linear)
    _marks(figure, balance, survivors, bound)
    _place(figure, balance, survivors, latent_dim, bound, trained)
    return figure


def _line(figure: go.Figure, balance: Balance, y: np.ndarray, name: str, line: dict[str, Any], panel: int) -> None:
    figure.add_scatter(
        x=balance.axis,
        y=y,
        mode="lines",
        line=line,
        name=name,
        showlegend=bool(name),
        hovertemplate=balance.name + " = %{x:.3g}: %{y:.3g}<extra>" + (name or "linear model, exact") + "</extra>",
        xaxis="x" if panel == 1 else "x2",
        yaxis="y" if panel == 1 else "y2",
    )


def _models(figure: go.Figure, group: Sequence[TrainedCode], *, is_linear: bool) -> None:
    if not group:
        return
    look = {"symbol": "square", "color": EXACT} if is_linear else {"symbol": "circle", "color": FAMILY_MARKS["vae"].colour}
    name = "trained linear" if is_linear else "trained network"
    for panel, values in enumerate(([m.active_units for m in group], [max(m.rate, SMALLEST_RATE) for m in group]), start=1):
        figure.add_scatter(
            x=[m.balance for m in group],
            y=values,
            mode="markers",
            marker={**look, "size": 9, "opacity": 0.75, "line": {"width": 1, "color": "#ffffff"}},
            name=name,
            legendgroup=name,
            showlegend=panel == 1,
            text=[m.said for m in group],
            hovertemplate="%{text}: %{y:.3g}<extra>" + name + "</extra>",
            xaxis="x" if panel == 1 else "x2",
            yaxis="y" if panel == 1 else "y2",
        )


def _marks(figure: go.Figure, balance: Balance, survivors: np.ndarray | None, bound: np.ndarray) -> None:
    """Losses that people write as crosses, the one at hand as a ring, on the theory of either panel."""
    right = float((balance.axis[0] * balance.axis[-1]) ** 0.5)  # from there on a name has more room to its left
    for panel, curve in ((1, survivors), (2, bound)):
        if curve is None:
            continue
        axes = {"xaxis": "x" if panel == 1 else "x2", "yaxis": "y" if panel == 1 else "y2"}
        at = np.array(list(balance.written.values()))
        lowest = 0.0 if panel == 1 else SMALLEST_RATE
        y = np.maximum(_on(balance.axis, curve, at), lowest)
        figure.add_scatter(
            x=at,
            y=y,
            mode="markers" if panel == 1 else "markers+text",
            marker={"symbol": "x-thin", "size": 10, "line": {"width": 2, "color": MUTED}},
            name="losses people write",
            showlegend=panel == 2,
            text=[name if value > 1.5 * lowest else "" for name, value in zip(_apart(balance.written), y, strict=True)],
            textposition=["middle left" if value > right else "middle right" for value in at],
            textfont={"size": 12},
            customdata=list(balance.written),
            hovertemplate="%{customdata}: " + balance.name + " = %{x:.4g}<extra></extra>",
            **axes,
        )
        figure.add_scatter(
            x=[balance.here],
            y=np.maximum(_on(balance.axis, curve, np.array([balance.here])), lowest),
            mode="markers",
            marker={"symbol": "circle-open", "size": 17, "color": HERE, "line": {"width": 4}},
            name="this loss",
            showlegend=panel == 2,
            hovertemplate=f"this loss: {balance.name} = {balance.here:.4g}<extra></extra>",
            **axes,
        )


def _apart(written: Mapping[str, float]) -> list[str]:
    """Their names, without those that would be written over each other."""
    said, last = dict.fromkeys(written, ""), 0.0
    for name, value in sorted(written.items(), key=lambda item: item[1]):
        if value > 5 * last:
            said[name], last = f"  {name}  ", value
    return list(said.values())


def _on(axis: np.ndarray, curve: np.ndarray, at: np.ndarray) -> np.ndarray:
    """A curve's values, where it falls as a power between the points of the axis."""
    if curve.min() <= 0:
        return curve[np.clip(np.searchsorted(axis, at, side="right") - 1, 0, len(curve) - 1)]
    return np.exp(np.interp(np.log(at), np.log(axis), np.log(curve)))


def _place(
    figure: go.Figure, balance: Balance, survivors: np.ndarray | None, latent_dim: int, bound: np.ndarray, trained: Sequence[TrainedCode]
) -> None:
    across = {"type": "log", "range": [float(v) for v in np.log10(balance.axis[[0, -1]])], "exponentformat": "power", "dtick": 1}
    most = max([latent_dim, *(model.active_units for model in trained)])
    rates = [float(bound.max()), *(model.rate for model in trained)]
    figure.update_layout(
        xaxis={**across, "domain": [0, 0.45], "title": {"text": f"{balance.name} (log scale)", "standoff": 4}},
        yaxis={"title": {"text": "Dimensions that survive", "standoff": 4}, "range": [-0.04 * most, 1.08 * most]},
        xaxis2={**across, "domain": [0.56, 1], "anchor": "y2", "title": {"text": f"{balance.name} (log scale)", "standoff": 4}},
        yaxis2={
            "anchor": "x2",
            "type": "log",
            "title": {"text": "KL, nats (0 at 10⁻³)", "standoff": 4},
            "range": [np.log10(SMALLEST_RATE) - 0.1, np.log10(max(rates) * 3)],
            "exponentformat": "power",
            "dtick": 1,
        },
        margin={"t": 44, "l": 60, "r": 8, "b": 46},
        legend={"font": {"size": 12}},
    )
    level_axes(figure)
    if survivors is None:
        figure.add_scatter(x=[None], y=[None], showlegend=False)  # without a trace the panel would have no axes
        figure.add_annotation(
            text="The theory of linear models<br>needs squared errors.", x=0.225, y=0.5, xref="paper", yref="paper", showarrow=False
        )
