"""Data and model over a few outcomes, and the average surprise as a stack of entropy and divergence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vae_core.drawing.chart import Chart, axis, panel, trace
from vae_core.drawing.theme import house_chart, level_axes

DATA, MODEL, ENTROPY, DIVERGENCE = "#0072b2", "#d55e00", "#56b4e9", "#e69f00"


def surprise_bars(
    outcomes: Sequence[str],
    pop: np.ndarray,
    model: np.ndarray,
    entropy: float,
    divergence: float,
    cross_entropy: float,
    *,
    height: int = 440,
) -> Chart:
    """Bars of both distributions, and of what the average surprise is made of.

    Args:
        outcomes: their names, Y of them.
        pop: Pop(y), (Y,).
        model: P(y), (Y,).
        entropy: H(Pop), nats.
        divergence: KL(Pop ‖ P), nats.
        cross_entropy: E[−ln P(y)], nats.
        height: in pixels.
    """
    layout = level_axes(
        {
            "xaxis": axis("outcome y", domain=[0, 0.56]),
            "yaxis": axis("probability", rangemode="tozero"),
            "xaxis2": axis("", domain=[0.68, 1]),
            "yaxis2": axis("nats per outcome", anchor="x2", rangemode="tozero"),
        }
    )
    names = list(outcomes)
    both = ["H + KL", "E[−ln P]"]
    inside = {"texttemplate": "%{y:.3f}", "textposition": "inside", "insidetextanchor": "middle"}
    traces = [
        trace("bar", x=names, y=pop, name="data Pop(y)", marker={"color": DATA, "pattern": {"shape": ""}}, offsetgroup="data"),
        trace("bar", x=names, y=model, name="model P(y)", marker={"color": MODEL, "pattern": {"shape": "/"}}, offsetgroup="model"),
        _bar(both[:1], [entropy], "entropy H(Pop)", ENTROPY) | inside,
        _bar(both[:1], [divergence], "KL(Pop ‖ P)", DIVERGENCE) | {"base": np.array([entropy])} | inside,
        _bar(both[1:], [cross_entropy], "average surprise E[−ln P(y)]", MODEL) | inside,
    ]
    return house_chart(traces, height=height, **layout, barmode="group", margin={"t": 36, "b": 48}, showlegend=True)


def _bar(x: list[str], y: Sequence[float], name: str, colour: str) -> dict:
    """A bar of the second panel, in one column with the others there."""
    return trace("bar", x=x, y=np.array(y), name=name, marker={"color": colour}, offsetgroup="sum", **panel(1))
