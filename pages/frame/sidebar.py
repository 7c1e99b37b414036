"""The sidebar: the data set, latent dimension and model that every page is about, and what this machine has of them."""

from __future__ import annotations

from collections.abc import Hashable

import streamlit as st

from pages.frame import machine, pin
from pages.shared import cached, fetching
from pages.shared.controls import CHOSEN, SETS, WANTED, Choice, by_title, choice, follow_the_sidebar, image_sets, latent_dims
from pages.shared.fetching import in_menu
from pages.shared.links import FOCUS
from vae_core.models import DEFAULT_FAMILY, FAMILIES
from vae_core.specs import identity

DATASET, FAMILY = "dataset", "family"
"""Keys of the choice of a data set and of a model, and their parameters of the address."""


def draw(*, uses_data: bool) -> None:
    """Draw the sidebar before the page, so that its choices outlive every change of page.

    Args:
        uses_data: whether data set, latent dimension and model play a part on the page at hand.
    """
    with st.sidebar:
        chosen = _choices(disabled=not uses_data)
        if uses_data:
            machine.models_box(chosen)
        pin.box()


def state(here: dict[str, bool]) -> Hashable:
    """What the sidebar shows of this machine: other where a model or a data set of one's own has come or gone.

    Args:
        here: `image_sets`.
    """
    return cached.state_of_models(), tuple(here.items())


def is_changed_by_the_page() -> bool:
    """Whether something on the page has set one of its choices since the sidebar was drawn."""
    return any(st.session_state.get(key, value) != value for key, value in choice().values().items())


def _choices(*, disabled: bool) -> Choice:
    here = st.session_state[SETS] = image_sets()
    if st.query_params.get(FOCUS) in FAMILIES:  # a link within the program: a widget keeps its value, whatever its own parameter says
        st.session_state[FAMILY] = st.query_params.pop(FOCUS)
    if WANTED in st.session_state:
        st.session_state[DATASET] = st.session_state.pop(WANTED)
    names = tuple(here)
    name = by_title("Data set", names, DATASET, title=lambda one: in_menu(one, is_here=here[one]), usual=names[0], disabled=disabled)
    st.caption(_describe(name, is_here=here[name]))
    if not disabled:
        fetching.offer_whole(name)
    dims = latent_dims(name)
    usual = max((d for d in dims if d <= 20), default=dims[0])
    dim = st.select_slider(
        "Latent dimension d", dims, value=usual, key="latent_dim", bind="query-params", disabled=disabled, on_change=follow_the_sidebar
    )
    family = by_title("Model in focus", tuple(FAMILIES), FAMILY, title=_family_title, usual=DEFAULT_FAMILY, disabled=disabled)
    st.session_state[CHOSEN] = Choice(name, dim, family, here[name])
    return choice()


def _family_title(name: str) -> str:
    return FAMILIES[name].title


def _describe(name: str, *, is_here: bool) -> str:
    """One line on a data set: what it holds, and whether it is here."""
    images = identity(name)
    channels, height, width = images.shape
    if is_here:
        return f"{images.n_train:,} images of {height}×{width}" + (" in colour" if channels == 3 else "")
    return f"⬇ Not on this machine, {fetching.megabytes(name)}"
