"""JavaScript that stands before a component's own: how it is mounted, reads what Python packed, takes the page's colours, plays films."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal


@cache
def script(*names: Literal["mounted", "packing", "pictures", "player"]) -> str:
    """These files of this folder, one after the other; the line break at first says that it is no path."""
    return "".join("\n" + Path(__file__).with_name(f"{name}.js").read_text(encoding="utf-8") for name in names)
