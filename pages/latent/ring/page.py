"""How does a simple prior make complex data? N(0, I) pushed through g(z) = z/a + b·z/‖z‖, moving, beside its exact law."""

from __future__ import annotations

import streamlit as st

from pages.latent.ring import findings, view
from pages.latent.ring.controls import choose, draw
from pages.shared import page, words

text = words.beside(__file__)
gist = "Samples of z ~ N(0, I) move along (1 − t)·z + t·g(z). Drag the picture, or play it; at t = 1 they are samples of p(y)."
page.header("How does a simple prior make complex data?", gist)
picture, side = page.columns()
with side:
    chosen = choose()
with picture:
    moving, still = st.columns((6, 5), gap="medium")
    with moving:
        settings = draw(chosen)
    with still:
        view.draw(chosen, settings)
with side:
    view.film(chosen, settings)
page.conclude(findings.conclusion(chosen, settings, text))
page.footer(
    seeing=view.seeing(text, chosen),
    try_this=text.try_this,
    answer=lambda: findings.answer(chosen, settings, text),
    notebook=view.notebook(text, chosen, settings),
    downloads=view.downloads(chosen, settings),
)
