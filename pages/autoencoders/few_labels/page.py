"""How far do few labels go? Logistic regression on pixels and on the codes of models that learned without labels."""

from __future__ import annotations

import streamlit as st

from pages.autoencoders.few_labels import findings, view
from pages.shared import controls, page, words
from pages.shared.draws import draws

choice = controls.choice()
text = words.beside(__file__)
gist = f"{choice.title}: models learn from all training images without labels. Then a linear classifier learns from the few that have one."
page.header("How far do ten labels go?", gist if choice.has_data else controls.what_needs_no_data(choice))
picture, side = page.columns()
draws.instead_of_images(choice, (picture, side))
if not view.can_be_tried(choice):
    picture.info(f"{choice.title} has too few images with labels: choose MNIST 5k or Digits in the sidebar.")
    st.stop()
with side:
    setting = view.choose(choice)
    view.numbers(setting)
with picture:
    downloads = view.draw(setting)
    page.conclude(findings.conclusion(setting, text))
    page.footer(
        seeing=text.seeing,
        try_this=text.try_this,
        answer=lambda: findings.answer(setting, text),
        notebook=view.notebook(setting, text),
        downloads=downloads,
    )
