"""The controls of EM: which model on which points, from which start, after how many steps."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from pages.elbo.em.cached import MOST
from pages.shared import controls
from pages.shared.links import bound
from pages.shared.painting import painting
from vae_core.data import drawn

MIXTURE, K_MEANS, PPCA, VAE = MODELS = ("mixture", "k-means", "pPCA", "VAE")
YOURS, FIRST = "your own", "clusters"
STEPS = "em_step"
"""Key of the number of steps."""


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
    def takes_turns(self) -> bool:
        """Whether E and M steps take turns; a VAE moves both at once."""
        return self.model != VAE


def choose() -> Chosen:
    """Draw the controls."""
    model = controls.segmented("Model", MODELS, "em_model")
    presets = drawn.presets()
    names = (FIRST, *(name for name in presets if name != FIRST), YOURS)
    name = st.selectbox("Points", names, **bound("em_points"))
    code = painting.paint() if name == YOURS else presets[name]
    k = st.slider("Gaussians, K" if model == MIXTURE else "Means, K", 1, 8, 3, **bound("em_k")) if model in (MIXTURE, K_MEANS) else 1
    seed = controls.draw("New start", key="em_seed")
    return Chosen(model, code, k, seed, _steps(model))


def _steps(model: str) -> int:
    """The buttons that take a step, and how many were taken: the slider knows, which stands below them and is drawn first."""
    buttons = st.container(gap="xsmall")
    n = st.slider("Steps taken", 0, MOST, 0, **bound(STEPS))
    with buttons:
        if model == VAE:
            _button("Step", 1, n < MOST, primary=True)
        else:
            left, right = st.columns(2, gap="xsmall")
            with left:
                _button("E step", 1, n < MOST and n % 2 == 0, primary=True)
            with right:
                _button("M step", 1, n < MOST and n % 2 == 1, primary=True)
        left, right = st.columns(2, gap="xsmall")
        with left:
            _button("Ten steps", 10, n < MOST)
        with right:
            _button("Start again", -MOST, n > 0)
    return n


def _button(label: str, steps: int, is_possible: bool, *, primary: bool = False) -> None:
    kind = "primary" if primary and is_possible else "secondary"
    st.button(label, on_click=_take, args=(steps,), disabled=not is_possible, type=kind, width="stretch")


def _take(steps: int) -> None:
    st.session_state[STEPS] = min(MOST, max(0, int(st.session_state.get(STEPS, 0)) + steps))
