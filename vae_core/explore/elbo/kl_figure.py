"""Two densities and the integrand of their divergence, as a chart for a notebook."""

from __future__ import annotations

import numpy as np

from vae_core.drawing.chart import Chart, axis, trace
from vae_core.drawing.theme import MUTED, house_chart


def densities(z: np.ndarray, log_q: np.ndarray, log_p: np.ndarray, *, height: int = 320) -> Chart:
    """q, p and q log(q/p), whose area is KL(q ‖ p).

    Args:
        z: (N,).
        log_q: ln q(z), (N,).
        log_p: ln p(z), (N,).
        height: in pixels.
    """
    line = {"mode": "lines"}
    traces = [
        trace("scatter", x=z, y=np.exp(log_p), name="p", line={"color": MUTED, "dash": "dash", "width": 3}, **line),
        trace("scatter", x=z, y=np.exp(log_q), name="q", line={"color": "#d55e00", "width": 3}, **line),
        trace("scatter", x=z, y=np.exp(log_q) * (log_q - log_p), name="q log(q/p)", fill="tozeroy", line={"color": "#0072b2"}, **line),
    ]
    return house_chart(traces, height=height, xaxis=axis("z"), yaxis=axis("density"))
