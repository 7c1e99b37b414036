"""A film's slider, button and keys in JavaScript: one player for all films of a training."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def script() -> str:
    """What stands before a film's own JavaScript; the line break says that it is no path."""
    return "\n" + Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
