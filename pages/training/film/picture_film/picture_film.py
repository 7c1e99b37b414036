"""A training as a film of pictures in the browser: reconstructions and manifold, scrubbed by epoch; Python hears of it on release."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from pages.shared import links, scripts

FOLDER = Path(__file__).parent
KEY, EPOCH = "picture_film", "film_epoch"


def picture_film(packed: bytes, *, epoch: int) -> None:
    """Draw the film.

    Args:
        packed: of `explore.training.training_film_figure.film`.
        epoch: to show first.
    """
    opened = st.session_state.setdefault(f"{KEY}_opened", {}).setdefault(hash(packed), epoch)  # the same while one scrubs: it is sent once
    _film()(key=KEY, data=packed + opened.to_bytes(4, "little"), on_view_change=_remember)


def chosen_epoch(last: int) -> int:
    """The epoch that was last released, or that the address asks for, else the last."""
    links.note(EPOCH)
    epoch = links.number(EPOCH, 0, last)
    st.session_state[EPOCH] = last if epoch is None else int(epoch)
    return st.session_state[EPOCH]


def _remember() -> None:
    view = st.session_state[KEY].get("view")
    if view:
        links.keep(EPOCH, int(view["epoch"]))


@cache
def _film() -> Any:
    js, css, html = ((FOLDER / f"picture_film.{ending}").read_text() for ending in ("js", "css", "html"))
    return st.components.v2.component(KEY, html=html, css=css, js=scripts.script("packing", "player") + js)
