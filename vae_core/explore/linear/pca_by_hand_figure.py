"""Charts of PCA by hand: what is lost and what is kept over every direction, and the power iteration."""

from __future__ import annotations

import math

import numpy as np

from vae_core.drawing.chart import Chart, Part, axis, level, note, trace, upright
from vae_core.drawing.theme import FAMILY_MARKS, MUTED, house_chart, ticks_of_log_axis

KEPT, LOST = FAMILY_MARKS["pca"].colour, "#d55e00"
"""Colours of the projected variance, and of the error."""
LEAST_AWAY = 1e-6
"""Degrees below which the power iteration is drawn as having arrived."""


def angle_curves(total: float, eigenvalues: np.ndarray, best: float, *, angle: float, height: int = 380) -> Chart:
    """Squared error and projected variance per point against the angle of v; their sum is `total` at every angle.

    Args:
        total: tr C.
        eigenvalues: λ₁ and λ₂, (2,).
        best: angle of v₁, in degrees.
        angle: that is marked.
        height: in pixels.
    """
    degrees = np.arange(181.0)
    turned = np.radians(degrees - best)
    variance = eigenvalues[0] * np.cos(turned) ** 2 + eigenvalues[1] * np.sin(turned) ** 2
    curves = [
        trace("scatter", x=degrees, y=y, mode="lines", name=name, line={"color": colour, "width": 3, "dash": dash})
        for name, y, colour, dash in (("projected variance", variance, KEPT, "solid"), ("error", total - variance, LOST, "dash"))
    ]
    shapes = [upright(angle, line={"color": MUTED, "width": 2}), level(total, line={"color": MUTED, "width": 1.5, "dash": "dash"})]
    sums = note(f"total {total:.3f}", x=0, y=total, xanchor="left", yanchor="bottom")
    layout: dict[str, Part] = {
        "xaxis": axis("angle of v (degrees)", range=[0, 180], dtick=45),
        "yaxis": axis("per point", range=[0, 1.12 * total]),
    }
    return house_chart(curves, height=height, shapes=shapes, annotations=[sums], **layout)


def power_chart(away: np.ndarray, rate: float, *, height: int = 250) -> Chart:
    """How far the power iteration is from v₁ at each step, beside the exact rate.

    Args:
        away: degrees at each step, (K,), from 0 to 90.
        rate: λ₂/λ₁, by which tan Δ shrinks at each step.
        height: in pixels.
    """
    steps = np.arange(len(away))
    exact = np.degrees(np.arctan(math.tan(math.radians(min(float(away[0]), 89.999999))) * rate**steps))
    drawn = [np.maximum(degrees, LEAST_AWAY) for degrees in (exact, away)]
    traces = [
        trace("scatter", x=steps, y=drawn[0], mode="lines", name="exact: tan Δ · (λ₂/λ₁)ᵏ", line={"color": MUTED, "width": 2}),
        trace("scatter", x=steps, y=drawn[1], mode="markers", name="iteration", marker={"color": KEPT, "size": 10, "symbol": "square"}),
    ]
    low = max(LEAST_AWAY, float(drawn[1].min()) / 2)
    ticks = ticks_of_log_axis(low, 100, steps=(1,))
    layout: dict[str, Part] = {
        "xaxis": axis("step k", dtick=1),
        "yaxis": axis("Δ from v₁ (degrees)", type="log", range=[math.log10(low), 2], **ticks),
    }
    return house_chart(traces, height=height, **layout)
