"""The bound in the browser: a q that is dragged, with every number that depends on it; Python hears of q and x when they are let go."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pages.elbo.picture import number, picture, remember
from vae_core.drawing import window
from vae_core.drawing.mathml import mathml
from vae_core.explore.elbo.bound import WORLDS
from vae_core.explore.elbo.derivations import Line
from vae_core.explore.elbo.gaussian import MEANS, WIDTHS, Gaussian

FOLDER = Path(__file__).parent
KEY = "bound_view"
XS = (-2.5, 3.0)
"""Between which x can be seen."""
SPREADS = (0.05, 1.5)
"""Between which s of e^N(0, s²) can be set."""
USUAL_SPREAD = 0.8
HEIGHTS = {"derivation": 285, "Jensen": 505}
"""Of the canvas, in a window of 800, by what stands below the picture."""


@dataclass(frozen=True, slots=True)
class View:
    """What a person has set in the picture: the x that is seen, q, and s of the log-normal."""

    x: float
    q: Gaussian
    s: float


def bound_picture(world: str, *, below: str, weights: str, lines: Sequence[Line], slip: str) -> None:
    """Draw the picture.

    Args:
        world: name of one of `WORLDS`.
        below: `derivation` or `Jensen`.
        weights: whose weights stand under the logarithm, `of q` or `log-normal`.
        lines: of the derivation; none with Jensen.
        slip: what is to be read with care on the slides; empty for nothing.
    """
    usual, opened = WORLDS[world], view(world)
    data = {
        "world": world,
        "decoder": {"coefficients": usual.coefficients, "noise": usual.noise},
        "usual": {"x": usual.x, "q": [usual.q.mean, usual.q.width]},
        "start": {"x": opened.x, "q": [opened.q.mean, opened.q.width], "s": opened.s},
        "xs": XS,
        "below": below,
        "weights": weights,
        "lines": [{"relation": line.relation, "math": mathml(line.formula), "parts": line.parts, "why": _sentence(line)} for line in lines],
        "slip": re.sub(r"_(\w+)", r"<sub>\1</sub>", slip),
        "height": window.height(HEIGHTS[below]),
        "file": f"bound-{world}",
    }
    _picture()(key=KEY, data=data, on_view_change=lambda: remember(KEY))


def _sentence(line: Line) -> str:
    return line.why[0].upper() + line.why[1:]


def view(world: str) -> View:
    """What is set: by the person in this session, else by the address, else as the picture opens."""
    usual = WORLDS[world]
    q = Gaussian(number(f"bound_{world}_mean", MEANS, usual.q.mean), number(f"bound_{world}_width", WIDTHS, usual.q.width))
    return View(number(f"bound_{world}_x", XS, usual.x), q, number("bound_s", SPREADS, USUAL_SPREAD))


@cache
def _picture() -> Any:
    return picture("bound_picture", FOLDER, "bound.js")
