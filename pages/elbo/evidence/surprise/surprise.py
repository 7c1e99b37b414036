"""What the average surprise of a model is made of: the entropy of the data, and the divergence from them."""

from __future__ import annotations

from streamlit.delta_generator import DeltaGenerator

from pages.elbo.evidence.surprise.surprise_picture.surprise_picture import OUTCOMES, surprise_picture
from pages.shared import page, words
from pages.shared.controls import Choice
from pages.shared.part import Part
from pages.shared.words import Words
from vae_core.drawing.tables import csv
from vae_core.explore.elbo.surprise import Surprise, surprise
from vae_core.units import tiny

GIST = "Drag the bars of data and model: the average surprise of the model is the entropy of the data plus the KL divergence."
SMALL = 5e-4
"""Nats that are written as 0."""


def draw(picture: DeltaGenerator, side: DeltaGenerator, choice: Choice) -> Part:
    """Draw both distributions and the sum, and its number beside them."""
    text = words.beside(__file__)
    with picture:
        weights = surprise_picture()
    here = surprise(*weights)
    with side:
        apart = abs(here.entropy + here.divergence - here.cross_entropy)
        method = f"Exact: H + KL, apart, sum to it within {tiny(max(apart, 1e-16))}. A log-likelihood per datum has the other sign."
        page.number("E[−ln P(y)]", f"{here.cross_entropy:.4f} nats", method)
        of_each = ", ".join(f"{y} {d:.2f}" for y, d in zip(OUTCOMES, here.discriminator, strict=True))
        method = f"Exact: D*(y) = Pop/(Pop + P), the probability that an outcome is of the data: {of_each}."
        page.number("Best discriminator", f"{100 * here.told_apart:.1f} % right", method)
    return Part(
        text=text,
        conclusion=_conclusion(here, text),
        answer=lambda: text.said("answer", **_values(here), right=f"{100 * here.told_apart:.1f}"),
        notebook=text.lines("notebook", data=weights[0], model=weights[1]),
        downloads=[page.Download("CSV", "surprise.csv", "text/csv", lambda: _csv(here))],
    )


def _values(here: Surprise) -> dict[str, str]:
    return {"cross": f"{here.cross_entropy:.3f}", "entropy": f"{here.entropy:.3f}", "divergence": f"{here.divergence:.3f}"}


def _conclusion(here: Surprise, text: Words) -> str:
    return text.said("conclusion-equal" if here.divergence < SMALL else "conclusion", **_values(here))


def _csv(here: Surprise) -> bytes:
    columns = (here.pop.tolist(), here.model.tolist(), here.discriminator.tolist())
    return csv(["outcome", "data", "model", "best discriminator"], zip(OUTCOMES, *columns, strict=True), digits=10)
