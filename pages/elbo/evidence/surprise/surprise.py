"""What the average surprise of a model is made of: the entropy of the data, and the divergence from them."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.shared import cached, page, words
from pages.shared.controls import Choice
from pages.shared.links import bound
from pages.shared.part import Part
from pages.shared.words import Words
from vae_core.drawing.tables import csv
from vae_core.explore.elbo.surprise import Surprise, surprise
from vae_core.explore.elbo.surprise_figure import surprise_bars

GIST = "Move the weights of data and model: the average surprise of the model is the entropy of the data plus the KL divergence."
OUTCOMES = ("A", "B", "C", "D")
DATA, MODEL = (9, 5, 2, 1), (5, 5, 5, 5)
"""Weights of the outcomes when the page opens."""
SMALL = 5e-4
"""Nats that are written as 0."""


def draw(picture: DeltaGenerator, side: DeltaGenerator, choice: Choice) -> Part:
    """Draw both distributions and the sum, and the sliders beside them."""
    text = words.beside(__file__)
    with side:
        weights = _choose()
        here = surprise(*weights)
        apart = abs(here.entropy + here.divergence - here.cross_entropy)
        method = f"Exact: H + KL, computed apart, sum to it within {max(apart, 1e-16):.0e}. A log-likelihood per datum has the other sign."
        page.number("E[−ln P(y)]", f"{here.cross_entropy:.4f} nats", method)
    with picture:
        page.chart(cached.lasting_chart("surprise", weights, lambda: _chart(here)))
    return Part(
        text=text,
        conclusion=_conclusion(here, text),
        answer=lambda: text.said("answer", entropy=f"{here.entropy:.3f}", gain=f"{here.divergence:.3f}"),
        notebook=text.lines("notebook", data=weights[0], model=weights[1]),
        downloads=[page.Download("CSV", "surprise.csv", "text/csv", lambda: _csv(here))],
    )


def _choose() -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Weights of the data and of the model."""
    chosen = []
    for place, name, usual in zip(st.columns(2), ("Data", "Model"), (DATA, MODEL), strict=True):
        with place:
            pairs = zip(OUTCOMES, usual, strict=True)
            chosen.append(tuple(st.slider(f"{name} {y}", 1, 20, w, **bound(f"surprise_{name.lower()}_{y.lower()}")) for y, w in pairs))
    return chosen[0], chosen[1]


def _chart(here: Surprise) -> object:
    return surprise_bars(OUTCOMES, here.pop, here.model, here.entropy, here.divergence, here.cross_entropy)


def _conclusion(here: Surprise, text: Words) -> str:
    values = {"cross": f"{here.cross_entropy:.3f}", "entropy": f"{here.entropy:.3f}", "divergence": f"{here.divergence:.3f}"}
    return text.said("conclusion-equal" if here.divergence < SMALL else "conclusion", **values)


def _csv(here: Surprise) -> bytes:
    return csv(["outcome", "data", "model"], zip(OUTCOMES, here.pop.tolist(), here.model.tolist(), strict=True), digits=10)
