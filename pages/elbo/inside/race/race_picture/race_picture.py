"""The race for f(z) = z² in the browser: q is dragged, and both estimates follow; Python hears of q when it is let go."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from pages.elbo.inside.cached import noise_of_race
from pages.elbo.picture import number, picture, remember
from vae_core.drawing import window
from vae_core.drawing.packing import packed
from vae_core.explore.elbo.estimators import COUNTS, OF_SQUARE

FOLDER = Path(__file__).parent
KEY = "race_picture"
MEANS, WIDTHS, USUAL = (-3.0, 3.0), (0.1, 3.0), (1.0, 1.0)
"""Between which μ and σ can be set, and both when the page opens."""
N_SHOWN = 10_000
"""Draws that the histograms show."""
HEIGHT = 440
"""Of the canvas, in a window of 800."""


def race_picture(baseline: bool, seed: int) -> None:
    """Draw the picture of the draws of a seed, with or without a baseline."""
    eps, covariances = noise_of_race(seed)
    header = {
        "start": {"q": q()},
        "usual": USUAL,
        "means": MEANS,
        "widths": WIDTHS,
        "baseline": baseline,
        "n": OF_SQUARE,
        "counts": COUNTS,
        "covariances": covariances.tolist(),
        "file": "gradient-race",
        "height": window.height(HEIGHT),
    }
    _picture()(key=KEY, data=packed(header, {"eps": eps[:N_SHOWN]}), on_view_change=lambda: remember(KEY))


def q() -> tuple[float, float]:
    """μ and σ that are set."""
    return number("race_mu", MEANS, USUAL[0]), number("race_sigma", WIDTHS, USUAL[1])


@cache
def _picture() -> Any:
    return picture("race_picture", FOLDER, "race.js")
