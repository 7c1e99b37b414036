"""What the fields of *Train a model* hold, which its own page draws, and buttons of other pages fill in."""

from __future__ import annotations

import streamlit as st

from pages.shared.controls import Choice, latent_dims
from vae_core.data import available
from vae_core.fields import Field, text_of
from vae_core.models import FAMILIES
from vae_core.specs import ModelSpec

PREFIX = "train_"
"""Of the key of each widget."""
BASE, TEXTS = "training_base", "training_values"
"""In the session: the choices of the sidebar from whose recipe the fields started, and what they say."""


def show(spec: ModelSpec) -> None:
    """Fill in the fields, and the sidebar, with a spec: a callback of buttons."""
    state, dims = st.session_state, latent_dims(spec.dataset)
    nearest = min(dims, key=lambda d: abs(d - spec.latent_dim))
    state["dataset"], state["latent_dim"] = spec.dataset, nearest
    if not FAMILIES[spec.family].needs_labels:
        state["family"] = spec.family
    fill(spec)
    state[TEXTS] = {key: state[key] for key in _keys() if key in state}
    state[BASE] = base_of(Choice(spec.dataset, nearest, spec.family, available(spec.dataset)))


def fill(spec: ModelSpec) -> None:
    """Write a spec into the fields: values that are deleted would stay in the browser's. The address follows, which is theirs."""
    texts = {PREFIX + field.name: text_of(getattr(spec, field.name)) for field in fields_of(spec)}
    st.session_state[TEXTS] = {}
    for key in _keys() - set(texts):
        st.session_state.pop(key, None)
    st.session_state.update(texts)


def fields_of(spec: ModelSpec) -> list[Field]:
    """The fields that have a widget, those of the model before those of its training; the data set is chosen in the sidebar."""
    return sorted((field for field in spec.fields() if field.name != "dataset"), key=lambda field: field.is_of_training)


def _keys() -> set[str]:
    """The keys of every family's widgets."""
    return {PREFIX + field.name for family in FAMILIES.values() for field in family.spec.fields() if field.name != "dataset"}


def base_of(choice: Choice) -> str:
    """The sidebar's choices in a word."""
    return f"{choice.family}/{choice.dataset}/{choice.latent_dim}"
