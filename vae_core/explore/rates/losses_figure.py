"""What a loss leaves of a code: surviving dimensions and KL against the balance of error and KL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from vae_core.drawing.chart import Chart, Part, note, panel, trace
from vae_core.drawing.theme import CLASS_COLOURS, FAMILY_MARKS, MUTED, house_chart, level_axes

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
    """A trained model: whether it is linear, d, where it stands on the axis, active units, rate on test images, also as written, name."""

    is_linear: bool
    latent_dim: int
    balance: float
    active_units: int
    rate: float
    rate_text: str
    name: str


def balance_chart(
    balance: Balance,
    *,
    survivors: np.ndarray | None,
    linear_rate: np.ndarray | None,
    bound: np.ndarray,
    trained: Sequence[TrainedCode] = (),
    latent_dim: int,
    height: int = 250,
) -> Chart:
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
    traces = []
    if survivors is not None:
        traces.append(_line(balance, survivors, LINEAR, {"color": EXACT, "width": 3, "shape": "hv"}) | panel(0))
    if linear_rate is not None:
        rate = _line(balance, np.maximum(linear_rate, SMALLEST_RATE), LINEAR, {"color": EXACT, "width": 3}, is_named=False)
        traces.append(rate | panel(1))
    traces.append(_line(balance, bound, "any model: KL ≤", {"color": MUTED, "width": 2, "dash": "dash"}) | panel(1))
    for is_linear in (True, False):
        traces += _models([model for model in trained if model.is_linear == is_linear], is_linear=is_linear)
    traces += [] if survivors is None else _marks(balance, survivors, 0)
    traces += _marks(balance, bound, 1)
    without = {} if survivors is not None or trained else {"annotations": [NO_THEORY]}
    traces += [] if survivors is not None else [{"type": "scatter", "x": [None], "y": [None], "showlegend": False}]  # else no axes
    layout = {"margin": {"t": 44, "l": 60, "r": 8, "b": 46}, "legend": {"font": {"size": 12}}}
    return house_chart(traces, height=height, **level_axes(_axes(balance, latent_dim, bound, trained)), **layout, **without)


LINE_OF_TEXT = 30
"""So many times lower stands what is a line below, in the lowest chart that a window has."""
LETTERS = 4.4
"""So many letters are as wide as a power of ten, in the narrowest."""
LINEAR = "linear model, exact"
NO_THEORY = note("The theory of linear models<br>needs squared errors.", x=0.225, y=0.5, xref="paper", yref="paper", xanchor="center")


def _line(balance: Balance, y: np.ndarray, name: str, line: Part, *, is_named: bool = True) -> Part:
    pointer = balance.name + " = %{x:.3g}: %{y:.3g}<extra>" + name + "</extra>"
    legend = {"name": name if is_named else "", "showlegend": is_named}
    return trace("scatter", x=balance.axis, y=y, mode="lines", line=line, hovertemplate=pointer, **legend)


def _models(group: Sequence[TrainedCode], *, is_linear: bool) -> list[Part]:
    """Trained models in both panels."""
    if not group:
        return []
    look = {"symbol": "square", "color": EXACT} if is_linear else {"symbol": "circle", "color": FAMILY_MARKS["vae"].colour}
    name = "trained linear" if is_linear else "trained network"
    common = {"mode": "markers", "marker": {**look, "size": 9, "opacity": 0.75, "line": {"width": 1, "color": "#ffffff"}}, "name": name}
    common |= {"legendgroup": name, "hovertemplate": "%{text}<extra>" + name + "</extra>"}
    texts = ([f"{m.name}: {m.active_units}" for m in group], [f"{m.name}: {m.rate_text} nats" for m in group])
    heights = ([m.active_units for m in group], [max(m.rate, SMALLEST_RATE) for m in group])
    across = [m.balance for m in group]
    return [trace("scatter", x=across, y=heights[k], text=texts[k], showlegend=k == 0, **common, **panel(k)) for k in (0, 1)]


def _marks(balance: Balance, curve: np.ndarray, k: int) -> list[Part]:
    """Losses that people write as crosses, the one at hand as a ring, on the theory of panel k."""
    lowest, at = (0.0, SMALLEST_RATE)[k], np.array(list(balance.written.values()))
    sides = _sides(balance)
    y, here = (np.maximum(_on(balance.axis, curve, places), lowest) for places in (at, np.array([balance.here])))
    crosses: Part = {
        "mode": ("markers", "markers+text")[k],
        "marker": {"symbol": "x-thin", "size": 10, "line": {"width": 2, "color": MUTED}},
    }
    is_told = [name in sides and value > 1.5 * lowest for name, value in zip(balance.written, y, strict=True)]
    crosses |= {"text": [f"  {name}  " if told else "" for name, told in zip(balance.written, is_told, strict=True)]}
    crosses |= {"textposition": [f"middle {sides.get(name, 'right')}" for name in balance.written], "textfont": {"size": 12}}
    crosses |= {"customdata": list(balance.written), "hovertemplate": "%{customdata}: " + balance.name + " = %{x:.4g}<extra></extra>"}
    ring = {"mode": "markers", "marker": {"symbol": "circle-open", "size": 17, "color": HERE, "line": {"width": 4}}}
    ring |= {"hovertemplate": f"this loss: {balance.name} = {balance.here:.4g}<extra></extra>"}
    common = {"showlegend": k == 1, **panel(k)}
    return [
        trace("scatter", x=at, y=y, name="losses people write", **crosses, **common),
        trace("scatter", x=[balance.here], y=here, name="this loss", **ring, **common),
    ]


def _sides(balance: Balance) -> dict[str, str]:
    """On which side of its cross a name is written; not those that have no room there, or would be written over an earlier one."""
    sides: dict[str, str] = {}
    for name, value in balance.written.items():
        free = {"right": np.log10(balance.axis[-1] / value), "left": np.log10(value / balance.axis[0])}
        for side in [side for side, decades in free.items() if LETTERS * decades > len(name) + 1]:
            others = [balance.written[other] for other, at in sides.items() if at == side]
            if all(max(value / other, other / value) > LINE_OF_TEXT for other in others):
                sides[name] = side
                break
    return sides


def _on(axis: np.ndarray, curve: np.ndarray, at: np.ndarray) -> np.ndarray:
    """A curve's values, where it falls as a power between the points of the axis."""
    if curve.min() <= 0:
        return curve[np.clip(np.searchsorted(axis, at, side="right") - 1, 0, len(curve) - 1)]
    return np.exp(np.interp(np.log(at), np.log(axis), np.log(curve)))


def _axes(balance: Balance, latent_dim: int, bound: np.ndarray, trained: Sequence[TrainedCode]) -> dict[str, Part]:
    """Both panels side by side."""
    across = {"type": "log", "range": [float(v) for v in np.log10(balance.axis[[0, -1]])], "exponentformat": "power", "dtick": 1}
    across["title"] = {"text": f"{balance.name} (log scale)"}
    most = max([latent_dim, *(model.active_units for model in trained)])
    highest = max([float(bound.max()), *(model.rate for model in trained)])
    rates = {"type": "log", "exponentformat": "power", "dtick": 2, "range": [np.log10(SMALLEST_RATE) - 0.1, np.log10(highest * 3)]}
    return {
        "xaxis": {**across, "domain": [0, 0.43]},
        "yaxis": {"title": {"text": "Dimensions that survive"}, "range": [-0.04 * most, 1.08 * most]},
        "xaxis2": {**across, "domain": [0.58, 1], "anchor": "y2"},
        "yaxis2": {**rates, "anchor": "x2", "title": {"text": "KL, nats (0 at 10⁻³)"}},
    }
