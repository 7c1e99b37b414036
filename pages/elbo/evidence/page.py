"""Why is p(x) hard to compute? By guessing codes, along a curve with noise, on a grid of spins, and what an average surprise is made of."""

from __future__ import annotations

import streamlit as st

from pages.elbo.evidence.curve import curve
from pages.elbo.evidence.guess import guess
from pages.elbo.evidence.ising import ising
from pages.elbo.evidence.surprise import surprise
from pages.shared import controls, page

PARTS = {"Guess": guess, "Curve": curve, "Ising": ising, "Surprise": surprise}
choice = controls.choice()
top = st.container()
picture, side = page.columns()
with side:
    part = PARTS[controls.segmented("Part", tuple(PARTS), "evidence_part")]
with top:
    page.header("Why is p(x) hard to compute?", part.GIST)
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
