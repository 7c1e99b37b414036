"""A sheet to draw on in the browser, white on black; when the pen is lifted Python hears its grey levels, and the session keeps them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from pages.own.session import SHEET
from pages.shared import scripts

FOLDER = Path(__file__).parent
KEY = "own_sheet"


def mount(brush: float) -> None:
    """Draw the sheet.

    Args:
        brush: width of the brush to begin with, as a share of the sheet's side.
    """
    _sheet()(key=KEY, data={"pixels": st.session_state.get(SHEET, ""), "brush": brush}, on_drawing_change=_lifted)


def _lifted() -> None:
    reported = st.session_state[KEY].get("drawing") or {}
    st.session_state[SHEET] = reported.get("pixels", "")


@cache
def _sheet() -> Any:
    js, html, css = ("\n" + (FOLDER / f"drawing.{kind}").read_text(encoding="utf-8") for kind in ("js", "html", "css"))
    return st.components.v2.component("drawing", html=html, css=css, js=scripts.script("mounted") + js)
