"""The fields of a spec as widgets, drawn from the spec's own class: names, meanings, ranges and refusals are the spec's."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.shared import controls
from pages.shared.controls import Choice
from pages.shared.labels import in_words
from pages.shared.links import bound
from pages.training.fields import BASE, PREFIX, TEXTS, base_of, fields_of, fill
from vae_core.fields import Field, text_of
from vae_core.models import FAMILIES, default_spec
from vae_core.specs import ModelSpec

TITLES = {
    "latent_dim": "Dimensions d",
    "hidden": "Hidden layers",
    "n_epochs": "Epochs",
    "augmentation": "Warping",
    "scale": "Scale σ or b",
    "beta": "β",
}
"""Field → what a person calls it; every other by its own words."""
HALF = 9
"""Letters of a menu that are read in half of the controls' width."""
LENGTH, ABOUT, BESIDE = "n_epochs", "about", "beside"
"""The field of a training that everyone needs, the place of what says what each field means, and that place if it is beside a field."""


def chosen_spec(choice: Choice) -> ModelSpec | None:
    """Draw the fields; the spec that they make, or None with the spec's own sentence on what is wrong.

    They start from the recipe of the sidebar's choices, and again when those change.
    """
    try:
        recipe = _recipe(choice)
        _start_or_return(recipe, choice)
        recipe = _recipe(choice, _network(recipe))
        fields = fields_of(recipe)
        texts: dict[str, str] = {}
        places = _places(fields)
        for field in fields:
            with places[field.name]:
                texts[field.name] = _widget(field, recipe, choice, texts)
        with places[ABOUT]:
            if BESIDE in places:  # drawn after the fields above it in its column
                st.space("small")
            _about(recipe)
        st.session_state[TEXTS] = {PREFIX + name: text for name, text in texts.items()}
        return replace(recipe, **{field.name: field.from_text(texts[field.name], recipe) for field in fields})
    except ValueError as error:
        name, _, rest = str(error).partition(" ")
        is_field = any(family.spec.has(name) for family in FAMILIES.values())
        st.error(f"{title(name) if is_field else name} {rest}.")
        return None


def title(name: str) -> str:
    """What a person calls a field."""
    return TITLES.get(name, name.replace("_", " ").capitalize())


def _places(fields: list[Field]) -> dict[str, DeltaGenerator]:
    """Where each field stands, most of them in two columns: folded, if it says how the model is trained, but for how long.

    What says what they mean stands where the columns have a place left, else among the folded ones.
    """
    advanced = [field for field in fields if field.is_of_training and field.name != LENGTH]
    basic = [field for field in fields if field not in advanced]
    with st.container(key="fields", gap="xsmall"):
        has_place = sum(not is_wide(field) for field in basic) % 2 == 1
        places = _in_rows(basic, *([ABOUT] if has_place or not advanced else []))
        if has_place:
            places[BESIDE] = places[ABOUT]  # level with the last field, which has its name above it
        if advanced:
            with controls.advanced():
                places |= _in_rows(advanced)
                places.setdefault(ABOUT, st.container())
    return places


def _in_rows(fields: list[Field], *others: str) -> dict[str, DeltaGenerator]:
    """Places one below the other for fields with long words, then two columns for the others."""
    places = {field.name: st.container() for field in fields if is_wide(field)}
    columns = [column.container(gap="xsmall") for column in st.columns(2, gap="xsmall")]
    names = [*(field.name for field in fields if field.name not in places), *others]
    return places | {name: columns[k % 2] for k, name in enumerate(names)}


def is_wide(field: Field) -> bool:
    """Whether it is a menu with a word that would be cut off in half of the controls' width."""
    return field.kind == "word" and max(len(in_words(option)) for option in field.options) > HALF


def _recipe(choice: Choice, network: str | None = None) -> ModelSpec:
    """The recipe of the sidebar's choices; of the family that this one becomes with another network, if one is given."""
    recipe = default_spec(choice.family, choice.dataset, choice.latent_dim, network)
    if network is None or not recipe.has("network"):
        return recipe
    family = replace(recipe, network=network, hidden=None).family
    return default_spec(family, choice.dataset, choice.latent_dim, network)


def _network(recipe: ModelSpec) -> str | None:
    """The network that was chosen, or that the address asks for; None if that is none."""
    key = PREFIX + "network"
    asked = in_words(st.session_state.get(key, st.query_params.get(key)))
    options = next((field.options for field in recipe.fields() if field.name == "network"), ())
    return next((option for option in options if in_words(option) == asked), None)


def _widget(field: Field, recipe: ModelSpec, choice: Choice, texts: dict[str, str]) -> str:
    """One field; what stands in it."""
    key, value = PREFIX + field.name, getattr(recipe, field.name)
    about = f"{field.meaning[:1].upper()}{field.meaning[1:]} Must {field.rule_for(recipe)}."
    is_used = field.is_used(texts)
    if not is_used:
        st.session_state[key] = text_of(field.usual(recipe))
    options = {**bound(key), "help": about, "disabled": not is_used}
    if field.kind == "word":
        if field.name == "network":
            options |= {"on_change": _renew, "args": (choice,)}
        return st.selectbox(title(field.name), field.options, field.options.index(value), format_func=in_words, **options)
    return st.text_input(title(field.name), text_of(value), **options)


def _start_or_return(recipe: ModelSpec, choice: Choice) -> None:
    """Start from the recipe when the sidebar has changed, and put back what was filled in when one returns to the page."""
    state, base = st.session_state, base_of(choice)
    if state.get(BASE, base) != base:
        fill(recipe)
    else:
        for key, text in state.get(TEXTS, {}).items():
            if key not in state and key not in st.query_params:
                state[key] = text
    state[BASE] = base


def _renew(choice: Choice) -> None:
    """Another network, another recipe: what was filled in is given up."""
    with suppress(ValueError):  # a network that the data set cannot have: the page says so
        fill(_recipe(choice, st.session_state[PREFIX + "network"]))


def _about(spec: ModelSpec) -> None:
    """Every field with its meaning and range, in one table."""
    with st.popover("About", type="tertiary", icon=":material/info:", help="Meaning and range of each field.", width="stretch"):
        st.markdown(_table(spec))


def _table(spec: ModelSpec) -> str:
    """Every field of a recipe with its value, meaning and range, as a Markdown table."""
    rows = [
        f"| {title(f.name)} (`{f.name}`) | {text_of(getattr(spec, f.name)) or '–'} | {f.meaning} | {f.rule_for(spec)} |"
        for f in spec.fields()
    ]
    return "\n".join(["| field | default | meaning | must |", "|---|---|---|---|", *rows])
