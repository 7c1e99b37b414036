"""The scatter on which test images are chosen."""

from __future__ import annotations

import streamlit as st

from pages.shared import links
from pages.shared.chart.chart import mount
from vae_core.data.base import spread_over

MOST_CHOSEN, USUALLY_CHOSEN = 8, 4
"""Images that are remembered of those that were circled, and as many as are shown when the page opens."""


def choose_on(chart: bytes, n: int, *, n_points: int) -> list[int]:
    """Draw a scatter on which test images are chosen by lasso, box or click; the indices of the first n of them, kept in the address.

    Before any is chosen they are evenly spread.

    Args:
        chart: `packed`, with the indices of the images as `customdata`.
        n: so many are wanted.
        n_points: images that there are.
    """
    picked = mount(chart)
    links.note("chosen")
    if picked:
        links.keep("chosen", ",".join(map(str, picked[:MOST_CHOSEN])))
    remembered = st.session_state.get("chosen") or st.query_params.get("chosen", "")
    indices = [int(part) for part in remembered.split(",") if part.isdecimal() and float(part) < n_points]
    return indices[:n] or list(spread_over(n_points, n))
