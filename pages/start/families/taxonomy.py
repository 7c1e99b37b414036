"""The taxonomy's cells: which families stand where, and one card for each family, with and without its encoder."""

from __future__ import annotations

import streamlit as st

from pages.shared import cached, controls, links
from pages.start.families.cached import offers_alone
from vae_core.drawing.image_table import ImageTable
from vae_core.drawing.theme import mark
from vae_core.explore.means import log_px_of_metrics
from vae_core.explore.offers import Offers
from vae_core.explore.start.families_figure import without_original
from vae_core.models import FAMILIES
from vae_core.specs import ModelSpec

WIDTHS = (2, 8, 7)
"""Of the rows' names, and of what is deterministic and what is probabilistic."""
GAN = "**GAN**: draws images from noise. It has no encoder and no p(x), and is not among the models here."


def families(*, is_linear: bool, is_probabilistic: bool) -> list[str]:
    """The families of one cell."""
    return [name for name, f in FAMILIES.items() if (f.is_linear, f.is_probabilistic) == (is_linear, is_probabilistic)]


def without_encoder() -> list[str]:
    """The families that are shown without their encoder, too: the first that is deterministic and the first that is probabilistic."""
    return [families(is_linear=False, is_probabilistic=one)[0] for one in (False, True)]


def draw(trained: dict[str, ModelSpec], cards: dict[str, ImageTable], alone: dict[str, ImageTable]) -> None:
    """Three rows of two cells: deterministic left of probabilistic, linear above non-linear with and without encoder."""
    for column, title in zip(st.columns(WIDTHS, gap="xsmall"), ("", "**Deterministic**", "**Probabilistic**"), strict=True):
        column.caption(title)
    for name, is_linear in (("Linear", True), ("Non-linear, with encoder", False)):
        for cell, is_probabilistic in zip(_row(name), (False, True), strict=True):
            names = families(is_linear=is_linear, is_probabilistic=is_probabilistic)
            # Cells of the left column have two places, so that all images are of one size.
            places = [cell] if is_probabilistic and len(names) == 1 else cell.columns(max(2, len(names)), gap="xsmall")
            for place, family in zip(places, names, strict=False):
                with place.container(gap="xxsmall"):
                    card(family, trained.get(family), cards.get(family))
    for cell, family in zip(_row("Non-linear, without encoder"), without_encoder(), strict=True):
        place = cell if FAMILIES[family].is_probabilistic else cell.columns(2, gap="xsmall")[0]
        with place.container(gap="xxsmall"):
            card_alone(family, trained.get(family), alone.get(family))
            if FAMILIES[family].is_probabilistic:
                st.caption(GAN)


def _row(name: str) -> list:
    """The two cells of a row, after its name."""
    left, *cells = st.columns(WIDTHS, gap="xsmall")
    left.caption(f"**{name}**")
    return [cell.container(gap="xxsmall") for cell in cells]


def card(family: str, spec: ModelSpec | None, table: ImageTable | None) -> None:
    """One family: its name, the same image through it, and what it offers, found out by asking the model."""
    _link(family)
    if spec is None or table is None:
        st.caption("Not trained for this data set and d.")
        return
    _body(table, _badges(cached.offers(spec), _log_px(spec)))


def card_alone(family: str, spec: ModelSpec | None, table: ImageTable | None) -> None:
    """One family without its encoder: the code of the image is searched for."""
    st.caption(f"{mark(family).glyph} **{mark(family).short} decoder alone**")
    if spec is None or table is None:
        st.caption("Not trained for this data set and d.")
        return
    _body(table, _badges(offers_alone(spec), _log_px(spec), is_searched=True))


def _body(table: ImageTable, badges: str) -> None:
    """Images, and beside them what the model can do."""
    shown = without_original(table)
    left, right = st.columns((len(shown.heads), 1), gap="xsmall")
    left.html(shown.to_html(stacked=3, beside=430, most=150))
    right.markdown(badges)


def _badges(offers: Offers, log_px: str, *, is_searched: bool = False) -> str:
    """What a model can do; log p(x) of the test images belongs to decoder and prior, with or without the encoder."""
    how = "search" if is_searched else "encode"
    abilities = {how: offers.encodes or is_searched, "sample": offers.samples, "log p(x)": offers.has_density}
    badges = [f":{'green' if can else 'gray'}-badge[{'✓' if can else '–'} {word}]" for word, can in abilities.items()]
    return "  \n".join([*badges, f":small[{log_px} nats]"] if log_px else badges)


def _log_px(spec: ModelSpec) -> str:
    """Mean log p(x) of the test images, as it was evaluated; empty where it is not defined."""
    checkpoint = cached.checkpoint(spec)
    return "" if checkpoint is None or checkpoint.metrics["log_px"] is None else log_px_of_metrics(checkpoint.metrics)


def _link(family: str) -> None:
    """A family's name, which opens its reconstructions and puts it in focus."""
    look = mark(family)
    label = f"{look.glyph} **{look.short}**" + (" (in focus)" if family == controls.choice().family else "")
    about = f"{FAMILIES[family].title}, {FAMILIES[family].equation}: open its reconstructions"
    st.page_link(
        links.page("autoencoders/compare"), label=label, icon="", query_params={links.FOCUS: family}, help=about.replace("~", r"\~")
    )
