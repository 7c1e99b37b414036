"""Write the lectures, step by step, into `docs/teaching.md`, below what is written there by hand.

They come from `pages/shared/lectures/lectures.toml`. After a change of it: `python docs/make_teaching.py`, from the root of the project.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from pages.shared.lectures.lectures import LECTURE, STEP, Lecture, lectures  # noqa: E402

FILE = ROOT / "docs" / "teaching.md"
HERE = "http://localhost:8501/lectures"
MARK = "<!-- made by docs/make_teaching.py: what stands below is not written by hand -->"


def text() -> str:
    """The whole file."""
    by_hand = FILE.read_text(encoding="utf-8").partition(MARK)[0]
    return "\n".join([f"{by_hand}{MARK}", "", *(_table(lecture) for lecture in lectures().values())])


def _table(lecture: Lecture) -> str:
    rows = [f"### {lecture.title}", "", "| step | lines of the deck | question | to take home |", "|---|---|---|---|"]
    for number, step in enumerate(lecture.steps, start=1):
        link = f"[{number}]({HERE}?{LECTURE}={lecture.name}&{STEP}={number})"
        rows.append(f"| {link} | {step.lines} | {_cell(step.question)} | {_cell(step.keep)} |")
    return "\n".join([*rows, ""])


def _cell(sentence: str) -> str:
    return sentence.replace("|", r"\|")


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
