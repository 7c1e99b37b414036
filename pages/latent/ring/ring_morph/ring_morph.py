"""The morph (1 − t)·z + t·g(z), drawn and moved in the browser: points are sent once, settings by themselves, the view comes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from pages.latent.canvas import canvas
from pages.shared import links, scripts
from vae_core.drawing.packing import Payload

FOLDER = Path(__file__).parent
KEY = "ring_view"
NUMBERS = {"t": (0.0, 1.0), "speed": (0.25, 2.0), "follow": (-1.0, 19_999.0), "yaw": (-20.0, 20.0), "pitch": (-1.6, 1.6)}
"""What the address says of a view besides the map's parameters, and within which bounds."""
USUAL = {"speed": 1.0, "follow": -1.0, "yaw": 0.6, "pitch": 0.45}
"""Values that the address need not say; a view without t plays when it opens."""


@dataclass(frozen=True, slots=True)
class Slider:
    """A parameter of the map as a slider of the picture."""

    name: str
    low: float
    high: float
    step: float
    default: float


@dataclass(frozen=True, slots=True)
class View:
    """What a person has set in the picture.

    Attributes:
        values: the map's parameters by name.
        numbers: t, speed, the followed point and the camera, where they differ from how the picture opens.
    """

    values: dict[str, float]
    numbers: dict[str, float] = field(default_factory=dict)


def ring_morph(
    cloud: Payload, *, chosen: str, sliders: Sequence[Slider], preset: str, colour: str, layers: Sequence[str], palettes: dict
) -> None:
    """Draw the picture.

    Args:
        cloud: points and lines, of `ring_figure.cloud_payload`.
        chosen: name of the map, one that the browser knows, or `learned` for a cloud that brings its image.
        sliders: the map's parameters.
        preset: words on the button that sets their defaults.
        colour: `angle`, `radius` or `magnification`.
        layers: of `points`, `grid` and `circles`.
        palettes: colour stops for each way to colour.
    """
    opened = view(sliders)
    start = {"values": opened.values, "t": None, **opened.numbers}
    settings = {"cloud": cloud.name, "map": chosen, "parameters": [asdict(s) for s in sliders], "preset": preset}
    settings |= {"colour": colour, "layers": list(layers), "palettes": palettes, "start": start}
    _picture()(key=KEY, data=settings, on_view_change=_remember)
    with st.container(key="ring_cloud", height=1, border=False):
        _cloud()(key="ring_points_sent", data=cloud.data)


def view(sliders: Sequence[Slider]) -> View:
    """What is set: by the person in this session, else by the address, else as the picture opens."""
    links.note(*(f"ring_{name}" for name in (*NUMBERS, *(s.name for s in sliders))))
    values = {s.name: _within(f"ring_{s.name}", s.low, s.high) for s in sliders}
    numbers = {name: _within(f"ring_{name}", *bounds) for name, bounds in NUMBERS.items()}
    return View(
        {s.name: s.default if values[s.name] is None else values[s.name] for s in sliders},
        {name: value for name, value in numbers.items() if value is not None},
    )


def _within(key: str, low: float, high: float) -> float | None:
    """The number of that name, kept in the session from the address on; None if there is none between the bounds."""
    number = links.number(key, low, high)
    if number is not None:
        st.session_state[key] = number
    return number


def _remember() -> None:
    """Keep what the picture reports, and write it to the address."""
    report: dict[str, Any] = st.session_state[KEY].get("view") or {}
    for name, value in {**report.pop("values", {}), **report}.items():
        links.keep(f"ring_{name}", float(value), usual=USUAL.get(name))


@cache
def _picture() -> Any:
    maps, html, own_style, own = ((FOLDER / name).read_text() for name in ("maps.js", "ring_morph.html", "ring_morph.css", "ring_morph.js"))
    js = "\n".join(["", maps, canvas.script(), own])
    return st.components.v2.component("ring_morph", html=html, css=canvas.style() + own_style, js=js)


@cache
def _cloud() -> Any:
    js = scripts.script("packing") + (FOLDER / "cloud.js").read_text()
    return st.components.v2.component("ring_cloud", html='<span class="cloud"></span>', css=".cloud { display: none }", js=js)
