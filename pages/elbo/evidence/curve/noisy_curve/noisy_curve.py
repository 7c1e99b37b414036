"""The noisy curve in the browser: its density, and samples that are drawn, moved along the curve, and shaken."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from pages.shared import scripts
from vae_core.drawing import window
from vae_core.explore.elbo.noisy_curve import Curve, Noise

FOLDER = Path(__file__).parent
SECTION = FOLDER.parents[2]
HEIGHT = 440
"""Of the canvas, in a window of 800."""


def noisy_curve(curve: Curve, noise: Noise, scale: float) -> None:
    """Draw the picture.

    Args:
        curve: g.
        noise: its distribution.
        scale: σ of a Gaussian, b of a Laplace distribution.
    """
    data = {"curve": {"turn": curve.turn, "grow": curve.grow}, "noise": noise, "scale": scale, "height": window.height(HEIGHT)}
    _picture()(key="noisy_curve", data=data)


@cache
def _picture() -> Any:
    own, html, css = ("\n" + (FOLDER / f"noisy_curve.{kind}").read_text(encoding="utf-8") for kind in ("js", "html", "css"))
    parts = (SECTION / "plot.js", FOLDER / "density.js")
    js = scripts.script("pictures") + "\n".join(part.read_text(encoding="utf-8") for part in parts) + own
    return st.components.v2.component("noisy_curve", html=html, css=css, js=js)
