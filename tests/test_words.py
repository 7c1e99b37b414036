"""What a program can hold of docs/writing.md: short sentences, a list of words, and names that a visitor knows."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from pages.shared.lectures.lectures import lectures
from tests.harness import ROOT

LONGEST = 25
"""Words of a sentence."""
FILES = sorted((ROOT / "pages").rglob("words.md"))
PROSE = ("seeing", "try", "answer", "conclusion", "validated")
"""Sections that a visitor reads as sentences; the others are formulas, lines of Python, or captions with numbers put in."""
AVOIDED = {
    r"\b(?:nats|bits|samples|draws|images|error) an? (?:image|side|pixel)\b": "per",
    r"\blaws?\b": "distribution",
    r"\bcached\b": "trained",
    r"E q\(": "μ(x) or E_q[z]",
    r"95 % interval": "95 % confidence interval",
    r"\brecipes?\b": "trained model",
    r"one z (?:~ q\(z\|x\) )?each": "one draw of z per image",
    r"\bbound, k\b": "bound from k samples of z",
}
"""What is not written → what is written instead."""


def prose(file: Path) -> dict[str, str]:
    """Section → its text, of those that are sentences; an answer or a conclusion may have several sections."""
    parts = [part.partition("\n") for part in f"\n{file.read_text(encoding='utf-8')}".split("\n## ")[1:]]
    return {name: body.strip() for name, _, body in parts if name.partition("-")[0] in PROSE}


def sentences(text: str) -> list[str]:
    """A text's sentences: they end before a blank, and abbreviations of sources do not occur in prose."""
    return [sentence for sentence in re.split(r"(?<=[.?!])\s+", text) if sentence]


def shown(file: Path) -> list[str]:
    """Texts of a module of pages that may be read on the screen: whatever is longer than two words and no docstring."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    constants = (
        node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone
    )
    return [node.value for node in constants if len(node.value.split()) > 2]


@pytest.mark.parametrize("file", FILES, ids=lambda file: "/".join(file.parts[-3:-1]))
def test_a_sentence_holds_one_idea(file: Path) -> None:
    long = [sentence for text in prose(file).values() for sentence in sentences(text) if len(sentence.split()) > LONGEST]
    assert long == []


def test_words_are_those_that_a_student_reads() -> None:
    found = {}
    for file in FILES:
        for text in prose(file).values():
            found |= {(file.parent.name, match.group()): instead for word, instead in AVOIDED.items() for match in re.finditer(word, text)}
    for file in sorted(path for folder in ("pages", "vae_core") for path in (ROOT / folder).rglob("*.py")):
        for text in shown(file):
            found |= {(file.name, match.group(), text): instead for word, instead in AVOIDED.items() for match in re.finditer(word, text)}
    assert found == {}


def test_the_steps_of_lectures_are_read_as_easily() -> None:
    steps = {(step.question, *step.options, step.told, step.keep) for lecture in lectures().values() for step in lecture.steps}
    said = sorted(sentence for texts in steps for text in texts for sentence in sentences(text))
    assert [sentence for sentence in said if len(sentence.split()) > LONGEST] == []
    assert [sentence for sentence in said if any(re.search(word, sentence) for word in AVOIDED)] == []


def test_the_list_finds_what_it_is_for() -> None:
    faults = ("12 nats an image", "a law of codes", "any cached model", "E q(z|x)", "95 % interval", "the recipe", "images a side")
    assert all(any(re.search(word, fault) for word in AVOIDED) for fault in (*faults, "bound, k = 100"))
    assert not any(re.search(word, "12 nats per image ± 95 % confidence interval") for word in AVOIDED)
