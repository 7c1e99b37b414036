"""The bar above a view that a lecture has opened: which step it is, and the way back to its question and on to the next one."""

from __future__ import annotations

import streamlit as st

from pages.shared import links
from pages.shared.lectures.lectures import LECTURE, STEP, lectures, number_of

PAGE = "start/lectures"


def draw(folder: str) -> None:
    """Draw the bar, where the address names a step and the page at hand is not that of the lectures themselves."""
    lecture = lectures().get(st.query_params.get(LECTURE, ""))
    number = None if lecture is None else number_of(lecture, st.query_params.get(STEP, ""))
    if lecture is None or number is None or folder == PAGE:
        return
    n = len(lecture.steps)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="lecture_bar"):
        st.markdown(f"**{lecture.title}**, step {number} of {n}", width="stretch")
        back = st.button("Question and answer", icon=":material/arrow_back:", shortcut="PageUp", key="step_back")
        forth = st.button("Next step", icon=":material/arrow_forward:", shortcut="PageDown", key="step_forth", disabled=number == n)
    if back or forth:
        st.switch_page(links.page(PAGE), query_params={LECTURE: lecture.name, STEP: str(number + forth)})
