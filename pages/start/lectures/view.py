"""A lecture on the page: which one, where one is in it, the question with its options, the view, and the answer."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode

import streamlit as st

from pages.shared import intervals, links
from pages.shared.addresses import below_base
from pages.shared.lectures.lectures import LECTURE, STEP, Lecture, Step, lectures, number_of
from pages.start.lectures import cached
from vae_core.drawing.window import ROOM

CHOSEN, FOLDER = "chosen_lecture", "start/lectures"
OUTLINE = (
    "margin: 0; padding: 0 0 1.6rem 2rem; font-size: 0.9rem; line-height: 1.45; overflow-y: auto;"
    f"max-height: max(10rem, calc({ROOM} - 430px));"
    "mask-image: linear-gradient(black calc(100% - 2rem), transparent)"
)
"""Of a long lecture the list of steps scrolls by itself, so that question, links and answer stay where they are; its end fades."""
LINK = """<a href="{href}" target="_self" style="display: block; text-align: center; padding: 0.7rem 1rem; border-radius: 0.5rem;
font-size: 1.15rem; text-decoration: none; color: inherit; border: 2px solid currentcolor">{label}</a>"""
PREVIEW = """<a href="{href}" target="_self"><img src="{source}" alt="The view as it opens" style="display: block; width: 100%;
aspect-ratio: 1280 / 754; border: 1px solid rgba(128, 128, 128, 0.5); border-radius: 0.5rem"></a>"""


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A step of a lecture, by its number from 1."""

    lecture: Lecture
    number: int

    @property
    def step(self) -> Step:
        """What is asked there."""
        return self.lecture.steps[self.number - 1]

    @property
    def query(self) -> dict[str, str]:
        """Its parameters in the address."""
        return {LECTURE: self.lecture.name, STEP: str(self.number)}


def choose() -> Place:
    """Draw the choice of a lecture, where one is in it, and what goes back and on; the address says where that is."""
    known = lectures()
    asked = st.query_params.get(LECTURE, "")
    lecture = known.get(asked) or next(iter(known.values()))
    place = Place(lecture, number_of(lecture, st.query_params.get(STEP, "")) or 1)
    st.session_state[CHOSEN] = lecture.name
    st.selectbox("Lecture", list(known), format_func=lambda name: known[name].title, key=CHOSEN, on_change=_turn)
    n = len(lecture.steps)
    st.progress(place.number / n, text=f"Step {place.number} of {n}")
    back, forth = st.columns(2, gap="xsmall")
    for column, label, key, way, by in ((back, "Back", "PageUp", "back", -1), (forth, "Next", "PageDown", "forth", 1)):
        number = place.number + by
        whether = {"disabled": not 1 <= number <= n, "on_click": _go, "args": (lecture.name, number)}
        column.button(label, shortcut=key, key=f"step_{way}", width="stretch", **whether)
    st.caption("Predict, open the view, try it there, and come back for the answer. A bar above the view leads back.")
    return place


def _turn() -> None:
    _go(st.session_state[CHOSEN], 1)


def _go(lecture: str, number: int) -> None:
    links.write(LECTURE, lecture)
    links.write(STEP, str(number))


def question(place: Place) -> str | None:
    """Draw what is asked, the options, and the link of the view; the prediction, or None before there is one."""
    step = place.step
    st.markdown(f"### {step.question}")
    predicted = st.radio("Your prediction", step.options, index=None, key=f"predicted_{place.lecture.name}_{place.number}")
    st.html(LINK.format(href=escape(_address(place)), label="Open the view, and try it"))
    return predicted


def preview(place: Place) -> None:
    """Draw how the view looks when it opens, small, as a link of it."""
    if picture := cached.preview(place.step.name):
        st.html(PREVIEW.format(href=escape(_address(place)), source=picture.address))


def _address(place: Place) -> str:
    """Of the view, which is opened anew, so that the sidebar takes its choices from it, too."""
    step = place.step
    return f"{below_base(f'/{st.session_state[links.ADDRESSES][step.page]}')}?{urlencode({**step.state, **place.query})}"


def answer(place: Place, predicted: str | None) -> None:
    """Draw the computed answer, behind a click, and the sentence to take home."""
    step, computed = place.step, cached.answer_of(place.lecture.name, place.number)
    right = step.options[computed.right]
    with st.expander("Answer", icon=":material/lightbulb:", key=f"answer_{place.lecture.name}_{place.number}"):
        if predicted is not None:
            st.markdown("Your prediction was right." if predicted == right else f"Your prediction was: {predicted}.")
        st.markdown(f"**{right}.** {computed.told}", help=intervals.told(computed.told) or None)
        st.markdown(f"To take home: {step.keep}")
    st.caption(f"Lines {step.lines} of the deck. The answer is computed here, on this machine.")


def outline(place: Place) -> None:
    """Draw all steps of the lecture, each a link, with the one at hand in bold."""
    address = below_base(f"/{st.session_state[links.ADDRESSES][FOLDER]}")
    lines = []
    for number, step in enumerate(place.lecture.steps, start=1):
        query = urlencode(Place(place.lecture, number).query)
        question = f"<b>{escape(step.question)}</b>" if number == place.number else escape(step.question)
        lines.append(f'<li><a href="{escape(f"{address}?{query}")}" target="_self" style="color: inherit">{question}</a></li>')
    st.html(f'<ol style="{OUTLINE}">{"".join(lines)}</ol>')
