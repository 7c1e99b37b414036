"""How a component reads what Python packed, in JavaScript: one reader for all."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def script() -> str:
    """What stands before a component's own JavaScript; the line break says that it is no path."""
    return "\n" + Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
