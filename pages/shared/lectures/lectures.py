"""The lectures: decks of four courses as lists of steps, each a question on a view of the explorer, with an answer that is computed.

`lectures.toml` holds them. A step's `answer` names a function in the `findings.py` of its page, which takes the state of the view and
returns named numbers; `value` among them decides which option is right, and all of them fill the sentence that is told.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("lectures.toml")
PAGES = Path(__file__).parents[2]
LECTURE, STEP = "lecture", "step"
"""Parameters of the address: which lecture, and which of its steps, from 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """A view of the explorer with a question to be answered before it is opened.

    Attributes:
        name: in the file.
        page: folder of the page, such as `latent/pad`.
        state: parameters of the view: data set, latent dimension and model in any case, and those that matter here.
        question: what is asked.
        options: three predictions.
        cuts: rising; the right option is the first, second or third for a value below, between or above them.
        answer: name of the function in the page's `findings.py`.
        told: the answer in words, with `{numbers}` in it.
        keep: one sentence to take home.
        lines: of the deck.
    """

    name: str
    page: str
    state: Mapping[str, str | int | float]
    question: str
    options: tuple[str, ...]
    cuts: tuple[float, ...]
    answer: str
    told: str
    keep: str
    lines: str


@dataclass(frozen=True, slots=True, eq=False)
class Lecture:
    """A deck as a list of steps.

    Attributes:
        name: in the address.
        title: on the screen.
        steps: in the order of the deck.
    """

    name: str
    title: str
    steps: tuple[Step, ...]


@cache
def lectures() -> dict[str, Lecture]:
    """Name → lecture. Steps whose page does not exist are left out."""
    written = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {name: Lecture(name, one["title"], _steps(written, one["steps"])) for name, one in written["lectures"].items()}


def _steps(written: Mapping[str, Any], chosen: list[list[str]]) -> tuple[Step, ...]:
    steps = []
    for name, lines in chosen:
        values = written["steps"][name]
        if (PAGES / values["page"] / "page.py").is_file():
            lists = {key: tuple(values[key]) for key in ("options", "cuts")}
            state = {**written["state"], **values["state"]}
            steps.append(Step(**{**values, **lists, "name": name, "state": state, "lines": lines}))
    return tuple(steps)


def number_of(lecture: Lecture, text: str) -> int | None:
    """The number of a step as the address has it, from 1; None if the lecture has no such step."""
    return int(text) if text.isdecimal() and 1 <= int(text) <= len(lecture.steps) else None
