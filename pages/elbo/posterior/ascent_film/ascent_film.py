"""The ascent of q in the browser: the whole way is sent once, and q glides along it; Python hears of the step once q has arrived."""

from __future__ import annotations

from collections.abc import Hashable
from functools import cache
from pathlib import Path
from typing import Any

from pages.elbo.picture import at_first, number, picture, remember

FOLDER = Path(__file__).parent
KEY = "ascent_film"
STEP = "posterior_step"
"""Key of the step that is shown."""
MOST = 10_000
"""Steps that an address may ask for."""


def ascent_film(packed: bytes) -> None:
    """Draw the picture.

    Args:
        packed: of `posterior_figure.ascent_film`.
    """
    _picture()(key=KEY, data=packed, on_view_change=lambda: remember(KEY))


def step() -> int:
    """The step that is shown, as the person, or else the address, has set it."""
    return int(number(STEP, (0, MOST), 0))


def start(which: tuple[Hashable, ...]) -> int:
    """The step at which this picture opened."""
    return at_first(KEY, which, step())


@cache
def _picture() -> Any:
    return picture("ascent_film", FOLDER, "ascent.js")
