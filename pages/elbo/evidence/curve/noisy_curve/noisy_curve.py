"""The noisy curve in the browser: its density, and samples that are drawn, moved along the curve, and shaken."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from pages.elbo.picture import number
from pages.shared import links, scripts
from vae_core.drawing import window
from vae_core.explore.elbo.noisy_curve import Curve, Noise

FOLDER = Path(__file__).parent
SECTION = FOLDER.parents[2]
KEY = "noisy_curve"
KEYS: dict[Noise, str] = {"Gaussian": "curve_log_eta", "Laplace": "curve_log_b"}
"""Of log₁₀ η and of log₁₀ b."""
ENDS: dict[Noise, tuple[float, float]] = {"Gaussian": (-3.0, 0.0), "Laplace": (-1.5, 0.0)}
USUAL = -1.0
"""log₁₀ of the least and the most noise, and of the noise at which the page opens."""
HEIGHT = 440
"""Of the canvas, in a window of 800."""


def noisy_curve(curve: Curve, noise: Noise, exponent: float, over_noise: Mapping[str, Any]) -> None:
    """Draw the picture.

    Args:
        curve: g.
        noise: its distribution.
        exponent: log₁₀ of its amount.
        over_noise: what is drawn over the amount of noise: its symbol, `exponents`, `curves` by their names, and the `best` place.
    """
    data = {"curve": {"turn": curve.turn, "grow": curve.grow}, "noise": noise, "ends": ENDS[noise], "exponent": exponent, **over_noise}
    _picture()(key=KEY, data=data | {"height": window.height(HEIGHT)}, on_view_change=_remember)


def exponent_of(noise: Noise) -> float:
    """log₁₀ of the amount: as the person, or else the address, has set it, else as the picture opens."""
    return number(KEYS[noise], ENDS[noise], USUAL)


def _remember() -> None:
    view = st.session_state[KEY].get("view")
    if view:
        links.keep(KEYS[view["noise"]], float(view["exponent"]))


@cache
def _picture() -> Any:
    own, html, css = ("\n" + (FOLDER / f"noisy_curve.{kind}").read_text(encoding="utf-8") for kind in ("js", "html", "css"))
    parts = (SECTION / "plot.js", FOLDER / "density.js")
    js = scripts.script("pictures") + "\n".join(part.read_text(encoding="utf-8") for part in parts) + own
    return st.components.v2.component("noisy_curve", html=html, css=css, js=js)
