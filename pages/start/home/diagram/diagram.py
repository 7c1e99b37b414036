"""The autoencoder as a picture that moves: an image, the encoder, the plane of codes, the decoder, an image; its parts open their pages."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from pages.shared import links
from pages.shared.fetched_files import FetchedFile
from pages.shared.latent_pad.latent_pad import PAD, Plane, released, script, sent

FOLDER = Path(__file__).parent
QUERIES = {"own/bring": {"own_way": "draw"}}
"""Page → parameters of the link that opens it from here."""


def diagram(decoder: FetchedFile, codes: FetchedFile | None, plane: Plane) -> tuple[float, ...]:
    """Mount it; the code z that was last released. A part that is pressed opens its page.

    Args:
        decoder: the model's, from `latent_pad.cached`.
        codes: test codes on the plane, with their labels and images, likewise; None without a data set.
        plane: which plane, and where to start.
    """
    z, data = sent(decoder, codes, plane)
    links.note("z")
    data |= {"addresses": st.session_state[links.ADDRESSES], "is_taken": bool(st.session_state.get("z") or st.query_params.get("z"))}
    opened = _diagram()(key=PAD, data=data, on_view_change=_released, on_page_change=lambda: None).page
    if opened in data["addresses"]:
        st.switch_page(links.page(opened), query_params=QUERIES.get(opened, {}))
    return z


def _released() -> None:
    released()
    links.write("z", st.session_state["z"])


@cache
def _diagram() -> Any:
    js = script() + _text("wander.js") + _text("diagram.js")
    return st.components.v2.component("home_diagram", html=_text("diagram.html"), css=_text("diagram.css"), js=js)


def _text(name: str) -> str:
    """A file of this folder; the line break says that it is no path."""
    return "\n" + (FOLDER / name).read_text(encoding="utf-8")
