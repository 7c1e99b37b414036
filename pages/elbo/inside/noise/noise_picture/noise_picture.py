"""What noise becomes, in the browser: its parameter and the temperature are dragged; Python hears of both when they are let go."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from pages.elbo.picture import number, picture, remember
from vae_core.drawing import window
from vae_core.drawing.packing import packed
from vae_core.explore.elbo import movable
from vae_core.explore.elbo.movable import BERNOULLI

FOLDER = Path(__file__).parent
KEY = "noise_picture"
PARAMETERS, TEMPERATURES, USUAL = (-3.0, 3.0), (0.1, 2.0), (1.0, 0.5)
"""Between which m or ℓ, and T, can be set, and both when the page opens."""
U = np.linspace(0.002, 0.998, 499)
"""Noise that is drawn as a curve."""
HEIGHT = 430
"""Of the canvas, in a window of 800."""


def noise_picture(law: str, n: int, seed: int) -> None:
    """Draw the picture of a distribution, with so many draws of a seed."""
    (parameter, temperature), is_step, draws = setting(law), law == BERNOULLI, movable.uniforms(n, seed)
    header = {
        "of": law,
        "start": {"parameter": parameter, "temperature": temperature},
        "usual": dict(zip(("parameter", "temperature"), USUAL, strict=True)),
        "key": _key(law),
        "symbol": "ℓ" if is_step else "m",
        "isStep": is_step,
        "parameters": PARAMETERS,
        "temperatures": TEMPERATURES,
        "seed": seed,
        "file": f"noise-{law}",
        "height": window.height(HEIGHT),
    }
    curves = {} if is_step else {"standard": movable.standard(law, U)}
    arrays = {"u": U, "draws": draws if is_step else movable.standard(law, draws), **curves}
    _picture()(key=KEY, data=packed(header, arrays), on_view_change=lambda: remember(KEY))


def setting(law: str) -> tuple[float, float]:
    """The parameter of that distribution and the temperature that are set; the usual one for what has none."""
    parameter = number(_key(law), PARAMETERS, USUAL[0])
    return parameter, number("noise_temperature", TEMPERATURES, USUAL[1]) if law == BERNOULLI else USUAL[1]


def _key(law: str) -> str:
    return "noise_odds" if law == BERNOULLI else "noise_location"


@cache
def _picture() -> Any:
    return picture("noise_picture", FOLDER, "noise.js")
