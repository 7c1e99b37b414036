"""What keeps a page and its window of one height where type is large, or a lecture's bar stands above it: pictures grow or shrink."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def script() -> str:
    """As HTML; it is in effect once in each window."""
    files = (Path(__file__).with_name(f"{name}.js").read_text(encoding="utf-8") for name in ("fit", "fitting"))
    return f"<script>(() => {{\n{''.join(files)}}})()</script>"
