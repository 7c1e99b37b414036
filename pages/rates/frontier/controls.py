"""The controls of the frontier: which plane, which axes, which model is in focus, and which of its codes are drawn."""

from __future__ import annotations

import streamlit as st

from pages.shared import controls
from pages.shared.links import bound
from vae_core.explore.rates import frontier
from vae_core.explore.rates.frontier import Axes, Dot


def choose_plane() -> str:
    """Draw the choice of the plane; its title."""
    return st.segmented_control(
        "Plane",
        list(frontier.planes()),
        default=next(iter(frontier.planes())),
        required=True,
        **bound("plane"),
        width="stretch",
        label_visibility="collapsed",
    )


def choose_axes() -> tuple[Axes, str]:
    """Draw the choice of both axes, and of the kind of file that the chart's camera saves; all of it."""
    with controls.advanced():
        left, middle, right = st.columns((2, 2, 1), gap="xsmall")
    with left:
        down = st.selectbox("Distortion in", ("nats", "expected SSE", "PSNR"), **bound("distortion_unit"))
    with middle:
        across = st.selectbox("Rate in", ("nats", "bits", "bits per pixel"), **bound("rate_unit"))
    with right:
        saved_as = st.selectbox("Image format", ("svg", "png"), **bound("saved_as"), help="What the camera above the chart saves.")
    return Axes(across, down), saved_as


def choose_dot(dots: list[Dot]) -> Dot:
    """Draw the sliders of d and β, which stop at trained models only; the dot that they choose."""
    dims = sorted({dot.spec.latent_dim for dot in dots})
    betas = [int(beta) if beta.is_integer() else beta for beta in sorted({dot.spec.beta for dot in dots})]  # 4, as the address says it
    left, right = st.columns(2, gap="small")
    with left:
        beta = _slider("β", betas, "beta", 1.0)
    with right:
        latent_dim = _slider("Latent dimension d", dims, "d", 8)
    dot = frontier.nearest(dots, int(latent_dim), beta)
    if (dot.spec.latent_dim, dot.spec.beta) != (latent_dim, beta):
        st.caption(f"β = {beta:g} at d = {latent_dim} is not trained yet: here is β = {dot.spec.beta:g} at d = {dot.spec.latent_dim}.")
    return dot


def _slider(label: str, options: list, key: str, usual: float) -> float:
    """A slider over trained values; a text where there is but one."""
    start = min(options, key=lambda value: abs(value - usual))
    controls.settle(key, options, start)
    if len(options) == 1:
        st.markdown(f"{label} = **{options[0]:g}**, as all models of this plane")
        return options[0]
    return st.select_slider(label, options, value=start, **bound(key))


def choose_dims(dot: Dot) -> tuple[int, int]:
    """Choose two latent dimensions of the aggregate posterior, those of largest KL first."""
    names = [f"z{j + 1}" for j in frontier.dims_by_rate(dot.own)]
    chosen = []
    for place, key, index in zip(st.columns(2, gap="xsmall"), ("across", "up"), (0, 1), strict=True):
        with place:
            controls.settle(key, names, names[index])
            label = f"Codes {key}"
            chosen.append(st.selectbox(label, names, index=index, **bound(key), label_visibility="collapsed"))
    return int(chosen[0][1:]) - 1, int(chosen[1][1:]) - 1
