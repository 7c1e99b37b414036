"""A grid of spins in the browser: spins are flipped, the coupling is dragged, a chain of states runs; Python hears of it in the end."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from pages.elbo.picture import number, picture, remember
from vae_core.drawing import window
from vae_core.explore.elbo.ising import N_STATES, Levels

FOLDER = Path(__file__).parent
KEY = "ising_picture"
COUPLINGS, USUAL = (0.0, 1.0), (0.44, 0b0000_0110_0110_0000)
"""Between which J can be set; J and the state when the page opens."""
HEIGHT = 400
"""Of the canvas, in a window of 800."""


def ising_picture(levels: Levels) -> tuple[int, float]:
    """Draw the picture of these levels; the state and the coupling that are set."""
    coupling, state = number("ising_j", COUPLINGS, USUAL[0]), number("ising_state", (0, N_STATES - 1), USUAL[1])
    data = {
        "start": {"coupling": coupling, "state": state},
        "levels": {"agreement": levels.agreement.tolist(), "states": levels.n_states.tolist()},
        "file": "ising",
        "height": window.height(HEIGHT),
    }
    _picture()(key=KEY, data=data, on_view_change=lambda: remember(KEY))
    return int(state), coupling


@cache
def _picture() -> Any:
    return picture("ising_picture", FOLDER, "ising.js")
