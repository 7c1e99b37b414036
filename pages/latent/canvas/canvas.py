"""What the moving pictures of points share: dots and lines on a canvas in JavaScript, and the look of picture, buttons and sliders."""

from __future__ import annotations

from pathlib import Path

from pages.shared import scripts

FOLDER = Path(__file__).parent


def script() -> str:
    """The JavaScript that a component's own follows: what reads packed arrays, the geometry, and what draws."""
    own = "".join((FOLDER / name).read_text(encoding="utf-8") for name in ("geometry.js", "drawing.js"))
    return scripts.script("mounted", "packing", "pictures") + own


def style() -> str:
    """The CSS that a component's own follows."""
    return (FOLDER / "canvas.css").read_text(encoding="utf-8")
