"""An Ising grid's levels with their probabilities, and its normaliser over the coupling."""

from __future__ import annotations

import numpy as np

from vae_core.drawing.chart import Chart, axis, panel, trace
from vae_core.drawing.theme import MUTED, house_chart, level_axes

CHOSEN, OTHER = "#d55e00", "#0072b2"


def levels_and_normaliser(
    agreement: np.ndarray,
    probabilities: np.ndarray,
    chosen: int,
    couplings: np.ndarray,
    log_normalisers: np.ndarray,
    at: tuple[float, float],
    *,
    height: int = 440,
) -> Chart:
    """Bars at the left, a curve at the right.

    Args:
        agreement: levels, (L,).
        probabilities: of each level, (L,).
        chosen: the level of the state at hand.
        couplings: J, (C,).
        log_normalisers: ln Z, (C,).
        at: J and ln Z of the grid at hand.
        height: in pixels.
    """
    layout = level_axes(
        {
            "xaxis": axis("agreement of neighbours Σ sᵢsⱼ", domain=[0, 0.52]),
            "yaxis": axis("probability", tickformat=".3~%", rangemode="tozero"),
            "xaxis2": axis("coupling J", domain=[0.66, 1]),
            "yaxis2": axis("ln Z (nats)", anchor="x2", rangemode="tozero"),
        }
    )
    colours = [CHOSEN if level == chosen else OTHER for level in agreement]
    pointer = {"hovertemplate": "agreement %{x}: %{y:.3%}<extra></extra>", "showlegend": False}
    mark = {"mode": "markers", "marker": {"color": CHOSEN, "size": 11, "symbol": "diamond"}, "showlegend": False}
    traces = [
        trace("bar", x=agreement, y=probabilities, marker={"color": colours}, **pointer),
        trace("scatter", x=couplings, y=log_normalisers, mode="lines", line={"color": OTHER, "width": 3}, showlegend=False, **panel(1)),
        trace("scatter", x=np.array([at[0]]), y=np.array([at[1]]), **mark, **panel(1)),
    ]
    key = {"color": MUTED, "size": 13}
    notes = [{"text": "orange: states that agree as much as this one", "showarrow": False, "xref": "paper", "yref": "paper"}]
    notes[0] |= {"x": 0, "y": 1.08, "xanchor": "left", "font": key}
    return house_chart(traces, height=height, **layout, annotations=notes, margin={"t": 36, "b": 48})
