"""Caches of the page on rate–distortion autoencoders: the gradients of both losses."""

from __future__ import annotations

import streamlit as st

from pages.shared import cached
from vae_core.explore.rates import rda


@st.cache_resource(max_entries=32, show_spinner=False)
def gradients(name: str, beta: float, sigma: float) -> rda.Gradients:
    """`explore.rates.rda.gradients` of an untrained network on the first training images."""
    x = cached.dataset(name).train.x[: rda.N_IMAGES]
    return rda.gradients(rda.untrained(name, x, sigma=sigma), x, beta=beta)
