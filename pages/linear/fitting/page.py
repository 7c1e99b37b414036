"""Which p(x) fits these data? Gaussians and k-means on points that one draws, the same on pixels, and how many dimensions data fill."""

from __future__ import annotations

import streamlit as st

from pages.linear.fitting.dimensions import dimensions
from pages.linear.fitting.pixels import pixels
from pages.linear.fitting.points import points
from pages.shared import controls, page

PARTS = {"points": points, "images": pixels, "dimensions": dimensions}
choice = controls.choice()
top = st.container()
picture, side = page.columns()
with side:
    part = PARTS[controls.segmented("Data", tuple(PARTS), "fit_part")]
with top:
    page.header("Which p(x) fits these data?", part.GIST)
shown = part.draw(picture, side, choice)
with picture:
    page.conclude(shown.conclusion)
    page.footer(
        seeing=shown.text.seeing,
        try_this=shown.text.try_this,
        answer=shown.answer,
        notebook=shown.notebook,
        downloads=shown.downloads,
    )
