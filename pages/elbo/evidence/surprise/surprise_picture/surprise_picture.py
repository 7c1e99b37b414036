"""Data and model in the browser, whose bars are dragged; Python hears of the weights when a bar is let go."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from pages.elbo.picture import number, picture, remember
from vae_core.drawing import window

FOLDER = Path(__file__).parent
KEY = "surprise_picture"
OUTCOMES = ("A", "B", "C", "D")
USUAL = {"data": (9.0, 5.0, 2.0, 1.0), "model": (5.0, 5.0, 5.0, 5.0)}
"""Weights of the outcomes when the page opens."""
WEIGHTS = (0.1, 100.0)
"""Between which they can be set."""
HEIGHT = 430
"""Of the canvas, in a window of 800."""


def surprise_picture() -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Draw the picture; the weights of the data and of the model."""
    weights = {
        of: tuple(number(f"surprise_{of}_{y.lower()}", WEIGHTS, w) for y, w in zip(OUTCOMES, USUAL[of], strict=True)) for of in USUAL
    }
    data = {"start": {"weights": weights}, "usual": {"weights": USUAL}, "names": OUTCOMES, "bounds": WEIGHTS, "file": "surprise"}
    _picture()(key=KEY, data=data | {"height": window.height(HEIGHT)}, on_view_change=lambda: remember(KEY))
    return weights["data"], weights["model"]


def _weight(of: str, outcome: str, usual: float) -> float:
    return number(f"surprise_{of}_{outcome.lower()}", WEIGHTS, usual)


@cache
def _picture() -> Any:
    return picture("surprise_picture", FOLDER, "surprise.js")
