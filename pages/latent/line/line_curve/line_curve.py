"""A line bent into a curve in the browser: one z with its tangent, the density by colour."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from pages.latent.canvas import canvas
from pages.shared import links

FOLDER = Path(__file__).parent
KEY = "curve_view"
USUAL = {"t": 1.0, "z": 0.3}
KEYS = tuple(f"curve_{name}" for name in USUAL)


def line_curve(packed: bytes) -> None:
    """Draw the curve.

    Args:
        packed: of `drawing.packing.named` with `point`, `tangent`, `prior`, `samples`, and in its header `palette` and `start`.
    """
    _curve()(key=KEY, data=packed, on_view_change=_remember)


def view() -> dict[str, float]:
    """t and z as the person, or else the address, has set them."""
    links.note(*KEYS)
    return {name: _within(name) for name in USUAL}


def start() -> dict[str, float]:
    """The view that the page opened with; it stays the same while one drags, so that the curve is not sent again."""
    return st.session_state.setdefault("curve_opened", view())


def _within(name: str) -> float:
    number = links.number(f"curve_{name}", 0, 1)
    st.session_state[f"curve_{name}"] = USUAL[name] if number is None else number
    return st.session_state[f"curve_{name}"]


def _remember() -> None:
    for name, value in (st.session_state[KEY].get("view") or {}).items():
        links.keep(f"curve_{name}", float(value))


@cache
def _curve() -> Any:
    js = "\n".join([canvas.script(), *((FOLDER / name).read_text() for name in ("curve.js", "line_curve.js"))])
    css = canvas.style() + (FOLDER / "line_curve.css").read_text()
    return st.components.v2.component("line_curve", html=(FOLDER / "line_curve.html").read_text(), css=css, js=js)
