"""How information and entropy trade in a discrete world while their sum stays, and what β makes of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vae_core.drawing.chart import Chart, Part, axis, panel, trace
from vae_core.drawing.theme import CLASS_COLOURS, FAMILY_MARKS, MUTED, house_chart, level_axes

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


POINTER = {"hovertemplate": "%{y:.4f} nats"}


def trade(encoders: Trade, *, entropy: float, actual: float, height: int = 300) -> Chart:
    """Left I(y; z) below H(y|z), stacked to H(y); right the objective at β beside the bound at β = 1, with its optimum.

    Args:
        encoders: what they score.
        entropy: H(y), nats.
        actual: objective of the tables as they are shown, whose P may not be optimal.
        height: in pixels.
    """
    across = {"text": encoders.name, "standoff": 4}
    axes = {
        "xaxis": {"domain": [0, 0.42], "title": across},
        "yaxis": axis("Nats", range=[0, entropy * 1.12]),
        "xaxis2": {"domain": [0.58, 1], "anchor": "y2", "title": across},
        "yaxis2": axis("Objective (nats)", anchor="x2", range=_reach(encoders, entropy, actual)),
    }
    return house_chart(
        [*_stack(encoders, entropy), *_objective(encoders, entropy, actual)],
        height=height,
        barmode="stack",
        **level_axes(axes),
        margin={"t": 40, "l": 56, "r": 8, "b": 44},
        legend={"font": {"size": 13}},
        uirevision="trade",
    )


def _stack(encoders: Trade, entropy: float) -> list[Part]:
    """Both parts of H(y), as areas where the encoders lie on a line, and the encoder that is shown."""
    parts = ((encoders.information, "I(y; z)", INFORMATION, "/"), (encoders.conditional_entropy, "H(y|z)", ENTROPY, "."))
    traces = []
    for values, name, colour, shape in parts:
        pattern = {"shape": shape, "size": 6}
        area = {"fill": "tonexty", "stackgroup": "one", "mode": "lines", "line": {"width": 1.5, "color": colour}, "fillpattern": pattern}
        look: Part = area if encoders.is_morph else {"marker": {"color": colour, "pattern": pattern}}
        traces.append(trace("scatter" if encoders.is_morph else "bar", x=encoders.places, y=values, name=name, **look, **POINTER))
    look = {"mode": "lines+markers", "line": {"color": MUTED, "width": 2}, "showlegend": False, "hoverinfo": "skip"}
    return [*traces, trace("scatter", x=[_here(encoders)] * 2, y=[0, entropy], name="shown", **look)]


def _objective(encoders: Trade, entropy: float, actual: float) -> list[Part]:
    """The bound at β = 1, the objective at β, its optimum where there is one, and the tables that are shown."""
    ends = [float(encoders.places.min()), float(encoders.places.max())]
    dashed = {"mode": "lines", "line": {"color": MUTED, "width": 2, "dash": "dash"}}
    look = {"mode": "lines" if encoders.is_morph else "markers", "line": {"color": OBJECTIVE, "width": 3}}
    look |= {"marker": {"size": 10, "color": OBJECTIVE}}
    traces = [
        trace("scatter", x=ends, y=[entropy] * 2, name="−ELBO (β = 1) = H(y)", **dashed),
        trace("scatter", x=encoders.places, y=encoders.objective, name=f"β-objective, β = {encoders.beta:g}", **look, **POINTER),
    ]
    best = np.flatnonzero(np.isclose(encoders.objective, encoders.objective.min(), rtol=0, atol=1e-12))
    if len(best) == 1:
        star = {"symbol": "star", "size": 17, "color": FAMILY_MARKS["vae"].colour}
        look = {"mode": "markers", "marker": star, "name": "optimum", **POINTER}
        traces.append(trace("scatter", x=encoders.places[best], y=encoders.objective[best], **look))
    ring = {"symbol": "circle-open", "size": 15, "color": CLASS_COLOURS[1], "line": {"width": 3}}
    traces.append(trace("scatter", x=[_here(encoders)], y=[actual], mode="markers", marker=ring, name="tables above", **POINTER))
    return [one | panel(1) for one in traces]


def _here(encoders: Trade) -> float:
    return float(encoders.places[encoders.at])


def _reach(encoders: Trade, entropy: float, actual: float) -> list[float]:
    """The range of the objectives, with some room."""
    highest = max(entropy, float(encoders.objective.max()), actual)
    lowest = min(entropy, float(encoders.objective.min()))
    room = 0.12 * max(highest - lowest, 0.25 * entropy)
    return [lowest - room, highest + room]
