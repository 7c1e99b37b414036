"""What becomes of a line? z in [0, 1] as a curve in the plane, with its tangent and the density along it."""

from __future__ import annotations

import streamlit as st

from pages.latent import expressiveness_texts as texts
from pages.latent.line import view as curves
from pages.shared import page

page.header("How does a line become a curve?", texts.CURVE_GIST)
picture, side = page.columns()
with side:
    name, prior = curves.choose()
    curves.numbers(name, prior)
with picture:
    moving, still = st.columns((6, 5), gap="medium")
    with moving:
        curves.draw(name, prior)
    with still:
        curves.chart(name, prior)
page.footer(
    seeing=texts.CURVE_SEEING,
    try_this=texts.CURVE_TRY_THIS,
    notebook=texts.curve_notebook(name, prior, curves.chosen_z()),
    downloads=curves.downloads(name, prior),
)
