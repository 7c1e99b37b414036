"""What becomes of a line? z in [0, 1] as a curve in the plane, with its tangent and the density along it."""

from __future__ import annotations

import streamlit as st

from pages.latent.line import findings, view
from pages.shared import page, words

text = words.beside(__file__)
gist = "z ∈ [0, 1] is one number; g(z) is a point in the plane. Drag the point, or bend the line back with t."
page.header("How does a line become a curve?", gist)
picture, side = page.columns()
with side:
    curve, prior = view.choose()
    view.numbers(curve, prior)
with picture:
    moving, still = st.columns((6, 5), gap="medium")
    with moving:
        view.draw(curve, prior)
    with still:
        view.chart(curve, prior)
page.conclude(findings.conclusion(curve, prior, text))
page.footer(
    seeing=text.seeing,
    try_this=text.try_this,
    answer=lambda: findings.answer(text),
    notebook=text.lines("notebook", curve=curve, prior=prior, at=view.chosen_z()),
    downloads=view.downloads(curve, prior),
)
