"""What does a model draw? Samples at every latent dimension from one noise; how many are read as what the data show; copies or not."""

from __future__ import annotations

import streamlit as st

from pages.latent.samples import findings, judged, view
from pages.shared import controls, page, words

choice = controls.choice()
text = words.beside(__file__)
page.header("What does a model draw from its prior?", text.sections["gist"])
picture, side = page.columns()
with side:
    setting = view.choose(choice, text)
if not (setting.vae or setting.autoencoder):
    picture.info(f"No VAE or autoencoder is trained for {choice.title}: train them in the sidebar.")
    st.stop()
draw, numbers = {
    view.IMAGES: (view.draw, view.numbers),
    view.READ: (judged.draw_shares, judged.number_of_shares),
    view.NEAREST: (judged.draw_nearest, judged.number_of_distances),
}[setting.show]
with side:
    numbers(setting, text)
with picture:
    downloads = draw(setting, text)
    page.conclude(findings.conclusion(setting, text))
    page.footer(
        seeing=text.seeing,
        try_this=text.sections[f"try{findings.suffix(setting)}"],
        answer=lambda: findings.answer(setting, text),
        notebook=findings.notebook(setting, text),
        downloads=downloads,
    )
