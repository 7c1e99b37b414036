"""How information and entropy trade in a discrete world while their sum stays, and what β makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vae_core.drawing.theme import CLASS_COLOURS, FAMILY_MARKS, MUTED, level_axes, new_figure

if TYPE_CHECKING:
    import plotly.graph_objects as go

INFORMATION, ENTROPY, OBJECTIVE = "#d55e00", "#56b4e9", "#009e73"


@dataclass(frozen=True, slots=True, eq=False)
class Trade:
    """What many encoders score, each at its best P.

    Attributes:
        places: where each stands on the horizontal axis, (N,).
        name: of that axis.
        information: I(y; z), (N,).
        conditional_entropy: H(y|z), (N,).
        objective: β·I + H(y|z), (N,).
        beta: β.
        at: which one is shown in the tables.
        is_morph: whether they lie on a line, or are single draws.
    """

    places: np.ndarray
    name: str
    information: np.ndarray
    conditional_entropy: np.ndarray
    objective: np.ndarray
    beta: float
    at: int
    is_morph: bool


def trade(found: Trade, *, entropy: float, actual: float, height: int = 300) -> go.Figure:
    """Left I(y; z) below H(y|z), stacked to H(y); right the objective at β beside the bound at β = 1, with its optimum.

    Args:
        found: the encoders.
        entropy: H(y), nats.
        actual: objective of the tables as they are shown, whose P may not be optimal.
        height: in pixels.
    """
    figure = new_figure(height=height)
    parts = ((found.information, "I(y; z)", INFORMATION, "/"), (found.conditional_entropy, "H(y|z)", ENTROPY, "."))
    for values, name, colour, pattern in parts:
        if found.is_morph:
            look = {"fill": "tonexty", "stackgroup": "one", "mode": "lines", "line": {"width": 1.5, "color": colour}}
            figure.add_scatter(
                x=found.places, y=values, name=name, hovertemplate="%{y:.4f} nats", fillpattern={"shape": pattern, "size": 6}, **look
            )
        else:
            marker = {"color": colour, "pattern": {"shape": pattern, "size": 6}}
            figure.add_bar(x=found.places, y=values, name=name, marker=marker, hovertemplate="%{y:.4f} nats")
    here = float(found.places[found.at])
    figure.add_scatter(
        x=[here, here],
        y=[0, entropy],
        mode="lines+markers",
        line={"color": MUTED, "width": 2},
        name="shown",
        showlegend=False,
        hoverinfo="skip",
    )
    right = {"xaxis": "x2", "yaxis": "y2"}
    ends = [float(found.places.min()), float(found.places.max())]
    figure.add_scatter(
        x=ends, y=[entropy] * 2, mode="lines", line={"color": MUTED, "width": 2, "dash": "dash"}, name="−ELBO (β = 1) = H(y)", **right
    )
    figure.add_scatter(
        x=found.places,
        y=found.objective,
        mode="lines" if found.is_morph else "markers",
        line={"color": OBJECTIVE, "width": 3},
        marker={"size": 10, "color": OBJECTIVE},
        name=f"β-objective, β = {found.beta:g}",
        hovertemplate="%{y:.4f} nats",
        **right,
    )
    best = np.flatnonzero(np.isclose(found.objective, found.objective.min(), rtol=0, atol=1e-12))
    if len(best) == 1:
        star = {"symbol": "star", "size": 17, "color": FAMILY_MARKS["vae"].colour}
        figure.add_scatter(
            x=found.places[best],
            y=found.objective[best],
            mode="markers",
            marker=star,
            name="optimum",
            hovertemplate="%{y:.4f} nats",
            **right,
        )
    ring = {"symbol": "circle-open", "size": 15, "color": CLASS_COLOURS[1], "line": {"width": 3}}
    figure.add_scatter(x=[here], y=[actual], mode="markers", marker=ring, name="tables above", hovertemplate="%{y:.4f} nats", **right)
    highest = max(entropy, float(found.objective.max()), actual)
    lowest = min(entropy, float(found.objective.min()))
    room = 0.12 * max(highest - lowest, 0.25 * entropy)
    figure.update_layout(
        barmode="stack",
        xaxis={"domain": [0, 0.44], "title": {"text": found.name, "standoff": 4}},
        yaxis={"title": {"text": "Nats", "standoff": 4}, "range": [0, entropy * 1.12]},
        xaxis2={"domain": [0.56, 1], "anchor": "y2", "title": {"text": found.name, "standoff": 4}},
        yaxis2={"anchor": "x2", "title": {"text": "Objective (nats)", "standoff": 4}, "range": [lowest - room, highest + room]},
        margin={"t": 40, "l": 56, "r": 8, "b": 44},
        legend={"font": {"size": 13}},
        uirevision="trade",
    )
    level_axes(figure)
    return figure
