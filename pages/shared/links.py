"""Where a page is found, and the link of a view: collected from the widgets that were drawn, whatever this machine starts with."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import streamlit as st

DRAWN = "keys_of_this_view"
"""In the session: the parameters of the view that is being drawn."""

ADDRESSES = "addresses_of_pages"
"""In the session: the folder of each page, such as `latent/pad` → its address, as the navigation says them."""

FOCUS = "focus"
"""Parameter of a link within the program that changes the model in focus."""


def page(folder: str) -> str:
    """The script of a page, such as `latent/pad`, by which Streamlit knows it: for a link within the program."""
    return f"pages/{folder}/page.py"


def begin() -> None:
    """A page begins to be drawn: its view has no parameters yet."""
    st.session_state[DRAWN] = []


def has_begun() -> bool:
    """Whether a page was drawn in this session before."""
    return DRAWN in st.session_state


def bound(key: str) -> dict[str, Any]:
    """The arguments that bind a widget to the parameter of the address that has the name of its key, and make it part of the link."""
    note(key)
    return {"key": key, "bind": "query-params"}


def note(*keys: str) -> None:
    """Make values of the session part of the link that no widget holds, such as what a picture in the browser reports."""
    st.session_state.setdefault(DRAWN, []).extend(keys)


def is_of_this_view(key: str) -> bool:
    """Whether the view that was drawn last has the parameter."""
    return key in st.session_state.get(DRAWN, ())


def keep(key: str, value: float | str, *, usual: float | None = None) -> None:
    """Keep what a picture in the browser reports, in the session and in the address, under a key that no widget has.

    Args:
        key: its name.
        value: what is reported.
        usual: what it is when the picture opens, which the address need not say.
    """
    st.session_state[key] = value
    write(key, value, usual=usual)


def write(key: str, value: float | str, *, usual: float | str | None = None) -> None:
    """Write into the address what no widget writes there, or nothing where it is as usual."""
    if value == usual:
        st.query_params.pop(key, None)
    else:
        st.query_params[key] = f"{value:g}" if isinstance(value, float) else str(value)


def number(key: str, low: float, high: float) -> float | None:
    """The number of that name in the session, or else in the address; None if there is none between the bounds."""
    try:
        number = float(st.session_state.get(key, st.query_params.get(key, "")))
    except ValueError:
        return None
    return number if low <= number <= high else None


def link(**choices: str | int) -> str:
    """The whole address of this view.

    Args:
        choices: the global choices, which the frame has drawn.
    """
    state = st.session_state
    values = {**choices, **{key: state[key] for key in state.get(DRAWN, ()) if state.get(key) is not None}}
    texts = {key: str(value).lower() if isinstance(value, bool) else value for key, value in values.items()}
    return f"{st.context.url or '/'}?{urlencode(texts, doseq=True)}"
