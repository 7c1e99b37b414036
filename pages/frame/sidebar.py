"""The sidebar: the data set, latent dimension and model that every page is about, and what this machine has of them."""

from __future__ import annotations

from collections.abc import Hashable

import streamlit as st

from pages.frame import machine, pin
from pages.shared import cached, fetching
from pages.shared.controls import CHOSEN, WANTED, Choice, choice, follow_the_sidebar, image_sets, latent_dims, settle
from pages.shared.links import FOCUS
from vae_core import data
from vae_core.models import DEFAULT_FAMILY, FAMILIES
from vae_core.specs import identity

DATASET = "dataset"
"""Key of the choice of a data set, and its parameter of the address."""


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


def state() -> Hashable:
    """What the sidebar shows of this machine: other where a model or a data set of one's own has come or gone."""
    return cached.state_of_models(), image_sets()


def is_changed_by_the_page() -> bool:
    """Whether something on the page has set one of its choices since the sidebar was drawn."""
    return any(st.session_state.get(key, value) != value for key, value in choice().values().items())


def _choices(*, disabled: bool) -> Choice:
    names, families = image_sets(), tuple(FAMILIES)
    if st.query_params.get(FOCUS) in FAMILIES:  # a link within the program: a widget keeps its value, whatever its own parameter says
        st.session_state["family"] = st.query_params.pop(FOCUS)
    name = _dataset(names, disabled=disabled)
    st.caption(_describe(name))
    if not disabled:
        fetching.offer_whole(name)
    dims = latent_dims(name)
    usual = max((d for d in dims if d <= 20), default=dims[0])
    dim = st.select_slider(
        "Latent dimension d", dims, value=usual, key="latent_dim", bind="query-params", disabled=disabled, on_change=follow_the_sidebar
    )
    first = families.index(DEFAULT_FAMILY)
    family = st.selectbox("Model in focus", families, index=first, key="family", bind="query-params", disabled=disabled)
    st.session_state[CHOSEN] = Choice(name, dim, family)
    return choice()


def _dataset(names: tuple[str, ...], *, disabled: bool) -> str:
    """The choice of a data set, by titles. Its parameter of the address is written here: a bound widget would write the title there."""
    if WANTED in st.session_state:
        st.session_state[DATASET] = st.session_state.pop(WANTED)
    elif DATASET not in st.session_state:  # a link opens this session
        st.session_state[DATASET] = st.query_params.get(DATASET)
    settle(DATASET, names, names[0])
    name = st.selectbox("Data set", names, format_func=fetching.in_menu, key=DATASET, disabled=disabled)
    if name != st.query_params.get(DATASET, names[0]):
        st.query_params[DATASET] = name
    return name


def _describe(name: str) -> str:
    """One line on a data set: what it holds, and whether it is here."""
    images = identity(name)
    channels, height, width = images.shape
    if data.available(name):
        return f"{images.n_train:,} images of {height}×{width}" + (" in colour" if channels == 3 else "")
    return f"⬇ Not on this machine, {fetching.megabytes(name)}"
