"""The controls of the bound: which world, what stands below the picture, and whose notation."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from pages.shared import controls
from pages.shared.links import bound
from vae_core.explore.elbo.bound import WORLDS
from vae_core.explore.elbo.derivations import GENERAL, NOT_ON_SLIDES, NOTATIONS, Line, lines


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the controls say.

    Attributes:
        world: name of one of `WORLDS`.
        below: `derivation` or `Jensen`.
        weights: whose weights stand under the logarithm, `of q` or `log-normal`.
        derivation: name of one of `GENERAL`.
        notation: title of one of `NOTATIONS`.
    """

    world: str
    below: str
    weights: str
    derivation: str
    notation: str

    @property
    def lines(self) -> list[Line]:
        """The lines of the derivation in the notation; none below Jensen's picture."""
        return lines(self.derivation, self.notation) if self.below == "derivation" else []

    @property
    def slip(self) -> str:
        """What is to be read with care on the slides, and whether the derivation is on them."""
        if self.below != "derivation":
            return ""
        absent = "These slides do not have this derivation; it is written in their notation. "
        return (absent if (self.notation, self.derivation) in NOT_ON_SLIDES else "") + NOTATIONS[self.notation].slip


def choose() -> Chosen:
    """Draw the controls."""
    titles = {world.title: name for name, world in WORLDS.items()}
    about = f"One mode: ${WORLDS['line'].formula}$, a line. Two modes: ${WORLDS['bend'].formula}$, a bend."
    world = titles[controls.segmented("Posterior with", tuple(titles), "bound_world", help=about)]
    below = controls.segmented("Below", ("derivation", "Jensen"), "bound_below")
    weights, derivation, notation = "of q", next(iter(GENERAL)), next(iter(NOTATIONS))
    if below == "Jensen":
        about = "Weights w = p(x, z)/q(z) of the q above, or a w whose gap is known: e to the power of a Gaussian with width s."
        weights = controls.segmented("Weights w", ("of q", "log-normal"), "bound_weights", help=about)
    else:
        derivation = controls.segmented("Derivation", tuple(GENERAL), "bound_derivation")
        with controls.advanced({"bound_notation": notation}):
            notation = st.selectbox("Notation of the slides", tuple(NOTATIONS), **bound("bound_notation"))
    return Chosen(world, below, weights, derivation, notation)
