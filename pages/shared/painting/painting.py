"""A sheet in the browser on which a person paints cells: points of the plane, or a part of an image; a link keeps their code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from pages.shared import links, scripts
from vae_core.data import drawn

FOLDER = Path(__file__).parent
KEY = "drawn"
"""Parameter of the address that holds the code of drawn points."""


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """What is painted on.

    Attributes:
        key: parameter of the address that holds the code of what is painted (`data.drawn`).
        side: cells along a side.
        what: names the sheet for who cannot see it.
        cell: what one of its cells is called.
        presets: what one can begin with: what it is called → its code. The first is what is there at first.
        under: the picture that is painted on, uint8 (side, side), rows downwards; without one, axes from −3 to 3.
    """

    key: str = KEY
    side: int = drawn.SIDE
    what: str = "Sheet to draw points on, from −3 to 3 along both axes"
    cell: str = "cell"
    presets: Mapping[str, str] = field(default_factory=drawn.presets)
    under: np.ndarray | None = None

    @property
    def mount(self) -> str:
        """Key of the component."""
        return f"{self.key}_sheet"


def paint(sheet: Sheet | None = None) -> str:
    """Draw the sheet, that of points if none is given; the code of what is painted on it, which a link restores."""
    sheet = sheet or Sheet()
    code = _code(sheet)
    links.note(sheet.key)
    under = None if sheet.under is None else sheet.under[::-1].ravel().tolist()
    header = {"side": sheet.side, "what": sheet.what, "cell": sheet.cell, "under": under}
    data = {"code": code, "presets": dict(sheet.presets), **header}
    _component()(key=sheet.mount, data=data, on_drawing_change=lambda: _lifted(sheet))
    return code


def _code(sheet: Sheet) -> str:
    """What the session or the address says; of what is no drawing one sentence, and what there is to begin with."""
    name, usual = next(iter(sheet.presets.items()))
    asked = st.query_params.get(sheet.key, usual)
    if not _is_code(asked, sheet.side):
        st.caption(f":material/warning: The drawing in this link cannot be read, so the sheet begins with *{name}*. Draw your own.")
        asked = usual
    return st.session_state.setdefault(sheet.key, asked)


def _is_code(text: str, side: int) -> bool:
    try:
        return bool(drawn.decoded(text, side).any())
    except ValueError:
        return False


def _lifted(sheet: Sheet) -> None:
    code = st.session_state[sheet.mount].get("drawing")
    if code:
        links.keep(sheet.key, code)


@cache
def _component() -> Any:
    html, css, cells, own = (
        (FOLDER / name).read_text(encoding="utf-8") for name in ("painting.html", "painting.css", "cells.js", "painting.js")
    )
    return st.components.v2.component("painting", html=html, css=css, js=f"{scripts.script('mounted')}\n{cells}{own}")
