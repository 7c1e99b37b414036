"""The controls of the discrete world: which population and encoder, which P, which β."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

import numpy as np
import streamlit as st

from pages.shared import controls
from pages.shared.links import bound
from vae_core.explore.rates.discrete_world import POPULATIONS, Fit, World, morph, objective, random_world

BETAS = ("0", "0.25", "0.5", "0.75", "0.9", "1", "1.1", "1.25", "1.5", "2", "4")


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """Which population, which encoder, which P and which β.

    Attributes:
        pop: Pop(y), (Y,).
        is_morph: whether the encoder lies between constant and one-to-one, else it is drawn at random.
        share: how far it lies from constant, of a morph.
        draw: seed of a random one.
        fit: which of P(z) and P(y|z) are optimal.
        beta: β.
    """

    pop: np.ndarray
    is_morph: bool
    share: float
    draw: int
    fit: Fit
    beta: float

    @property
    def world(self) -> World:
        """The population with the chosen encoder."""
        return morph(self.pop, self.share) if self.is_morph else random_world(self.pop, self.draw)

    @property
    def objective(self) -> float:
        """β·rate + distortion of the tables as they are shown."""
        return objective(self.world, self.beta, self.fit)


def choose() -> Setting:
    """Draw the controls."""
    is_morph = controls.segmented("Encoder Q(z|y)", ("morph", "random"), "encoder") == "morph"
    share = st.slider("From constant to one-to-one", 0.0, 1.0, 0.5, 0.02, **bound("share")) if is_morph else 0.5
    draw = 0 if is_morph else controls.draw("Draw Q", key="world_draw")
    beta = float(st.select_slider("β", BETAS, value="1", **bound("world_beta")))
    population = st.selectbox("Pop(y)", list(POPULATIONS), index=1, **bound("population"))
    about = "Each can be optimised alone, while Q is held fixed."
    fit = st.selectbox("P(z) and P(y|z)", get_args(Fit), **bound("world_fit"), help=about)
    return Setting(np.array(POPULATIONS[population]), is_morph, share, draw, fit, beta)
