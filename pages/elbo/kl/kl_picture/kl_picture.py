"""Two Gaussians and their divergence in the browser; Python hears of q, of the direction and of J²/η when they are let go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from pages.elbo.picture import number, picture, remember
from vae_core.drawing import window
from vae_core.drawing.mathml import mathml
from vae_core.explore.elbo.gaussian import MEANS, PRIOR, Gaussian
from vae_core.explore.elbo.kl import LEVELS, WIDTHS

FOLDER = Path(__file__).parent
KEY = "kl_view"
USUAL = Gaussian(1.2, 0.5)
SHARPNESS, SHARP = (0.1, 1000.0), 24.0
"""Between which J²/η can be set, and where it opens."""
HEIGHTS = {"metric": 470, "width": 490, "prior": 235, "integrals": 340}
LEAST = 290
"""Heights of the canvas, in a window of 800, by what stands below the picture; of any other."""


@dataclass(frozen=True, slots=True)
class View:
    """What a person has set in the picture.

    Attributes:
        q: the Gaussian that is dragged; the other is N(0, 1).
        is_swapped: whether the divergence is that from p to q.
        sharpness: J²/η.
    """

    q: Gaussian
    is_swapped: bool
    sharpness: float

    @property
    def pair(self) -> tuple[Gaussian, Gaussian]:
        """The two whose divergence is shown, the one that is expected under first."""
        return (PRIOR, self.q) if self.is_swapped else (self.q, PRIOR)


def kl_picture(eps: np.ndarray, *, below: str, formulas: Sequence[Sequence[tuple[str, str]]], note: str) -> None:
    """Draw the picture.

    Args:
        eps: standard normal draws, (N,).
        below: `metric`, `width`, or anything else for nothing.
        formulas: of the integrals, as LaTeX with a reason, for KL(q ‖ p) and for KL(p ‖ q); two empty ones for none.
        note: what is to be read with care on the slides.
    """
    opened = view()
    start = {"q": [opened.q.mean, opened.q.width], "isSwapped": opened.is_swapped, "sharp": opened.sharpness}
    data = {
        "start": start,
        "usual": [USUAL.mean, USUAL.width],
        "eps": eps.tolist(),
        "widths": WIDTHS,
        "levels": LEVELS,
        "below": below,
        "formulas": [[{"math": mathml(latex), "why": why} for latex, why in direction] for direction in formulas],
        "note": note,
        "height": window.height(HEIGHTS.get(below, LEAST)),
        "file": "kl-of-two-gaussians",
    }
    _picture()(key=KEY, data=data, on_view_change=lambda: remember(KEY))


def view() -> View:
    """What is set: by the person in this session, else by the address, else as the picture opens."""
    q = Gaussian(number("kl_mean", MEANS, USUAL.mean), number("kl_width", WIDTHS, USUAL.width))
    return View(q, number("kl_swapped", (0, 1), 0) >= 0.5, number("kl_sharp", SHARPNESS, SHARP))


@cache
def _picture() -> Any:
    return picture("kl_picture", FOLDER, "kl.js")
