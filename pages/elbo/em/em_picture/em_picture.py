"""EM in the browser: the whole way is sent once, and points, model and staircase glide along it; Python hears of the step."""

from __future__ import annotations

from collections.abc import Hashable
from functools import cache
from pathlib import Path
from typing import Any

from pages.elbo.em.cached import MOST
from pages.elbo.picture import at_first, number, picture, remember

FOLDER = Path(__file__).parent
KEY, STEPS = "em_picture", "em_step"
"""Of the picture, and of the number of steps that were taken."""


def em_picture(film: bytes) -> None:
    """Draw `em_figure.film`."""
    _picture()(key=KEY, data=film, on_view_change=lambda: remember(KEY))


def steps_taken() -> int:
    """As the person, or else the address, has set it."""
    return int(number(STEPS, (0, MOST), 0))


def start(which: tuple[Hashable, ...]) -> int:
    """The step at which this picture opened."""
    return at_first(KEY, which, steps_taken())


@cache
def _picture() -> Any:
    return picture("em_picture", FOLDER, "em.js")
