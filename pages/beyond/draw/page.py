"""What does a VAE gain by drawing in steps? DRAW writes an image onto a canvas, and each step pays for its code."""

from __future__ import annotations

import streamlit as st

from pages.beyond.draw import cached as caches
from pages.beyond.draw import findings, view
from pages.shared import page, words

text = words.beside(__file__)
gist = "Each row is one image as it is written. Left below: what each step pays in KL and gains in likelihood. Right: −ELBO beside a VAE's."
page.header("What does a VAE gain by drawing in steps?", gist)
if not caches.are_trained():
    st.info(text.sections["untrained"])
    st.stop()
picture, side = page.columns()
with side:
    setting = view.choose()
    view.numbers(setting, text)
with picture:
    table = view.draw(setting)
    page.conclude(findings.conclusion(setting, text))
    page.footer(
        seeing=text.seeing,
        try_this=text.try_this,
        answer=lambda: findings.answer(setting, text),
        notebook=view.notebook(setting, text),
        downloads=page.downloads(f"draw-{setting.n_steps}", table, lambda: view.csv(setting)),
    )
