"""One picture and its first components in the browser: sliders move it, a click on a component adds one standard deviation."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from pages.shared import links, scripts
from vae_core.drawing.packing import named
from vae_core.explore.linear.pca_images import Mixture

FOLDER = Path(__file__).parent
KEY = "mixer_view"
CODES = "mix_codes"
FARTHEST = 30.0
"""Standard deviations from the mean that a link may ask for."""


def mixer(mixture: Mixture, *, of: str, what: str, shape: Sequence[int], shares: Sequence[float]) -> None:
    """Draw the picture and its sliders.

    Args:
        mixture: what is moved, and along what.
        of: names it in links, so that codes of another picture are none of this one.
        what: names it for who cannot see it.
        shape: (channels, height, width).
        shares: of the variance that each component holds, in per cent.
    """
    channels, height, width = shape
    header = {"of": of, "what": what, "channels": channels, "height": height, "width": width, "shares": list(shares)}
    arrays = {"base": mixture.base, "steps": mixture.steps, "origin": mixture.origin}
    opened = st.session_state.setdefault(f"{KEY}_opened", {})
    if opened.get("of") != of:  # the same while one drags, so that the picture is not sent again
        opened |= {"of": of, "codes": codes(of, len(mixture.origin))}
    start = opened["codes"]
    _mixer()(key=KEY, data=named(arrays, start=None if start is None else list(start), **header).data, on_view_change=_remember)


def codes(of: str, n: int) -> np.ndarray | None:
    """the codes that are set, (n,), in standard deviations; None where they are the picture's own."""
    links.note(CODES)
    whose, _, text = str(st.session_state.get(CODES) or st.query_params.get(CODES, "")).partition("~")
    try:
        numbers = [float(word) for word in text.split("_")] if whose == of else []
    except ValueError:
        numbers = []
    is_sound = len(numbers) == n and all(math.isfinite(a) and abs(a) <= FARTHEST for a in numbers)
    st.session_state[CODES] = f"{of}~{text}" if is_sound else None
    return np.round(numbers, 2) if is_sound else None


def _remember() -> None:
    report = st.session_state[KEY].get("view") or {}
    links.keep(CODES, f"{report['name']}~" + "_".join(f"{float(a):.10g}" for a in report["a"]))


@cache
def _mixer() -> Any:
    own = ((FOLDER / name).read_text(encoding="utf-8") for name in ("mixture.js", "mixer.js"))
    js = "\n".join([scripts.script("mounted", "packing"), *own])
    html, css = ((FOLDER / f"mixer.{kind}").read_text(encoding="utf-8") for kind in ("html", "css"))
    return st.components.v2.component("mixer", html=html, css=css, js=js)
