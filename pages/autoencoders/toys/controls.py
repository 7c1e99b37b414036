"""The controls of toys: which model of which network learns which points, and for how long."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.shared import controls
from pages.shared.labels import in_words
from pages.shared.links import bound, note
from pages.shared.painting import painting
from vae_core.data import drawn
from vae_core.explore.autoencoders.toys import TOYS, ToyTraining, n_coordinates, toy_spec
from vae_core.identities import DRAWN

VAE, AUTOENCODER = MODELS = ("VAE", "Autoencoder")
ACTIVATIONS = ("relu", "tanh", "silu")
WIDTHS, DEPTHS, EPOCHS = (64, 16, 32, 128), (2, 1, 3), (30, 10, 60, 120)
"""Of each list, the first is what the page opens with."""


def choose() -> ToyTraining:
    """Draw the controls: what determines the training."""
    model = controls.segmented("Model", MODELS, "toy_model")
    note("toy")
    toy = controls.by_title("Points", (*TOYS, DRAWN), "toy", title=_title, usual=TOYS[1])
    drawing = painting.paint() if toy == DRAWN else ""
    dims = ("1", "2", "3")[: n_coordinates(toy)]
    controls.settle("toy_dim", dims, dims[0])
    latent_dim = int(controls.segmented("Latent dimension", dims, "toy_dim"))
    network = _network()
    if model == AUTOENCODER:
        return ToyTraining(toy_spec(toy, latent_dim, family="autoencoder", **network), drawing)
    scale = controls.segmented("σ of the likelihood", ("0.1", "0.05", "0.2", "learned"), "toy_scale")
    return ToyTraining(toy_spec(toy, latent_dim, scale=scale if scale == "learned" else float(scale), **network), drawing)


def _network() -> dict[str, Any]:
    """Width, depth and activation of encoder and decoder, and for how many epochs they are trained."""
    with controls.advanced({"toy_width": WIDTHS[0], "toy_activation": ACTIVATIONS[0], "toy_depth": DEPTHS[0], "toy_epochs": EPOCHS[0]}):
        left, right = st.columns(2, gap="xsmall")
    with left:
        hidden = st.selectbox("Width", WIDTHS, **bound("toy_width"))
        activation = st.selectbox("Activation", ACTIVATIONS, format_func=in_words, **bound("toy_activation"))
    with right:
        depth = st.selectbox("Depth", DEPTHS, **bound("toy_depth"), help="Hidden layers of the encoder; the decoder has as many.")
        n_epochs = st.selectbox("Epochs", EPOCHS, **bound("toy_epochs"))
    return {"hidden": hidden, "depth": depth, "activation": activation, "n_epochs": n_epochs}


def _title(toy: str) -> str:
    return drawn.PROVENANCE.title if toy == DRAWN else controls.called(toy)
