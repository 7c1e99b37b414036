"""Points and a direction that is turned in the browser; Python hears of both when the hand rests, and a link holds them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from pages.shared import links, scripts
from vae_core.explore.linear.pca_by_hand import OUTLIER, cloud, points_of

FOLDER = Path(__file__).parent
KEY = "hand_view"
ANGLE, POINTS = "hand_angle", "hand_points"
FIRST_ANGLE = 100.0
"""Where v points when the page opens, in degrees: not yet the best direction."""


@dataclass(frozen=True, slots=True, eq=False)
class Hand:
    """What is set.

    Attributes:
        seed: of the cloud.
        points: (N, 2), of the cloud or as a person has changed them.
        code: of the points in the address; empty if they are the cloud's.
        angle: of v, in degrees.
    """

    seed: int
    points: np.ndarray
    code: str
    angle: float


def cloud_plot(hand: Hand, *, scale: float, alone: bool, colours: dict[str, str]) -> None:
    """Draw the picture.

    Args:
        hand: what it opens with; afterwards it holds what a person does, until the seed is another.
        scale: of the codes, times the best ones.
        alone: whether the curves beside the points are left out.
        colours: of what is `kept` and what is `lost`.
    """
    seeded = cloud(hand.seed).tolist()
    opened = {"seed": hand.seed, "points": hand.points.tolist(), "seeded": seeded, "angle": hand.angle, "outlier": list(OUTLIER)}
    _plot()(key=KEY, data={**opened, "scale": scale, "alone": alone, "colours": colours}, on_view_change=_remember)


def hand(seed: int) -> Hand:
    """The points and the direction as the person, or else the address, has set them; a code of another seed's points counts no more."""
    links.note(ANGLE, POINTS)
    angle = links.number(ANGLE, 0, 180)
    st.session_state[ANGLE] = FIRST_ANGLE if angle is None else angle
    of_seed, _, code = str(st.session_state.get(POINTS) or st.query_params.get(POINTS, "")).partition(".")
    try:
        points = points_of(code) if of_seed == str(seed) else None
    except ValueError:
        points = None
    st.session_state[POINTS] = None if points is None else f"{seed}.{code}"
    return Hand(seed, cloud(seed) if points is None else points, "" if points is None else code, st.session_state[ANGLE])


def _remember() -> None:
    report = st.session_state[KEY].get("view") or {}
    links.keep(ANGLE, float(report["angle"]), usual=FIRST_ANGLE)
    code = report["points"] and f"{report['seed']}.{report['points']}"
    links.keep(POINTS, code, usual="")


@cache
def _plot() -> Any:
    own = ((FOLDER / name).read_text(encoding="utf-8") for name in ("principal.js", "cloud_plot.js"))
    js = "\n".join([scripts.script("mounted", "pictures"), *own])
    html, css = ((FOLDER / f"cloud_plot.{kind}").read_text(encoding="utf-8") for kind in ("html", "css"))
    return st.components.v2.component("cloud_plot", html=html, css=css, js=js)
