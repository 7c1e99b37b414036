"""What can each approach to p(x) do? Four tiny models of the same points: their draws, their densities, and what they answer when asked."""

from __future__ import annotations

import streamlit as st

from pages.beyond.approaches import findings, view
from pages.beyond.approaches.cached import films
from pages.shared import page, words

text = words.beside(__file__)
gist = "Four tiny models of the same points, trained for as many steps. Above: its draws. Below: its density, or a GAN's discriminator."
page.header("What can each way to model p(x) do?", gist)
if not films():
    st.info(text.said("missing"))
    st.stop()
picture, side = page.columns()
with side:
    setting = view.choose()
    view.numbers(setting)
with picture:
    view.draw(setting)
    view.table(setting)
    page.conclude(findings.conclusion(setting, text))
    page.footer(
        seeing=text.seeing,
        try_this=text.try_this,
        answer=lambda: findings.answer(setting, text),
        notebook=text.lines("notebook", dataset=setting.dataset, at=setting.at),
        downloads=view.downloads(setting),
    )
