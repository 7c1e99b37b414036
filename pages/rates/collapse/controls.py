"""The switchboard of losses: how a loss is written, and an offer to train a model so."""

from __future__ import annotations

from dataclasses import fields
from typing import get_args

import streamlit as st

from pages.rates import brief_training
from pages.rates.collapse.board import Board, board_of
from pages.shared import cached, controls
from pages.shared.controls import Choice
from pages.shared.labels import in_words
from pages.shared.links import bound
from vae_core.explore.rates import losses
from vae_core.explore.rates.losses import PRESETS, ErrorTerm, OverCode, OverPixels, WrittenLoss
from vae_core.explore.rates.pixel_statistics import PixelStatistics
from vae_core.models.vae import VAESpec

PREFIX = "loss_"
WEIGHTS = ("0.0001", "0.00025", "0.001", "0.01", "0.1", "0.25", "0.5", "1", "2", "4", "8", "16", "100")
KEYS = tuple(PREFIX + field.name for field in fields(WrittenLoss) if field.name != "batch_size")
OTHER = "otherwise"
"""What the switches show where they make none of the presets."""


def choose(choice: Choice, statistics: PixelStatistics) -> Board:
    """Draw the switches; the loss that they make, and what it means."""
    first, top = PRESETS["mean MSE + KL"], st.container()
    error = _one_of("error", "Error per pixel", get_args(ErrorTerm), first)
    over_pixels = _segmented("over_pixels", "Combine pixels by", get_args(OverPixels), first)
    over_code = _one_of("over_code", "Combine KL terms by", get_args(OverCode), first)
    kl_weight = float(st.select_slider("Weight of the KL", WEIGHTS, value="1", **bound(PREFIX + "kl_weight")))
    pixels = _one_of("pixels", "Pixels", losses.PIXELS_FOR[error], first)
    loss = WrittenLoss(error, over_pixels, over_code, kl_weight, pixels)
    st.session_state[PREFIX + "preset"] = next((name for name, written in PRESETS.items() if written == loss), OTHER)
    top.selectbox("Common losses", [*PRESETS, OTHER], key=PREFIX + "preset", on_change=_flip)
    return board_of(loss, statistics, choice.latent_dim)


def _flip() -> None:
    """Set every switch as a preset has it."""
    loss = PRESETS.get(st.session_state[PREFIX + "preset"])
    if loss is not None:
        for key in KEYS:
            value = getattr(loss, key.removeprefix(PREFIX))
            st.session_state[key] = f"{value:g}" if isinstance(value, float) else value


def _one_of(name: str, label: str, options: tuple, first: WrittenLoss) -> str:
    key = PREFIX + name
    controls.settle(key, options, getattr(first, name))
    return st.selectbox(label, options, index=options.index(getattr(first, name)), **bound(key))


def _segmented(name: str, label: str, options: tuple, first: WrittenLoss) -> str:
    return st.segmented_control(label, options, default=getattr(first, name), required=True, **bound(PREFIX + name), width="stretch")


def trained_model(board: Board, choice: Choice) -> VAESpec | None:
    """The model of that loss if it is cached, else an offer to train it; what is drawn below, which may be the nearest."""
    specs = [c.spec for c in cached.checkpoints() if c.spec.dataset == choice.dataset and isinstance(c.spec, VAESpec)]
    near = losses.nearest(specs, board.meaning, choice.latent_dim)
    own = losses.spec_of(board.meaning, choice.dataset, choice.latent_dim)
    if own is None:
        st.caption("No model of this program scales each pixel by itself: the theory speaks alone.")
    elif near is None or not losses.is_same(near, board.meaning) or near.latent_dim != choice.latent_dim:
        with st.popover("Train this loss here", icon=":material/model_training:", width="stretch"):
            st.caption(f"{in_words(own.likelihood)}, scale {own.scale:g}, β = {own.beta:g}, d = {own.latent_dim}, with the usual network.")
            brief_training.offer(own, has_data=choice.has_data)
    return near


def as_code(board: Board) -> str:
    """The loss as a line of Python."""
    names = [key.removeprefix(PREFIX) for key in KEYS]
    return f"losses.WrittenLoss({', '.join(f'{name}={getattr(board.loss, name)!r}' for name in names)})"
