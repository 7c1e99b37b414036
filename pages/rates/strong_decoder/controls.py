"""The controls of strong decoders: how many pixels the decoder sees, and the water level."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from pages.rates.strong_decoder.cached import best_models
from pages.shared.controls import segmented
from pages.shared.links import bound
from vae_core.explore.rates.strong_decoder import CONTEXTS, LEVELS, TRAINED, StrongDecoder

LEVEL_NAMES = tuple(f"{level:g}" for level in (TRAINED, *(level for level in LEVELS if level != TRAINED)))


@dataclass(frozen=True, slots=True)
class Chosen:
    """A water level and a context."""

    tau: float
    k: int

    @property
    def model(self) -> StrongDecoder:
        """The best one."""
        return best_models()[0][self.tau, self.k]

    @property
    def blind(self) -> StrongDecoder:
        """The best one that sees no pixel."""
        return best_models()[0][self.tau, 0]


def choose() -> Chosen:
    """Draw the controls."""
    k = st.select_slider("Pixels in sight, k", [str(one) for one in CONTEXTS], value="8", **bound("strong_context"))
    help_ = "The noise σ² of a pixel times the weight β of the KL. The best model depends on their product alone."
    return Chosen(float(segmented("Water level τ = βσ²", LEVEL_NAMES, "strong_level", help=help_)), int(k))
