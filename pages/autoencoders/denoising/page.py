"""Can an autoencoder take noise away? Images with noise, what trained denoisers make of them, and the best linear one in closed form."""

from __future__ import annotations

import streamlit as st

from pages.autoencoders.denoising import findings, view
from pages.autoencoders.denoising.controls import choose
from pages.shared import page, words

text = words.beside(__file__)
top = st.container()
picture, side = page.columns()
with side:
    setting = choose()
    view.numbers(setting)
with top:
    page.header("Can an autoencoder take noise away?", view.GISTS[setting.show])
with picture:
    table = view.draw(setting)
    page.conclude(findings.conclusion(setting, text))
    page.footer(
        seeing=text.seeing,
        try_this=text.try_this,
        answer=lambda: findings.answer(setting, text),
        notebook=view.notebook(setting, text),
        downloads=page.downloads(f"denoising-{setting.dataset}-{setting.show}", table, lambda: view.csv(setting)),
    )
