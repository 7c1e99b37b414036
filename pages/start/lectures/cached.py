"""The caches of the steps of lectures: their answers, and how their views look."""

from __future__ import annotations

from pathlib import Path

from pages.shared import cached
from pages.shared.fetched_files import FetchedFile, held
from pages.shared.lectures.lectures import lectures
from pages.start.lectures import answers
from pages.start.lectures.answers import Answer

PREVIEWS = Path(__file__).with_name("previews")
"""Of each step the view as it opens, small, by the step's name; made by `docs/make_previews.py`."""


@cached.keep(most=128)
def preview(step: str) -> FetchedFile | None:
    """How the view of a step looks, or None for one that is newer than the pictures."""
    path = PREVIEWS / f"{step}.webp"
    return held(path.read_bytes(), kind="webp") if path.exists() else None


@cached.keep(most=128, of_models=True, spinner="Computing the answer …")
def answer_of(lecture: str, number: int) -> Answer:
    """`answers.answer_of` of a step by its number, from 1."""
    return answers.answer_of(lectures()[lecture].steps[number - 1])
