"""Numbers of stored evaluations, each with its unit, its interval and how it was obtained."""

from __future__ import annotations

import streamlit as st

from pages.shared import cached, page
from pages.shared.controls import Choice
from vae_core.explore.reconstructions import SSE_METHOD, mean_of_metrics
from vae_core.specs import identity


def test_sse(choice: Choice) -> None:
    """Mean test SSE of the model in focus, or that it is not trained."""
    found = cached.metrics(choice.dataset, choice.latent_dim).get(choice.family)
    if found is None:
        st.caption(f"{choice.family} is not trained for {choice.title} at d = {choice.latent_dim}.")
        return
    mean = mean_of_metrics(found)
    pixels = f"{identity(choice.dataset).n_features:,} pixels"
    method = f"Squared error summed over {pixels}, {SSE_METHOD}; 95 % interval, n = {mean.n:,} test images."
    page.number(f"Test SSE, {choice.family}", str(mean), method)


def log_px(choice: Choice) -> None:
    """Mean log p(x) of the model in focus where it has one: exact, by quadrature, or a bound that is called a bound."""
    found = cached.metrics(choice.dataset, choice.latent_dim).get(choice.family)
    if found is None or found["log_px"] is None:
        return
    method, is_binarised = found["log_px_method"], found["binarisation_seed"] is not None
    value = page.signed(found["log_px"])
    images = f"{found['n_images']:,} {'binarised ' if is_binarised else ''}test images"
    if "bound" in method:
        st.caption(f"log p(x) ≥ {value} nats: {method}, k = {found['n_samples']}; mean of n = {images}.")
    else:
        st.caption(f"log p(x) = {value} nats: {method}; mean of n = {images}.")
