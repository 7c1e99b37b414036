"""The cache of the answers to the steps of lectures."""

from __future__ import annotations

from pages.shared import cached
from pages.shared.lectures.lectures import lectures
from pages.start.lectures import answers
from pages.start.lectures.answers import Answer


@cached.keep(most=128, of_models=True, spinner="Computing the answer …")
def answer_of(lecture: str, number: int) -> Answer:
    """`answers.answer_of` of a step by its number, from 1."""
    return answers.answer_of(lectures()[lecture].steps[number - 1])
