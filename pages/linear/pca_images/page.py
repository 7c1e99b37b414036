"""How many numbers does an image need? Its exact principal components: how many it takes, what they are, moving along them."""

from __future__ import annotations

import streamlit as st

from pages.linear.pca_images import findings, view
from pages.shared import controls, page, words
from pages.shared.draws import draws

choice = controls.choice()
text = words.beside(__file__)
top = st.container()
picture, side = page.columns()
with side:
    show = view.shown() if choice.has_data else ""
with top:
    gist = text.said(f"gist-{show}", title=choice.title) if show else controls.what_needs_no_data(choice)
    page.header("How many numbers does an image need?", gist)
draws.instead_of_images(choice, (picture, side))
with side:
    setting = view.choose(choice, show)
    view.numbers(setting)
with picture:
    table = view.draw(setting)
    page.conclude(findings.conclusion(setting, text))
    page.footer(
        seeing=text.seeing,
        try_this=findings.task(setting, text),
        answer=lambda: findings.answer(setting, text),
        notebook=view.notebook(setting, text),
        downloads=view.downloads(setting, table),
    )
