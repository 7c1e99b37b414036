"""A training as a film in the browser: networks side by side, samples and warped grid, scrubbed by epoch."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from pages.latent.canvas import canvas
from pages.shared import links, scripts

FOLDER = Path(__file__).parent
KEY = "ring_film_view"
MOST_EPOCHS = 1e6
EPOCH, OPENED = "ring_epoch", "ring_epoch_at_first"


def training_film(packed: bytes) -> None:
    """Draw the film.

    Args:
        packed: of `ring_learning_figure.film_payload`.
    """
    _film()(key=KEY, data=packed, on_view_change=_remember)


def start() -> int | None:
    """The epoch that the address asks for; None for the last. It stays the same while one scrubs, so that the film is not sent again."""
    links.note(EPOCH)
    if OPENED not in st.session_state:
        epoch = links.number(EPOCH, 0, MOST_EPOCHS)
        st.session_state[OPENED] = None if epoch is None else int(epoch)
        if epoch is not None:
            st.session_state[EPOCH] = int(epoch)
    return st.session_state[OPENED]


def _remember() -> None:
    view = st.session_state[KEY].get("view")
    if view:
        links.keep(EPOCH, int(view["epoch"]))


@cache
def _film() -> Any:
    js = "\n".join(["", canvas.script(), scripts.script("player"), (FOLDER / "training_film.js").read_text()])
    css = canvas.style() + (FOLDER / "training_film.css").read_text()
    return st.components.v2.component("training_film", html=(FOLDER / "training_film.html").read_text(), css=css, js=js)
