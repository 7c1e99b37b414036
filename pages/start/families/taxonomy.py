"""The taxonomy: which families stand where, and one card for each family, with and without its encoder.

It is one drawing and the links in it: of each column and container of the platform's, the browser would be told with every answer.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

import streamlit as st

from pages.shared import cached, controls, links
from pages.start.families.cached import offers_alone
from vae_core.drawing.image_table import ImageTable
from vae_core.drawing.theme import mark
from vae_core.explore.means import log_px_of_metrics
from vae_core.explore.offers import Offers
from vae_core.explore.start.families_figure import without_original
from vae_core.models import FAMILIES, unlabelled
from vae_core.specs import ModelSpec

STYLE = Path(__file__).with_name("taxonomy.css").read_text(encoding="utf-8")
WIDTHS = (2, 8, 7)
"""Of the rows' names, and of what is deterministic and what is probabilistic."""
ROWS = ("Linear", "Non-linear, with encoder", "Non-linear, without encoder")
KEY = "taxonomy"
GAN = "<p><b>GAN</b>: draws from noise. It has no encoder and no p(x). Here one learns points:</p>"
APPROACHES = "beyond/approaches"
"""The page that has a GAN."""
UNTRAINED = "<p>Not trained for this data set and d.</p>"


def families(*, is_linear: bool, is_probabilistic: bool) -> list[str]:
    """The families of one cell."""
    return [name for name, f in unlabelled().items() if (f.is_linear, f.is_probabilistic) == (is_linear, is_probabilistic)]


def without_encoder() -> list[str]:
    """The families that are shown without their encoder, too: the first that is deterministic and the first that is probabilistic."""
    return [families(is_linear=False, is_probabilistic=one)[0] for one in (False, True)]


def draw(trained: dict[str, ModelSpec], cards: dict[str, ImageTable], alone: dict[str, ImageTable]) -> None:
    """Three rows of two cells: deterministic left of probabilistic, linear above non-linear with and without encoder."""
    linked, firsts = _linked(), (2, 2 + _columns()[0])
    cells = [_cell(f"<p><b>{title}</b></p>", 0, column) for title, column in zip(("Deterministic", "Probabilistic"), firsts, strict=True)]
    cells += [_cell(f"<p><b>{title}</b></p>", row, 1) for row, title in enumerate(ROWS, start=1)]
    cells += [_cell(_card(trained.get(f), cards.get(f)), *place, family=f) for f, place in linked.items()]
    for family, column in zip(without_encoder(), firsts, strict=True):
        cells.append(_cell(_card_alone(family, trained.get(family), alone.get(family)), len(ROWS), column))
    cells.append(f'<div class="cell" style="{_at_the_end(0)}">{GAN}</div>')
    with st.container(key=KEY):
        st.html(f"<style>{_style(linked)}</style>{''.join(cells)}")
        for family in linked:
            _link(family)
        about = "A GAN of points beside an autoregressive model, a flow and a VAE"
        st.page_link(links.page(APPROACHES), label="★ **A GAN of points**", icon="", help=about)


def _columns() -> tuple[int, int]:
    """Columns of the grid for what is deterministic, at least two, so that all images are of one size, and for what is probabilistic."""
    most = [max(len(families(is_linear=one, is_probabilistic=other)) for one in (True, False)) for other in (False, True)]
    return max(2, most[0]), most[1]


def _linked() -> dict[str, tuple[int, int]]:
    """Row and column of each family with its encoder, from 1; the names of the rows have the first column."""
    return {
        family: (row, first + at)
        for row, is_linear in ((1, True), (2, False))
        for first, is_probabilistic in ((2, False), (2 + _columns()[0], True))
        for at, family in enumerate(families(is_linear=is_linear, is_probabilistic=is_probabilistic))
    }


def _style(linked: dict[str, tuple[int, int]]) -> str:
    """The grid's columns, and the place of each link: they are children of its container, after the HTML."""
    shares = zip(WIDTHS, (1, *_columns()), strict=True)
    columns = " ".join(f"repeat({n}, minmax(0, {width / n:.3g}fr))" for width, n in shares)
    stand = [*(_place(*place, line=0) for place in linked.values()), _at_the_end(1)]
    places = [f".st-key-{KEY} > :nth-child({at}) {{ {place} }}" for at, place in enumerate(stand, start=2)]
    return STYLE.replace("COLUMNS", columns) + "\n".join(places)


def _at_the_end(line: int) -> str:
    """Where a line below all rows stands, from 0."""
    return f"--area: {2 * len(ROWS) + 3 + line} / 2 / span 1 / -1; --order: {1000 + line}"


def _place(row: int, column: int, *, line: int, lines: int = 1) -> str:
    """Where something stands: a row has two lines, a link and what it is the link of; one below the other where the window is narrow."""
    return f"--area: {2 * row + line + 1} / {column} / span {lines}; --order: {100 * row + 2 * column + line}"


def _cell(html: str, row: int, column: int, *, family: str = "") -> str:
    """A part of the grid; what stands below a family's link is named after the family, for whoever hears the page."""
    place = _place(row, column, line=1) if family else _place(row, column, line=0, lines=2)
    group = f' role="group" aria-label="{escape(mark(family).short)}"' if family else ""
    return f'<div class="cell"{group} style="{place}">{html}</div>'


def _card(spec: ModelSpec | None, table: ImageTable | None) -> str:
    """One family: the same image through it, and what it offers, found out by asking the model."""
    if spec is None or table is None:
        return UNTRAINED
    return _body(table, _abilities(cached.offers(spec), _log_px(spec)))


def _card_alone(family: str, spec: ModelSpec | None, table: ImageTable | None) -> str:
    """One family without its encoder: the code of the image is searched for."""
    name = f"<p>{mark(family).glyph} <b>{escape(mark(family).short)} decoder alone</b></p>"
    is_trained = spec is not None and table is not None
    body = _body(table, _abilities(offers_alone(spec), _log_px(spec), is_searched=True)) if is_trained else UNTRAINED
    return name + body


def _body(table: ImageTable, abilities: str) -> str:
    """Images, and beside them what the model can do."""
    shown = without_original(table)
    images = shown.to_html(stacked=3, beside=430, most=150)
    return f'<div class="body" style="grid-template-columns: minmax(0, {len(shown.heads)}fr) minmax(0, 1fr)">{images}{abilities}</div>'


def _abilities(offers: Offers, log_px: str, *, is_searched: bool = False) -> str:
    """What a model can do; log p(x) of the test images belongs to decoder and prior, with or without the encoder."""
    how = "search" if is_searched else "encode"
    abilities = {how: offers.encodes or is_searched, "sample": offers.samples, "log p(x)": offers.has_density}
    badges = [f'<span class="{"yes" if can else "no"}">{"✓" if can else "–"} {word}</span>' for word, can in abilities.items()]
    return f'<div class="can">{"".join(badges)}{log_px and f"<span>{escape(log_px)} nats</span>"}</div>'


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
