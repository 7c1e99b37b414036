"""The controls of the page on the divergence: what stands below the picture, and the draws."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from pages.shared import controls
from pages.shared.links import bound
from vae_core.explore.elbo import kl

BELOW = {
    "the two integrals": "integrals",
    "no metric": "metric",
    "σ → 0": "width",
    "another prior": "prior",
    "your solution": "solution",
}
"""What a person reads → what stands below the picture."""
USUALLY = 100
"""Draws of the estimate with which the page opens."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the controls say.

    Attributes:
        below: `integrals`, `metric`, `width`, `prior` or `solution`.
        n: draws of the Monte Carlo estimate.
        draw: their seed.
    """

    below: str
    n: int
    draw: int

    @property
    def eps(self) -> np.ndarray:
        """The draws, (n,)."""
        return kl.draws(self.n, self.draw)


def choose() -> Chosen:
    """Draw the controls."""
    below = BELOW[st.selectbox("Below", tuple(BELOW), **bound("kl_below"))]
    draw = controls.draw("Other draws", key="kl_draw")
    with controls.advanced({"kl_n": USUALLY}):
        n = st.select_slider("Draws of the estimate", kl.N_DRAWS, value=USUALLY, **bound("kl_n"))
    return Chosen(below, n, draw)
