"""Terms of the field that stand in a text, each with what docs/glossary.md says of it."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).parents[2] / "docs/glossary.md"
ALSO = {
    "Active unit": "active|inactive",
    "Reverse water-filling": "water level|τ",
    "Posterior collapse": "collapses?",
    "Normalizing flow": "flows?",
}
"""Term → what else a text may say for it."""
ON_EVERY_PAGE = (
    *("Nat", "Rate R", "Distortion D", "ELBO", "Prior p(z)", "Posterior p(z|x)", "Aggregate posterior q(z)"),
    *("Active unit", "Importance-weighted bound", "Reverse water-filling"),
)
"""Terms that every page explains to whoever asks what one sees there, with those that it uses."""


@lru_cache(maxsize=1)
def terms() -> dict[str, str]:
    """Every term as it is written, with its symbol, → its definition, as Markdown."""
    entries = re.findall(r"^\*\*(.+?)\.\*\* (.+?)(?:\n\n|\Z)", FILE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    return {term: " ".join(definition.split()) for term, definition in entries}


@lru_cache(maxsize=256)
def within(text: str) -> dict[str, str]:
    """The terms that a text uses, in the glossary's order, with their definitions."""
    return {term: definition for term, definition in terms().items() if _pattern(term).search(text)}


def beside(text: str) -> dict[str, str]:
    """The terms that a text uses, and those that stand on every page, with their definitions."""
    return within(text) | {term: terms()[term] for term in ON_EVERY_PAGE}


@lru_cache(maxsize=64)
def _pattern(term: str) -> re.Pattern[str]:
    """A term without its symbol, in one or several."""
    name = re.sub(r" (?:\S+\(.*\)|[A-Z])$", "", term)
    return re.compile(rf"\b(?:{'|'.join(filter(None, (re.escape(name) + 's?', ALSO.get(name))))})\b", re.IGNORECASE)
