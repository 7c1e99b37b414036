"""The KL of each latent dimension of one model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vae_core.drawing.theme import FAMILY_MARKS, MUTED, new_figure

if TYPE_CHECKING:
    import plotly.graph_objects as go

EXACT = "#0072b2"


def kl_bars(kl_per_dim: np.ndarray, is_active: np.ndarray, *, linear: np.ndarray | None = None, height: int = 300) -> go.Figure:
    """The KL of each dimension, the largest first; which are active; and what the best linear model would spend.

    Args:
        kl_per_dim: (D,), nats.
        is_active: (D,).
        linear: ½ ln(λ_j/τ) of the leading eigenvalues, 0 below the water, (D,); None where there is no such theory.
        height: in pixels.
    """
    figure = new_figure(height=height)
    order = np.argsort(-kl_per_dim)
    rank = np.arange(1, len(order) + 1)
    for wanted, name, colour, pattern in ((True, "active unit", FAMILY_MARKS["vae"].colour, ""), (False, "unused", MUTED, "/")):
        chosen = is_active[order] == wanted
        figure.add_bar(
            x=rank[chosen],
            y=kl_per_dim[order][chosen],
            customdata=order[chosen] + 1,
            name=name,
            marker={"color": colour, "pattern": {"shape": pattern, "size": 6}},
            hovertemplate="z%{customdata}: %{y:.3f} nats<extra>" + name + "</extra>",
        )
    if linear is not None:
        line = {"color": EXACT, "width": 2, "shape": "hvh"}
        figure.add_scatter(
            x=rank,
            y=linear,
            mode="lines+markers",
            line=line,
            name="linear model, exact: ½ ln(λⱼ/τ)",
            hovertemplate="j = %{x}: %{y:.3f} nats",
        )
    figure.update_xaxes(title="Latent dimension, the largest KL first", range=[0.3, len(order) + 0.7])
    figure.update_yaxes(title="KL (nats)", rangemode="tozero")
    figure.update_layout(margin={"t": 36, "b": 48}, bargap=0.15 if len(order) < 60 else 0, showlegend=True)
    return figure
