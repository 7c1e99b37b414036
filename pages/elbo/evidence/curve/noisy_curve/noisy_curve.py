"""The noisy curve in the browser: its density, and samples that are drawn, moved along the curve, and shaken."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pages.elbo.picture import number, picture, remember
from vae_core.drawing import window
from vae_core.explore.elbo.noisy_curve import Curve, Noise

FOLDER = Path(__file__).parent
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
    data = {
        "of": f"{curve.turn:g} {curve.grow:g} {noise}",
        "start": {"exponent": exponent},
        "curve": {"turn": curve.turn, "grow": curve.grow},
        "noise": noise,
        "key": KEYS[noise],
        "ends": ENDS[noise],
        "file": "noisy-curve",
        "height": window.height(HEIGHT),
        **over_noise,
    }
    _picture()(key=KEY, data=data, on_view_change=lambda: remember(KEY))


def exponent_of(noise: Noise) -> float:
    """log₁₀ of the amount: as the person, or else the address, has set it, else as the picture opens."""
    return number(KEYS[noise], ENDS[noise], USUAL)


@cache
def _picture() -> Any:
    return picture("noisy_curve", FOLDER, "density.js")
