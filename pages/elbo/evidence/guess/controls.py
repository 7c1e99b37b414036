"""The controls of guessing: which image, how many dimensions, how many draws, and from where."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from pages.elbo.evidence import cached as evidence
from pages.shared import cached, controls
from pages.shared.controls import Choice, follow, settle
from pages.shared.links import bound
from vae_core.explore.elbo.guessing import COUNTS

DIMS = (2, 10, 20, 50)
"""Latent dimensions that are offered, where the images allow them."""
NUMBERS = {f"{count:,}": count for count in COUNTS}
"""K as it is written → K."""
DIM_KEY, IMAGE_KEY = "guess_d", "guess_image"


@dataclass(frozen=True, slots=True)
class Guess:
    """What the controls say.

    Attributes:
        dataset: its name.
        latent_dim: d.
        index: of the test image.
        n: number of draws K.
        seed: of the draws.
        posterior: whether codes are drawn from the exact posterior, else from the prior.
    """

    dataset: str
    latent_dim: int
    index: int
    n: int
    seed: int
    posterior: bool


def dims(dataset: str) -> list[int]:
    """The latent dimensions that probabilistic PCA can have on so many pixels and images."""
    return [d for d in DIMS if "ppca" in cached.specs(dataset, d)]


def choose(choice: Choice) -> Guess | None:
    """Draw the controls; None where the images span too few dimensions for the model."""
    options = [str(d) for d in dims(choice.dataset)]
    if not options:
        return None
    nearest = min(options, key=lambda d: abs(int(d) - choice.latent_dim))
    follow(DIM_KEY, nearest, choice)
    settle(DIM_KEY, options, nearest)
    start = st.session_state.get(DIM_KEY, nearest)
    about = "Probabilistic PCA of the training images, in closed form."
    d = st.segmented_control("Dimensions d", options, default=start, required=True, **bound(DIM_KEY), width="stretch", help=about)
    n_images = len(cached.dataset(choice.dataset).test)
    settle(IMAGE_KEY, range(n_images), 0)
    index = st.number_input("Test image", 0, n_images - 1, 0, **bound(IMAGE_KEY))
    source = controls.segmented("Draw codes from", ("prior", "posterior"), "guess_from")
    n = st.select_slider("Number of draws K", list(NUMBERS), value="1,000", **bound("guess_n"))
    seed = controls.draw("Redraw", key="guess_draw")
    if evidence.decoder(choice.dataset, int(d)) is None:
        return None
    return Guess(choice.dataset, int(d), int(index), NUMBERS[n], seed, source == "posterior")
