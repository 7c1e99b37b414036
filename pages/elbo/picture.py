"""The section's pictures in the browser: what they share, before what is each one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from pages.shared import scripts

FOLDER = Path(__file__).parent


def picture(name: str, folder: Path, arithmetic: str) -> Any:
    """A component made of `name.html`, `name.js` and the section's look.

    Args:
        name: of the component and of its files.
        folder: where they lie.
        arithmetic: file beside them that needs no page, and follows `gauss.js`.
    """
    parts = (FOLDER / "plot.js", FOLDER / "gauss.js", folder / arithmetic, folder / f"{name}.js")
    js = scripts.script("packing", "pictures") + "\n".join(part.read_text(encoding="utf-8") for part in parts)
    html, css = ("\n" + path.read_text(encoding="utf-8") for path in (folder / f"{name}.html", FOLDER / "picture.css"))
    return st.components.v2.component(name, html=html, css=css, js=js)
