"""What every page is made of: its question, the picture with the controls beside it, numbers with their method, and the row below."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.shared import glossary, intervals, links
from pages.shared.chart.chart import mount, packed
from pages.shared.controls import choice
from pages.shared.labels import in_full
from pages.shared.words import Seeing
from vae_core.drawing.chart import Chart
from vae_core.drawing.image_table import ImageTable
from vae_core.drawing.images import Theme
from vae_core.specs import ModelSpec

RATIO = (3, 1)
"""Widths of the picture and of the controls beside it, on every page."""
FINE_PRINT = "fine_print"
FOLDED = "footer_"
"""Of the key of each part of the row below the picture that is opened to be read; in the session: whether it is open."""


@dataclass(frozen=True, slots=True)
class Download:
    """Something to keep: the words on its button, its file name, its type, and its bytes, or what makes them when it is asked for."""

    label: str
    file_name: str
    mime: str
    data: bytes | Callable[[], bytes]


def header(question: str, gist: str) -> None:
    """The page's title, which is the question that it answers, and one sentence on the picture below."""
    st.title(question, anchor=False)
    st.caption(gist)


def columns() -> tuple[DeltaGenerator, DeltaGenerator]:
    """The place of the picture, and that of the controls to its right."""
    picture, controls = st.columns(RATIO, gap="small")
    return picture, controls


def image_table(table: ImageTable, *, beside: int = 240, charts: int = 0) -> None:
    """Draw a table of images, as large as the window allows (`ImageTable.to_html`); nothing for an empty one."""
    if table.rows and table.heads:
        st.html(table.to_html(beside=beside, charts=charts))


def chart(chart: Chart | bytes, *, key: str = "chart") -> None:
    """Draw a chart, or one that was `packed`. It stays where it is while its data change.

    Args:
        chart: what is drawn.
        key: tells it from the other charts of the page.
    """
    mount(chart if isinstance(chart, bytes) else packed(chart), key=key)


def theme() -> Theme:
    """Whether this visitor looks at a light or at a dark page."""
    return "dark" if st.context.theme.type == "dark" else "light"


def number(label: str, value: str, method: str, *, of: ModelSpec | None = None, detail: str = "") -> None:
    """A number with its unit, and below it how it was obtained.

    Args:
        label: what it is.
        value: with its unit and its interval.
        method: how it was obtained, with n.
        of: the model that it is a number of, which the ⓘ beside the label names in full.
        detail: what of the method stands in the ⓘ, too.
    """
    st.metric(label, value, help=" ".join(filter(None, (detail, of and in_full(of)))) or None)
    st.caption(method)


def fine_print() -> DeltaGenerator:
    """The place of what a projector's view leaves away: what is read from near, and once. A page has one."""
    return st.container(key=FINE_PRINT)


def conclude(sentence: str, *, draw: Callable[..., object] = st.markdown) -> None:
    """What this view shows, in a sentence or two, computed from its numbers: in sight without a click. Nothing for an empty one.

    Args:
        sentence: as Markdown.
        draw: draws it: as text, or in a box that says how grave it is.
    """
    if sentence:
        with st.container(key="conclusion"):
            if draw in (st.markdown, st.caption) and (help_ := intervals.told(sentence)):
                draw(sentence, help=help_)
            else:
                draw(sentence)


def footer(*, seeing: Seeing, try_this: str, answer: Callable[[], str], notebook: str, downloads: list[Download]) -> None:
    """The row below the picture: what it shows, what to try, how to make it in a notebook, its link and its files.

    What is opened there opens below the row, and covers nothing.

    Args:
        seeing: "What am I seeing?".
        try_this: one thing to try, in a sentence or two: predict, do, check.
        answer: computes, once it is opened, what comes of it here from the state of the page.
        notebook: lines of Python that make the same picture.
        downloads: at least one.
    """
    with st.container(horizontal=True, gap="xsmall", key="footer"):
        said = f"{' '.join(seeing.sentences)} {try_this}"
        _folded("What am I seeing?", "visibility", "seeing", lambda: _explanation(seeing, f"{said} {answer()}"))
        _folded("Try this", "experiment", "try", lambda: _task(try_this, answer()))
        _folded("Notebook", "code", "notebook", lambda: _lines(notebook))
        _folded("Link", "link", "link", _link)
        for download in downloads:
            st.download_button(
                download.label,
                download.data,
                download.file_name,
                download.mime,
                icon=":material/download:",
                on_click="ignore",
            )


def _folded(title: str, icon: str, name: str, draw: Callable[[], object]) -> None:
    """Something of the row that is drawn once it is opened: what shows equations and code weighs 2 MB, which no first picture waits for."""
    place = st.expander(title, icon=f":material/{icon}:", key=f"{FOLDED}{name}", on_change="rerun")
    if place.open:
        with place:
            draw()


def _explanation(seeing: Seeing, said: str) -> None:
    """What is seen, its equation and source, and the terms of the glossary: those that a reader may need, and folded the others."""
    st.markdown(f"{' '.join(seeing.sentences)}\n\n$$\n{seeing.equation}\n$$")
    st.caption(seeing.source)
    here = glossary.beside(said)
    others = {term: definition for term, definition in glossary.terms().items() if term not in here}
    st.html(f"{_listed(here)}<details><summary>Other terms</summary>{_listed(others)}</details>")


def _listed(terms: Mapping[str, str]) -> str:
    lines = (f"<div><dt>{escape(term)}</dt><dd>{escape(definition)}</dd></div>" for term, definition in terms.items())
    return f'<dl class="terms">{"".join(lines)}</dl>'


def _task(try_this: str, answer: str) -> None:
    st.markdown(f"**One thing to try.** {try_this}")
    if answer:  # opened by the browser itself: the server need not know who looks
        about = f"\n\n<small>{told}</small>" if (told := intervals.told(answer)) else ""
        st.markdown(f"<details><summary>Answer</summary>\n\n{answer}{about}\n\n</details>", unsafe_allow_html=True)


def _lines(notebook: str) -> None:
    st.markdown("**The same picture in a notebook**")
    st.code(notebook.strip(), language="python", wrap_lines=True)


def _link() -> None:
    st.caption("This link restores the page, the data set, the model and every setting.")
    st.code(links.link(**choice().values()), language=None, wrap_lines=True)


def downloads(name: str, table: ImageTable | None, csv: bytes | Callable[[], bytes]) -> list[Download]:
    """A picture of images as PNG, where there is one, and numbers as CSV.

    Args:
        name: of the files, without their endings.
        table: the picture; a chart is saved by its own camera button instead.
        csv: a CSV file, or what makes it when it is asked for.
    """
    files = [Download("CSV", f"{name}.csv", "text/csv", csv)]
    if table is not None and table.rows and table.heads:
        files.insert(0, Download("PNG", f"{name}.png", "image/png", table.to_png))
    return files
