"""The sidebar: the data set, latent dimension and model that every page is about, and what this machine has of them."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import streamlit as st

from pages.frame import machine, pin, streamlit_patches
from pages.shared import cached, fetching, links
from pages.shared.controls import CHOSEN, SETS, WANTED, Choice, by_title, choice, follow_the_sidebar, image_sets, latent_dims
from pages.shared.fetching import in_menu
from pages.shared.links import FOCUS
from vae_core.models import DEFAULT_FAMILY, FAMILIES, unlabelled
from vae_core.specs import identity

DATASET, DIM, FAMILY = "dataset", "latent_dim", "family"
"""Keys of the choice of a data set, a latent dimension and a model, and their parameters of the address."""
HELD = "choices_are_held"
"""In the session: that the page before drew none of them."""


def draw(*, uses_data: bool) -> None:
    """Draw the sidebar before the page, so that its choices outlive every change of page.

    Args:
        uses_data: whether data set, latent dimension and model play a part on the page at hand; where not, they are held and not drawn,
            so that Home's first picture waits for nothing that draws them.
    """
    with st.sidebar:
        chosen = _choices(are_drawn=uses_data)
        if uses_data:
            machine.models_box(chosen)
        else:
            st.caption("Data set, latent dimension and model play no part on this page.")
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


def _choices(*, are_drawn: bool) -> Choice:
    here = st.session_state[SETS] = image_sets()
    if are_drawn and st.session_state.pop(HELD, False):
        st.session_state.update(choice().values())  # a browser is told what a widget begins with if it is set in the same run
    elif not are_drawn:
        st.session_state[HELD] = True
    if st.query_params.get(FOCUS) in unlabelled():  # a link within the program: a widget keeps its value, whatever its own parameter says
        st.session_state[FAMILY] = st.query_params.pop(FOCUS)
    if WANTED in st.session_state:
        st.session_state[DATASET] = st.session_state.pop(WANTED)
    names = tuple(here)
    name = by_title("Data set", names, DATASET, title=lambda one: in_menu(one, is_here=here[one]), usual=names[0], is_drawn=are_drawn)
    if are_drawn:
        st.caption(_describe(name, is_here=here[name]))
        fetching.offer_whole(name)
    dim = _latent_dim(latent_dims(name), is_drawn=are_drawn)
    family = by_title("Model in focus", tuple(unlabelled()), FAMILY, title=_family_title, usual=DEFAULT_FAMILY, is_drawn=are_drawn)
    st.session_state[CHOSEN] = Choice(name, dim, family, here[name])
    return choice()


def _latent_dim(dims: Sequence[int], *, is_drawn: bool) -> int:
    usual = max((d for d in dims if d <= 20), default=dims[0])
    if is_drawn:
        return st.select_slider("Latent dimension d", dims, value=usual, key=DIM, bind="query-params", on_change=follow_the_sidebar)
    asked = links.number(DIM, dims[0], dims[-1])
    dim = st.session_state[DIM] = int(asked) if asked in dims else usual
    streamlit_patches.unbind(DIM)
    links.write(DIM, dim, usual=usual)
    return dim


def _family_title(name: str) -> str:
    return FAMILIES[name].title


def _describe(name: str, *, is_here: bool) -> str:
    """One line on a data set: what it holds, and whether it is here."""
    images = identity(name)
    channels, height, width = images.shape
    if is_here:
        return f"{images.n_train:,} images of {height}×{width}" + (" in colour" if channels == 3 else "")
    return f"⬇ Not on this machine, {fetching.megabytes(name)}"
