"""A line drawing on the page, whose parts can be chosen."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from pages.shared import scripts
from vae_core.drawing import window
from vae_core.drawing.svg import Drawing

FOLDER = Path(__file__).parent
KEY = "inside_diagram"
HEIGHT = 270
"""Of the drawing, in a window of 800."""


def diagram(drawing: Drawing, *, key: str = "", height: int = HEIGHT) -> None:
    """Draw it.

    Args:
        drawing: what is drawn.
        key: of the widget that a chosen part is given to; empty where nothing can be chosen.
        height: in pixels, in a window of 800.
    """
    data = {"svg": drawing.svg, "height": window.height(height)}
    _picture()(key=KEY, data=data, on_node_change=lambda: _choose(key))


def _choose(key: str) -> None:
    name = (st.session_state[KEY] or {}).get("node")
    if key and name:
        st.session_state[key] = name


@cache
def _picture() -> Any:
    html, css, js = ("\n" + (FOLDER / f"diagram.{kind}").read_text(encoding="utf-8") for kind in ("html", "css", "js"))
    return st.components.v2.component("inside_diagram", html=html, css=css, js=scripts.script("mounted") + js)
