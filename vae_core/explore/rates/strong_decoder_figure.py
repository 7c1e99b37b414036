"""What a decoder's context takes from the code, and what it gives to the bound."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from vae_core.drawing.chart import Chart, Part, panel, trace, upright
from vae_core.drawing.theme import CLASS_COLOURS, FAMILY_MARKS, MUTED, house_chart, level_axes

CHOSEN = "#0072b2"
DASHES = ("dash", "dot")


def context_chart(
    *,
    contexts: np.ndarray,
    rates: Mapping[float, np.ndarray],
    costs: np.ndarray,
    tau: float,
    k: int,
    trained: Mapping[int, np.ndarray],
    height: int = 290,
) -> Chart:
    """Left the rate of the best models over the pixels that the decoder sees, right their −ELBO.

    Args:
        contexts: k of each model, (M,).
        rates: τ → nats, (M,).
        costs: −ELBO at the chosen level, (M,), nats.
        tau: that level, whose line is thick.
        k: the chosen context, which is marked.
        trained: k → rates of trained models, one a seed.
        height: in pixels.
    """
    pointer, dashes = "k = %{x}: %{y:.2f} nats", iter(DASHES)
    thick = {"mode": "lines+markers", "line": {"color": CHOSEN, "width": 3}, "marker": {"size": 7}, "hovertemplate": pointer}
    traces = []
    for level, of_level in rates.items():
        look = thick if level == tau else {"mode": "lines", "line": {"color": MUTED, "dash": next(dashes)}, "hovertemplate": pointer}
        traces.append(trace("scatter", x=contexts, y=of_level, name=f"τ = {level:g}", **look, **panel(0)))
    traces.append(trace("scatter", x=contexts, y=costs, name="−ELBO", showlegend=False, **thick, **panel(1)))
    if trained:
        x, y = np.repeat(list(trained), [len(values) for values in trained.values()]), np.concatenate(list(trained.values()))
        cross = {"symbol": "x-thin-open", "size": 12, "color": FAMILY_MARKS["vae"].colour, "line": {"width": 2.5}}
        about = {"name": "trained by descent", "hovertemplate": pointer}
        traces.append(trace("scatter", x=x, y=y, mode="markers", marker=cross, **about, **panel(0)))
    here = {"color": CLASS_COLOURS[1], "width": 2, "dash": "dot"}
    axes: dict[str, Part] = {
        "xaxis": {"title": {"text": "Pixels in sight, k"}, "domain": [0, 0.45], "range": [-2, contexts[-1] + 2]},
        "yaxis": {"title": {"text": "Rate R, nats per image"}, "rangemode": "tozero"},
        "xaxis2": {"title": {"text": "Pixels in sight, k"}, "domain": [0.58, 1], "anchor": "y2", "range": [-2, contexts[-1] + 2]},
        "yaxis2": {"title": {"text": "−ELBO, nats per image"}, "anchor": "x2"},
    }
    lines = [upright(k, line=here), upright(k, line=here, xref="x2", yref="y2")]
    layout = level_axes(axes, inner=("yaxis", "yaxis2"))
    return house_chart(traces, height=height, **layout, shapes=lines, margin={"t": 40, "l": 56, "r": 8, "b": 46}, showlegend=True)
