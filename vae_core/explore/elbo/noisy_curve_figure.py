"""Log densities over the amount of noise: of test points, of a point on the curve, and of one off it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from vae_core.drawing.chart import Chart, axis, trace, upright
from vae_core.drawing.theme import MUTED, house_chart

LOOKS = (("#0072b2", "solid"), ("#d55e00", "dash"), ("#cc79a7", "dot"))


def log_densities(
    amounts: np.ndarray, curves: Mapping[str, np.ndarray], *, name: str, best: tuple[float, float], here: float, height: int = 430
) -> Chart:
    """Curves over the amount of noise, on a logarithmic axis.

    Args:
        amounts: η or b, (N,).
        curves: name → log p(x), (N,) each, nats.
        name: of the amount, as an axis says it.
        best: the amount of the largest mean log p(x) of the test points, and that mean.
        here: the amount at hand.
        height: in pixels.
    """
    traces = [
        trace("scatter", x=amounts, y=y, name=title, mode="lines", line={"color": colour, "dash": dash, "width": 3})
        for (title, y), (colour, dash) in zip(curves.items(), LOOKS, strict=True)
    ]
    look = {"mode": "markers", "name": "maximum", "marker": {"color": LOOKS[0][0], "size": 13, "symbol": "star"}}
    traces.append(trace("scatter", x=np.array([best[0]]), y=np.array([best[1]]), **look))
    layout = {"xaxis": axis(name, type="log", dtick=1), "yaxis": axis("log p(x) (nats)", range=[-12, 5])}
    line = {"color": MUTED, "width": 2, "dash": "dash"}
    return house_chart(traces, height=height, **layout, shapes=[upright(here, line=line)], margin={"t": 60, "b": 48}, showlegend=True)
