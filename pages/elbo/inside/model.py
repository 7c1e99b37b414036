"""Which VAE is looked into, and at which test image."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.shared import cached
from pages.shared.controls import Choice, follow, settle
from pages.shared.draws import draws
from pages.shared.links import bound
from vae_core.specs import ModelSpec

VAE = "vae"
IMAGE = "inside_image"
DIM = "inside_dim"
"""Key of the dimension that is looked at."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A VAE and a test image."""

    spec: ModelSpec
    index: int


def vae(choice: Choice) -> ModelSpec:
    """The VAE of the sidebar's data set and d; where it is not trained, a sentence on what to do, and the page ends."""
    spec = cached.specs(choice.dataset, choice.latent_dim).get(VAE)
    if spec is None or not cached.is_trained(spec):
        st.info(f"The VAE of {choice.title} is not trained at d = {choice.latent_dim}. Train it in the sidebar, or choose another d.")
        st.stop()
    return spec


def seen(picture: DeltaGenerator, side: DeltaGenerator, choice: Choice) -> Seen:
    """The VAE, and the image that is chosen beside the picture."""
    draws.instead_of_images(choice, (picture, side))
    with picture:
        spec = vae(choice)
    n_images = len(cached.dataset(choice.dataset).test)
    settle(IMAGE, range(n_images), 0)
    with side:
        index = st.number_input("Test image", 0, n_images - 1, 0, **bound(IMAGE))
    return Seen(spec, int(index))


def dimension(seen: Seen, choice: Choice) -> int:
    """The dimension of z that is looked at, from 1: first the one of the largest KL, since one that is not used has hardly a gradient."""
    d, usual = seen.spec.latent_dim, 1 + int(np.argmax(cached.checkpoint(seen.spec).metrics["kl_per_dim"]))
    follow(DIM, usual, choice)
    settle(DIM, range(1, d + 1), usual)
    return int(st.number_input("Dimension of z", 1, d, usual, **bound(DIM)))
