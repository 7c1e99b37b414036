"""A sheet in the browser on which a person draws points of the plane; the session and the address keep the code of what is painted."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from pages.shared import links
from vae_core.data import drawn

FOLDER = Path(__file__).parent
KEY, MOUNT = "drawn", "drawn_sheet"
"""Parameter of the address that holds the code, and the key of the component."""


def paint() -> str:
    """Draw the sheet; the code of what is painted on it (`data.drawn`), which a link restores."""
    code = _code()
    links.note(KEY)
    _sheet()(key=MOUNT, data={"code": code, "presets": drawn.presets()}, on_drawing_change=_lifted)
    return code


def _code() -> str:
    """What the session or the address says; of what is no drawing one sentence, and what there is to begin with."""
    usual = next(iter(drawn.presets().values()))
    asked = st.query_params.get(KEY, usual)
    if not _is_code(asked):
        st.caption(":material/warning: The drawing in this link cannot be read, so two moons are shown instead. Draw your own.")
        asked = usual
    return st.session_state.setdefault(KEY, asked)


def _is_code(text: str) -> bool:
    try:
        return bool(drawn.decoded(text).any())
    except ValueError:
        return False


def _lifted() -> None:
    code = st.session_state[MOUNT].get("drawing")
    if code:
        links.keep(KEY, code)


@cache
def _sheet() -> Any:
    html, css, cells, own = (
        (FOLDER / name).read_text(encoding="utf-8") for name in ("painting.html", "painting.css", "cells.js", "painting.js")
    )
    return st.components.v2.component("painting", html=html, css=css, js=f"\n{cells}{own}")
