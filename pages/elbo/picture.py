"""The section's pictures in the browser: what they share, before what is each one's own."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import streamlit as st

from pages.shared import links, scripts

FOLDER = Path(__file__).parent


def picture(name: str, folder: Path, arithmetic: str) -> Any:
    """A component made of `name.html`, `name.js` and the section's look.

    Args:
        name: of the component and of its files.
        folder: where they lie.
        arithmetic: file beside them that needs no page, and follows `gauss.js`.
    """
    parts = (FOLDER / "plot.js", FOLDER / "by_hand.js", FOLDER / "gauss.js", folder / arithmetic, folder / f"{name}.js")
    js = scripts.script("mounted", "packing", "pictures") + "\n".join(part.read_text(encoding="utf-8") for part in parts)
    html, css = ("\n" + path.read_text(encoding="utf-8") for path in (folder / f"{name}.html", FOLDER / "picture.css"))
    return st.components.v2.component(name, html=html, css=css, js=js)


def number(key: str, bounds: tuple[float, float], usual: float) -> float:
    """A number that is set in a picture, kept in the session from the address on, and part of the link; whole where the usual one is.

    Args:
        key: its name.
        bounds: the least and the most.
        usual: as the picture opens.
    """
    links.note(key)
    given = links.number(key, *bounds)
    st.session_state[key] = usual if given is None else type(usual)(given)
    return st.session_state[key]


def at_first(component: str, which: tuple[Hashable, ...], now: int) -> int:
    """The step at which the picture of that key opened: it stays while the step changes in the browser, so that nothing is sent again.

    Args:
        component: its key.
        which: what it is a picture of; another one opens with the step that is set now.
        now: the step that is set.
    """
    key = f"{component}_at_first"
    opened = st.session_state.get(key)
    if opened is None or opened[0] != which or component not in st.session_state:
        st.session_state[key] = opened = which, now
    return opened[1]


def remember(component: str) -> None:
    """Keep what the picture of that key reports: numbers by the names that they have in the link."""
    for key, value in (st.session_state[component].get("view") or {}).items():
        links.keep(key, float(value))
