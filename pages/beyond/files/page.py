"""How small a file can a VAE make? Test images are written by bits-back coding, weighed beside −ELBO and other files, and read back."""

from __future__ import annotations

import streamlit as st

from pages.beyond.files import findings, reading, view
from pages.shared import controls, page, words
from pages.shared.draws import draws

choice = controls.choice()
text = words.beside(__file__)
place = st.container()
picture, side = page.columns()
with side:
    show = view.shown() if choice.has_data else view.WRITE
with place:
    page.header("Is −ELBO the length of a file?", view.GISTS[show] if choice.has_data else controls.what_needs_no_data(choice))
draws.instead_of_images(choice, (picture, side))
spec = view.vae(choice)
if spec is None:
    picture.info(f"No VAE of {choice.title} is trained at d = {choice.latent_dim}: train it in the sidebar, or choose another.")
    st.stop()
with side:
    if show == view.WRITE:
        setting = view.choose(spec)
        view.numbers(setting)
        with picture:
            downloads = view.draw(setting)
            page.conclude(findings.conclusion(setting, text))
            answer, notebook = lambda: findings.answer(setting, text), view.notebook(setting, text)
    else:
        file = reading.read(spec, text)
        if file is None:
            picture.info("Choose a file that was written and downloaded here: its images appear in this place.")
            st.stop()
        with picture:
            downloads = reading.draw(spec, *file)
            page.conclude(findings.conclusion_read(*file, spec, text))
            answer, notebook = lambda: text.said("answer-read"), reading.notebook(spec, text)
with picture:
    page.footer(seeing=text.seeing, try_this=text.try_this, answer=answer, notebook=notebook, downloads=downloads)
