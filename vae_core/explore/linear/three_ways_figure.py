"""Three ways to pPCA in one picture: log p(x), the largest angle to the principal components, and σ², step by step."""

from __future__ import annotations

import numpy as np

from vae_core.drawing.chart import Chart, Part, axis, level, panel, trace
from vae_core.drawing.theme import FAMILY_MARKS, house_chart, level_axes, ticks_of_log_axis

EM, GRADIENT, CLOSED = (FAMILY_MARKS[family].colour for family in ("vae", "linear-autoencoder", "pca"))
Curves = tuple[np.ndarray, np.ndarray, np.ndarray]
LEAST_ANGLE = 1e-3
"""Degrees below which an angle is drawn as having arrived."""
N_DRAWN = 90
"""Steps that are drawn, evenly spread on a logarithmic scale."""


def ways(em: Curves, gradient: Curves, *, best: float, noise: float, height: int = 450) -> Chart:
    """EM and gradient ascent against the closed form.

    Args:
        em: log p(x), angle in degrees and σ² after each step of EM, the start first, (T + 1,) each.
        gradient: the same of gradient ascent.
        best: mean log p(x) of the closed form.
        noise: its σ².
        height: in pixels.
    """
    steps = np.unique(np.geomspace(1, len(em[0]) - 1, N_DRAWN).astype(int))
    drawn, x = np.append(0, steps), np.append(0.5, steps)  # 0 has no logarithm
    traces = []
    for (log_px, angles, noises), name, colour, dash in ((em, "EM", EM, "solid"), (gradient, "gradient ascent", GRADIENT, "dot")):
        curves = (log_px, np.maximum(angles, LEAST_ANGLE), noises)
        line: Part = {"color": colour, "width": 3, "dash": dash}
        for k, curve in enumerate(curves):
            traces.append(trace("scatter", x=x, y=curve[drawn], mode="lines", name=name, line=line, showlegend=not k, **panel(k)))
    closed: Part = {"color": CLOSED, "width": 2, "dash": "dash"}
    traces.append(trace("scatter", x=[None], y=[None], mode="lines", name="closed form", line=closed))
    reach = best - float(em[0][1])
    seen = np.concatenate([em[2], gradient[2], [noise]])
    step: Part = {"type": "log", "range": [np.log10(0.5), np.log10(len(em[0]) - 1)], "dtick": 1}
    return house_chart(
        traces,
        height=height,
        shapes=[level(best, line=closed), level(noise, line=closed, xref="x3", yref="y3")],
        margin={"t": 36, "b": 48},
        **level_axes(
            {
                "xaxis": axis("step", domain=[0, 0.47], **step),
                "yaxis": axis("log p(x), nats per image", range=[best - reach, best + 0.06 * reach]),
                "xaxis2": axis("", domain=[0.66, 1], anchor="y2", **step),
                "yaxis2": axis("largest angle (°)", type="log", domain=[0.56, 1], anchor="x2", **ticks_of_log_axis(LEAST_ANGLE, 90, (1,))),
                "xaxis3": axis("step", domain=[0.66, 1], anchor="y3", **step),
                "yaxis3": axis(
                    "σ²",
                    type="log",
                    domain=[0, 0.44],
                    anchor="x3",
                    **ticks_of_log_axis(float(seen.min()) / 2, float(seen.max()), (1, 3)),
                ),
            },
            inner=("yaxis", "yaxis2", "yaxis3"),
        ),
    )
