"""JavaScript that stands before a component's own: how it reads what Python packed, the page's colours, the player of films."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal


@cache
def script(*names: Literal["packing", "pictures", "player"]) -> str:
    """These files of this folder, one after the other; the line break at first says that it is no path."""
    return "".join("\n" + Path(__file__).with_name(f"{name}.js").read_text(encoding="utf-8") for name in names)
