"""A sheet to draw on in the browser, white on black; when the pen is lifted Python hears its grey levels, and the session keeps them."""

from __future__ import annotations

import base64
import binascii
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

FOLDER = Path(__file__).parent
SIDE = 168
KEY, KEPT = "own_sheet", "own_drawing"


def drawing(brush: float) -> np.ndarray | None:
    """Mount the sheet; what is drawn on it, uint8 (168, 168), or None while it is empty.

    Args:
        brush: width of the brush to begin with, as a share of the sheet's side.
    """
    _sheet()(key=KEY, data={"pixels": st.session_state.get(KEPT, ""), "brush": brush}, on_drawing_change=_lifted)
    return drawn()


def drawn() -> np.ndarray | None:
    """What this session drew last, or None; what is no sheet of grey levels counts as empty."""
    try:
        levels = base64.b64decode(st.session_state.get(KEPT, ""), validate=True)
    except (binascii.Error, ValueError, TypeError):
        return None
    return np.frombuffer(levels, np.uint8).reshape(SIDE, SIDE) if len(levels) == SIDE * SIDE else None


def _lifted() -> None:
    said = st.session_state[KEY].get("drawing") or {}
    st.session_state[KEPT] = said.get("pixels", "")


@cache
def _sheet() -> Any:
    js, html, css = ("\n" + (FOLDER / f"drawing.{kind}").read_text(encoding="utf-8") for kind in ("js", "html", "css"))
    return st.components.v2.component("drawing", html=html, css=css, js=js)
