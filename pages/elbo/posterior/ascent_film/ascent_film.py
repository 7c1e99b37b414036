"""The ascent of q in the browser: the whole way is sent once, and q glides along it; Python hears of the step once q has arrived."""

from __future__ import annotations

from collections.abc import Hashable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from pages.elbo.picture import picture
from pages.shared import links

FOLDER = Path(__file__).parent
KEY = "ascent_film"
STEP, OPENED = "posterior_step", "posterior_step_at_first"
"""Keys of the step that is shown; and of the picture that was opened, with the step at which it was."""
MOST = 10_000
"""Steps that an address may ask for."""


def ascent_film(packed: bytes) -> None:
    """Draw the picture.

    Args:
        packed: of `posterior_figure.ascent_film`.
    """
    _picture()(key=KEY, data=packed, on_view_change=_remember)


def step() -> int:
    """The step that is shown, as the person, or else the address, has set it."""
    links.note(STEP)
    number = links.number(STEP, 0, MOST)
    st.session_state[STEP] = 0 if number is None else int(number)
    return st.session_state[STEP]


def start(which: tuple[Hashable, ...]) -> int:
    """The step at which this picture opened: it stays while q moves in the browser, so that nothing is sent again."""
    opened = st.session_state.get(OPENED)
    if opened is None or opened[0] != which or KEY not in st.session_state:
        st.session_state[OPENED] = opened = which, step()
    return opened[1]


def _remember() -> None:
    view = st.session_state[KEY].get("view")
    if view:
        links.keep(STEP, int(view["step"]))


@cache
def _picture() -> Any:
    return picture("ascent_film", FOLDER, "ascent.js")
