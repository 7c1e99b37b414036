"""Numbers of stored evaluations, each with its unit, its interval and how it was obtained."""

from __future__ import annotations

import streamlit as st

from pages.shared import cached, page
from pages.shared.controls import Choice
from vae_core.drawing.theme import mark
from vae_core.explore.reconstructions import SSE_METHOD, Mean, mean_of_metrics, published
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


def linear_optimum(choice: Choice) -> None:
    """The exact optimum of linear maps, where PCA is cached."""
    best = cached.best_linear_sse(choice.dataset, choice.latent_dim)
    if best is not None:
        n = f"n = {identity(choice.dataset).n_train:,} training images"
        page.number(
            "Linear optimum (train)", f"{best:.2f}", f"Smallest SSE of any linear map, exact: Σ λⱼ over j > d, reached by PCA; {n}."
        )


def published_sse(choice: Choice) -> None:
    """What a paper printed for this data set and dimension, and whether the model here reaches it."""
    found = cached.metrics(choice.dataset, choice.latent_dim)
    for family, dim, value in published(choice.dataset):
        if dim == choice.latent_dim:
            verdict = _verdict(mean_of_metrics(found[family]), value) if family in found else "not trained here"
            st.caption(f"{mark(family).short}: Hinton & Salakhutdinov 2006 print {value:.2f}; {verdict}.")


def _verdict(mean: Mean, value: float) -> str:
    return f"{'reached' if mean.value < value + 0.005 else 'not reached'} here, {mean.value:.2f}"


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
