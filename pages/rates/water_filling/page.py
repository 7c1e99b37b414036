"""How much error does a nat of rate remove, at best? Reverse water-filling: the exact curve of linear models, with trained ones on it."""

from __future__ import annotations

import streamlit as st

from pages.rates import cached as exact_rates
from pages.rates.water_filling import view as water_controls
from pages.shared import controls, page, words

choice = controls.choice()
text = words.beside(__file__)
gist = f"Linear β-VAEs of {choice.title}: water rises to τ = βσ², drowns dimensions one by one, and the optimum runs along an exact curve."
page.header("How much error does a nat of rate remove, at best?", gist)
statistics = exact_rates.statistics(choice.dataset)
if statistics is None:
    st.info(controls.what_needs_no_data(choice))
    st.stop()
picture, side = page.columns()
with side:
    view = water_controls.choose(choice, statistics)
    water_controls.numbers(view)
    water_controls.train_one(view, choice)
with picture:
    water_controls.picture(view, choice)
    page.footer(
        seeing=text.seeing,
        try_this=text.try_this,
        notebook=text.lines("notebook", dataset=choice.dataset, tau=view.tau, latent_dim=view.latent_dim),
        downloads=water_controls.downloads(view, choice),
    )
