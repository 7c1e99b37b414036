"""Does this model use its code? A doctor for posterior collapse: measurements on test images, and a verdict with its evidence."""

from __future__ import annotations

import streamlit as st

from pages.rates.doctor import view
from pages.rates.doctor.controls import KL, RESIDUALS, WIDTHS, choose, shown
from pages.rates.doctor.residuals import residuals
from pages.rates.doctor.widths import widths
from pages.shared import controls, page

DRAWN = {KL: view.draw, WIDTHS: widths.draw, RESIDUALS: residuals.draw}
choice = controls.choice()
gist = "Choose a trained VAE or pPCA: which latent dimensions carry information, and does the decoder use them?"
page.header("Does this model use its code?", gist if choice.has_data else controls.what_needs_no_data(choice))
picture, side = page.columns()
with picture:
    spec = choose(choice)
if spec is None:
    st.info(f"No model of {choice.title} with a density is trained yet. Train one in the sidebar.")
    st.stop()
with side:
    drawn = DRAWN[shown(choice)](spec, picture, side, choice)
with picture:
    page.footer(
        seeing=drawn.text.seeing,
        try_this=drawn.text.try_this,
        answer=drawn.answer,
        notebook=drawn.notebook,
        downloads=drawn.downloads,
    )
