"""Densities over one latent dimension, as a chart for a notebook."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from vae_core.drawing.chart import Chart, axis, trace
from vae_core.drawing.theme import MUTED, house_chart

LOOKS = {"q": ("#d55e00", "solid"), "posterior": ("#0072b2", "solid"), "best Gaussian": ("#009e73", "dash")}
"""Name → colour and dash; others are muted and dotted."""


def densities(z: np.ndarray, log_densities: Mapping[str, np.ndarray], *, height: int = 320) -> Chart:
    """Densities over z.

    Args:
        z: (N,).
        log_densities: name → ln of a density at z, (N,).
        height: in pixels.
    """
    traces = []
    for name, log_density in log_densities.items():
        colour, dash = LOOKS.get(name, (MUTED, "dot"))
        traces.append(
            trace("scatter", x=z, y=np.exp(log_density), name=name, mode="lines", line={"color": colour, "dash": dash, "width": 3})
        )
    return house_chart(traces, height=height, xaxis=axis("z"), yaxis=axis("density"))
