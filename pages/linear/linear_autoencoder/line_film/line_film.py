"""A linear autoencoder's training on points as a film in the browser, scrubbed by step; a link holds the step."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from pages.shared import links, scripts

FOLDER = Path(__file__).parent
KEY = "line_film_view"
STEP, OPENED = "line_step", "line_step_at_first"
MOST_STEPS = 1e6


def line_film(packed: bytes) -> None:
    """Draw the film.

    Args:
        packed: of `linear_autoencoder_figure.film_payload`.
    """
    _film()(key=KEY, data=packed, on_view_change=_remember)


def start() -> int | None:
    """The step that the page opened with; None for the last. It stays the same while one scrubs, so that the film is not sent again."""
    if OPENED not in st.session_state:
        st.session_state[OPENED] = step()
    return st.session_state[OPENED]


def step() -> int | None:
    """The step that is shown, as the person, or else the address, has set it; None for the last."""
    links.note(STEP)
    number = links.number(STEP, 0, MOST_STEPS)
    if number is None:
        return None
    st.session_state[STEP] = int(number)
    return int(number)


def _remember() -> None:
    view = st.session_state[KEY].get("view")
    if view:
        links.keep(STEP, int(view["epoch"]))


@cache
def _film() -> Any:
    html, css, own = ((FOLDER / f"line_film.{kind}").read_text(encoding="utf-8") for kind in ("html", "css", "js"))
    return st.components.v2.component("line_film", html=html, css=css, js=scripts.script("packing", "pictures", "player") + "\n" + own)
