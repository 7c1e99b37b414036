"""The controls of EM: which model on which points, from which start, after how many steps."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from pages.elbo.em.em_picture.em_picture import steps_taken
from pages.shared import controls
from pages.shared.links import bound
from pages.shared.painting import painting
from vae_core.data import drawn

MIXTURE, K_MEANS, PPCA, VAE = MODELS = ("mixture", "k-means", "pPCA", "VAE")
YOURS, FIRST = "your own", "clusters"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the controls say.

    Attributes:
        model: one of `MODELS`.
        code: of the points (`data.drawn`).
        k: Gaussians of a mixture, means of k-means.
        seed: of the start.
        n: steps that were taken.
    """

    model: str
    code: str
    k: int
    seed: int
    n: int

    @property
    def of(self) -> tuple[str | int, ...]:
        """Everything that determines a way, along which steps are taken."""
        return self.model, self.code, self.k, self.seed


def choose() -> Chosen:
    """Draw the controls."""
    model = controls.segmented("Model", MODELS, "em_model")
    presets = drawn.presets()
    names = (FIRST, *(name for name in presets if name != FIRST), YOURS)
    name = st.selectbox("Points", names, **bound("em_points"))
    code = painting.paint() if name == YOURS else presets[name]
    k = st.slider("Gaussians, K" if model == MIXTURE else "Means, K", 1, 8, 3, **bound("em_k")) if model in (MIXTURE, K_MEANS) else 1
    seed = controls.draw("New start", key="em_seed")
    return Chosen(model, code, k, seed, steps_taken())
