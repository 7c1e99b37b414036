"""How does a simple prior make complex data? N(0, I) pushed through g(z) = z/a + b·z/‖z‖, moving, beside its exact law."""

from __future__ import annotations

import streamlit as st

from pages.latent import expressiveness_texts as texts
from pages.latent.ring import controls as morph_controls
from pages.latent.ring import view as morph_plots
from pages.shared import page

page.header("How does a simple prior make complex data?", texts.RING_GIST)
picture, side = page.columns()
with side:
    chosen = morph_controls.choose()
with picture:
    moving, still = st.columns((6, 5), gap="medium")
    with moving:
        view = morph_controls.draw(chosen)
    with still:
        morph_plots.draw(chosen, view)
with side:
    morph_plots.film(chosen, view)
page.footer(
    seeing=texts.ring_seeing(chosen),
    try_this=texts.RING_TRY_THIS,
    notebook=texts.ring_notebook(chosen, view),
    downloads=morph_plots.downloads(chosen, view),
)
