"""How this session's pictures are made like the data: the controls of the steps, kept while one looks at other pages."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.shared import controls
from pages.shared.controls import Choice
from pages.shared.links import bound, note
from vae_core.data import recipe_of
from vae_core.data.pictures import Picture
from vae_core.data.preparation import Preparation

SETTINGS = ("own_behind", "own_turn", "own_across", "own_down", "own_invert", "own_contrast", "own_fit")
KEPT = "own_kept"


def prepare(choice: Choice, picture: Picture) -> Preparation:
    """Draw the controls of the steps from the picture to the model's input, in a row; what they say."""
    restore(*SETTINGS)
    invert, contrast, fit, more = st.columns(4, gap="small", vertical_alignment="bottom")
    with invert:
        _one_of("Invert", ("auto", "yes", "no"), "own_invert", "auto: bright ink on black, told by the border's brightness")
    with contrast:
        _one_of("Contrast", ("auto", "as it is", "stretched", "even light"), "own_contrast", "even light: for a shadow on paper")
    with fit:
        has_box = recipe_of(choice.dataset).frame.box is not None
        box = "the ink in a box, as the data set's makers did" if has_box else "the middle of the picture"
        _one_of("Size and place", ("like the data", "crop", "pad"), "own_fit", f"like the data: {box}")
    with more, st.popover("Turn, crop", icon=":material/crop_rotate:", width="stretch"):
        st.slider("Turn, degrees against the clock", -180, 180, 0, **bound("own_turn"))
        st.slider("Width kept, %", 0, 100, (0, 100), **bound("own_across"))
        st.slider("Height kept, %", 0, 100, (0, 100), **bound("own_down"))
        if picture.on_black is not None:
            controls.segmented("Behind what is transparent", ("white", "black"), key="own_behind")
    keep(*SETTINGS)
    return preparation()


def _one_of(label: str, options: tuple[str, ...], key: str, help: str) -> None:
    """One of a few words in a box; the first is the default."""
    st.selectbox(label, options, **bound(key), help=help)


def preparation() -> Preparation:
    """What the controls of the steps say, here or on the page that draws them."""
    note(*SETTINGS)
    usual = Preparation()
    values = {key.removeprefix("own_"): value(key, getattr(usual, key.removeprefix("own_"))) for key in SETTINGS}
    for name in ("across", "down"):
        low, high = values[name]
        values[name] = (low, high) if low < high else (min(low, 99), min(low, 99) + 1)
    return Preparation(**values)


def value(key: str, usual: Any) -> Any:
    """What a widget says, or said before its page was left."""
    return st.session_state.get(key, kept().get(key, usual))


def kept() -> dict[str, Any]:
    """What this session remembers of its widgets."""
    return st.session_state.setdefault(KEPT, {})


def restore(*keys: str) -> None:
    """Give widgets the values that they had before the page was left; an address that says otherwise wins."""
    for key in keys:
        if key in kept() and key not in st.session_state and key not in st.query_params:
            st.session_state[key] = kept()[key]


def keep(*keys: str) -> None:
    """Remember what these widgets say."""
    kept().update({key: st.session_state[key] for key in keys if key in st.session_state})
