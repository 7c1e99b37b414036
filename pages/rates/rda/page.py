"""Are a rate–distortion autoencoder and a β-VAE the same model? Two dials welded together, and the gradients of both losses."""

from __future__ import annotations

import streamlit as st

from pages.rates import cached as rates
from pages.rates.rda import findings, view
from pages.shared import controls, page, words
from pages.shared.draws import draws

choice = controls.choice()
text = words.beside(__file__)
gist = "λ weighs the error of a rate–distortion autoencoder (RDA), β the KL of a β-VAE: turn one dial, and the other has to follow."
page.header("Are a rate–distortion autoencoder and a β-VAE the same model?", gist)
statistics = rates.statistics(choice.dataset)
if statistics is None:
    draws.instead_of_images(choice)
picture, side = page.columns()
with side:
    dials = view.choose(choice, statistics)
    view.numbers(dials, choice)
with picture:
    view.charts(dials)
    table = view.images(dials, choice)
    if table is not None:
        st.html(table.to_html(beside=190, charts=390, most=120))
    page.conclude(findings.conclusion(dials, text))
    page.footer(
        seeing=text.seeing,
        try_this=text.try_this,
        answer=lambda: findings.answer(dials, text),
        notebook=text.lines("notebook", dataset=choice.dataset, sigma=dials.sigma, beta=dials.beta),
        downloads=page.downloads(f"{choice.dataset}-rda", table, lambda: view.csv(dials)),
    )
