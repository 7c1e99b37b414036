"""The latent pad: a plane of codes on which z is dragged; the decoded image follows in the browser, Python hears of it on release."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from pages.shared import links, scripts
from pages.shared.fetched_files import FetchedFile
from vae_core.drawing.theme import CLASS_COLOURS

FOLDER = Path(__file__).parent
PAD = "pad"
"""Key of the component: a page has one."""
FETCHED = "files_of_the_pad"
"""In the session: what its browser fetches for the pad that was drawn last."""
MOST_IMAGES = 1e9
"""More than any data set has: the browser knows how many there are."""


@dataclass(frozen=True, slots=True)
class Plane:
    """Which plane of latent space is shown.

    Attributes:
        dims: the latent dimensions along the plane's axes, from 0.
        view: centre of the plane, and half of its width.
        home: the code that one starts from, one number for each dimension.
        has_prior: whether N(0, I) is the prior, drawn as circles.
        layer: what lies on the plane, `codes` or `images`.
    """

    dims: tuple[int, int]
    view: tuple[float, float, float]
    home: tuple[float, ...]
    has_prior: bool
    layer: str = "codes"


def latent_pad(decoder: FetchedFile, codes: FetchedFile | None, plane: Plane) -> tuple[float, ...]:
    """Mount the pad; the code z that was last released, or that the address or the text field gave.

    Args:
        decoder: the model's, from `cached`.
        codes: test codes beneath, with their labels and images, likewise; None without a data set.
        plane: which plane, and where to start.
    """
    z, data = sent(decoder, codes, plane)
    _pad()(key=PAD, data=data, on_view_change=released)
    return z


def sent(decoder: FetchedFile, codes: FetchedFile | None, plane: Plane) -> tuple[tuple[float, ...], dict[str, Any]]:
    """The code z, and what a component with a plane of codes is told; decoder and codes it fetches.

    Args:
        decoder: as for `latent_pad`.
        codes: likewise.
        plane: likewise.
    """
    z = code(plane.home)
    st.session_state["pin"] = _pin()
    links.note("pin")
    st.session_state[FETCHED] = decoder, codes  # held until another page's are, whatever the caches forget meanwhile
    return z, {
        "decoder": decoder.address,
        "codes": codes.address if codes is not None else None,
        "dims": plane.dims,
        "view": plane.view,
        "home": plane.home,
        "has_prior": plane.has_prior,
        "layer": plane.layer,
        "palette": CLASS_COLOURS,
        "z": z,
        "pin": st.session_state.pin,
        "move": None if st.session_state.get("z") == st.session_state.get("pad_said", "") else st.session_state.get("z"),
    }


def code(home: Sequence[float]) -> tuple[float, ...]:
    """The code of the text field or the address, else `home`: what does not hold as many numbers is replaced by it."""
    return read_code(st.session_state.get("z") or st.query_params.get("z", ""), len(home)) or tuple(home)


def read_code(text: str, latent_dim: int) -> tuple[float, ...] | None:
    """The code that a text holds; None unless it is that many numbers with commas between them."""
    try:
        z = tuple(float(part.replace("−", "-")) for part in text.replace(" ", "").split(","))
    except ValueError:
        return None
    return z if len(z) == latent_dim and all(abs(v) < 1e6 for v in z) else None


def write_code(z: Sequence[float]) -> str:
    """A code as the text field and the address hold it."""
    return ",".join(f"{v:g}" for v in z)


def released() -> None:
    """Keep what a pad of the key `PAD` reports."""
    view = st.session_state[PAD]["view"]
    st.session_state.z = st.session_state.pad_said = write_code(view["z"])
    links.keep("pin", int(view["pin"]))


def _pin() -> int:
    """The test image that is kept on the plane; -1 if there is none."""
    pin = links.number("pin", -1, MOST_IMAGES)
    return -1 if pin is None else int(pin)


@cache
def _pad() -> Any:
    js = script() + _text("latent_pad.js")
    return st.components.v2.component("latent_pad", html=_text("latent_pad.html"), css=_text("latent_pad.css"), js=js)


@cache
def script() -> str:
    """What a component with a plane of codes begins with: it exports `pads(Pad)`, or of what extends `Pad`."""
    return scripts.script("mounted", "packing") + "".join(map(_text, ("fetched.js", "decoder.js", "plane.js", "pad.js")))


def _text(name: str) -> str:
    """A file of this folder; the line break says that it is no path."""
    return "\n" + (FOLDER / name).read_text(encoding="utf-8")
