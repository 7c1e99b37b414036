"""The controls of the steps from a picture to the model's input."""

from __future__ import annotations

import streamlit as st

from pages.own import session
from pages.own.bring.ways import keep
from pages.own.session import SETTINGS
from pages.shared import controls
from pages.shared.controls import Choice
from pages.shared.links import bound
from vae_core.data import recipe_of
from vae_core.data.pictures import Picture
from vae_core.data.preparation import ALL, LARGEST, Preparation

MOST_OFFERED = 8
"""Pieces of ink that are offered by their numbers."""


def prepare(choice: Choice, picture: Picture) -> Preparation:
    """Draw the controls of the steps from the picture to the model's input, folded; what they say."""
    session.restore(*SETTINGS)
    with controls.advanced():
        left, right = st.columns(2, gap="small")
        with left:
            _one_of("Invert", ("auto", "yes", "no"), "own_invert", "auto: bright ink on black, decided from what stands out")
        with right:
            contrasts = ("auto", "as it is", "stretched", "even light")
            _one_of("Contrast", contrasts, "own_contrast", "even light: for a shadow on paper; auto takes it where the light varies")
        has_box = recipe_of(choice.dataset).frame.box is not None
        box = "the ink in a box, as the data set's makers did" if has_box else "the middle of the picture"
        _one_of("Size and place", ("like the data", "crop", "pad"), "own_fit", f"like the data: {box}")
        st.slider("Rotate (degrees, anticlockwise)", -180, 180, 0, **bound("own_turn"))
        st.slider("Width kept, %", 0, 100, (0, 100), **bound("own_across"))
        st.slider("Height kept, %", 0, 100, (0, 100), **bound("own_down"))
        if recipe_of(choice.dataset).frame.strokes is not None:
            help = "auto: strokes finer or wider than the data's are written anew, as wide as theirs usually are"
            controls.segmented("Strokes", ("auto", "as they are"), key="own_strokes", help=help)
        if picture.on_black is not None:
            controls.segmented("Behind what is transparent", ("white", "black"), key="own_behind")
    keep(*SETTINGS)
    return session.preparation()


def with_piece(how: Preparation, n_pieces: int | None) -> Preparation:
    """Draw the choice of one of several pieces of ink, where there are several; the preparation with it."""
    if n_pieces is None or n_pieces < 2:
        return how
    options = (LARGEST, *map(str, range(1, min(n_pieces, MOST_OFFERED) + 1)), ALL)
    controls.settle("own_piece", options, LARGEST)
    controls.segmented("Piece of ink, from the left", options, key="own_piece")
    keep("own_piece")
    return session.preparation()


def _one_of(label: str, options: tuple[str, ...], key: str, help: str) -> None:
    """One of a few words in a box; the first is the default."""
    st.selectbox(label, options, **bound(key), help=help)
