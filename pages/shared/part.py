"""A page of several parts, of which one is shown: how it is chosen, and what it hands back once it has drawn itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.shared import controls, page
from pages.shared.page import Download
from pages.shared.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What stands below a picture, and what is concluded from it.

    Attributes:
        text: the part's own words.
        conclusion: computed from its numbers.
        answer: gives what it answers to what it asks one to try.
        notebook: lines of Python that make the same picture.
        downloads: its files.
    """

    text: Words
    conclusion: str
    answer: Callable[[], str]
    notebook: str
    downloads: list[Download]


class Drawing(Protocol):
    """The module of a part."""

    GIST: str

    def draw(self, picture: DeltaGenerator, side: DeltaGenerator, choice: controls.Choice) -> Part:
        """Draw the part into the places of the picture and of the controls."""


def one_of(parts: Mapping[str, Drawing], *, question: str, label: str, key: str) -> None:
    """Draw a page of several parts: its question, the choice of a part above the controls, that part, and what stands below it.

    Args:
        parts: what the choice calls each part → its module.
        question: the page's title.
        label: of the choice.
        key: of the choice.
    """
    top = st.container()
    picture, side = page.columns()
    with side:
        part = parts[controls.segmented(label, tuple(parts), key)]
    with top:
        page.header(question, part.GIST)
    shown = part.draw(picture, side, controls.choice())
    with picture:
        page.conclude(shown.conclusion)
        page.footer(
            seeing=shown.text.seeing,
            try_this=shown.text.try_this,
            answer=shown.answer,
            notebook=shown.notebook,
            downloads=shown.downloads,
        )
