"""The taxonomy's cells: which families stand where, and one card for each family."""

from __future__ import annotations

import streamlit as st

from pages.shared import cached, controls, links
from vae_core.drawing.image_table import ImageTable
from vae_core.drawing.theme import mark
from vae_core.models import FAMILIES
from vae_core.specs import ModelSpec


def families(*, is_linear: bool, is_probabilistic: bool) -> list[str]:
    """The families of one cell."""
    return [name for name, f in FAMILIES.items() if (f.is_linear, f.is_probabilistic) == (is_linear, is_probabilistic)]


def draw(trained: dict[str, ModelSpec], cards: dict[str, ImageTable]) -> None:
    """Linear above non-linear, deterministic left of probabilistic."""
    for is_linear in (True, False):
        for column, is_probabilistic in zip(st.columns((4, 3), gap="xsmall"), (False, True), strict=True):
            with column.container(border=True, height="stretch", gap="xxsmall"):
                st.caption(f"{'Linear' if is_linear else 'Non-linear'}, {'probabilistic' if is_probabilistic else 'deterministic'}")
                names = families(is_linear=is_linear, is_probabilistic=is_probabilistic)
                if is_probabilistic and len(names) == 1:  # as few blocks as will do: each is a message
                    card(names[0], trained.get(names[0]), cards.get(names[0]))
                    continue
                # The wider cells have at least two places, so that all images are of one size.
                for place, family in zip(st.columns(max(2, len(names)), gap="xsmall"), names, strict=False):
                    with place.container(gap="xxsmall"):
                        card(family, trained.get(family), cards.get(family))


def card(family: str, spec: ModelSpec | None, table: ImageTable | None) -> None:
    """One family: its name, the same image through it, its equation, and what it offers, found out by asking the model."""
    _link(family)
    if spec is None or table is None:
        st.caption("Not trained for this data set and d.")
        return
    st.html(table.to_html(stacked=2, beside=540, most=150))
    offers = cached.offers(spec)
    abilities = {"encode": offers.encodes, "sample": offers.samples, "density": offers.has_density}
    badges = " ".join(f":{'green' if can else 'gray'}-badge[{'✓' if can else '–'} {word}]" for word, can in abilities.items())
    equation = FAMILIES[family].equation.replace("~", r"\~")
    st.markdown(f"{equation}  \n{badges}")


def _link(family: str) -> None:
    """A family's name, which opens its reconstructions and puts it in focus."""
    look = mark(family)
    label = f"{look.glyph} **{look.short}**" + (" (in focus)" if family == controls.choice().family else "")
    about = f"{FAMILIES[family].title}: open its reconstructions"
    st.page_link(links.page("autoencoders/compare"), label=label, icon="", query_params={links.FOCUS: family}, help=about)
