"""Which loss functions make a VAE ignore its code? One switchboard of the losses that people write, and what each must do."""

from __future__ import annotations

import streamlit as st

from pages.rates import cached as rates
from pages.rates.collapse import controls as board_controls
from pages.rates.collapse import findings, view
from pages.shared import controls, page, words
from pages.shared.draws import draws

choice = controls.choice()
text = words.beside(__file__)
gist = "Write the loss as in code. Its balance βσ² decides how many dimensions a linear model keeps, and bounds the KL of any network."
page.header("Which loss functions make a VAE ignore its code?", gist)
statistics = rates.statistics(choice.dataset)
if statistics is None:
    draws.instead_of_images(choice)
picture, side = page.columns()
with side:
    board = board_controls.choose(choice, statistics)
    spec = board_controls.trained_model(board, choice)
    view.bound_note(board)
with picture:
    st.latex(view.formula(board))
    view.readings(board)
    page.conclude(findings.conclusion(board, text))
    view.charts(board, choice)
    table = view.pictured(spec, board, choice)
    page.footer(
        seeing=text.seeing,
        try_this=text.try_this,
        answer=lambda: findings.answer(board, text),
        notebook=text.lines("notebook", loss=board_controls.as_code(board), dataset=choice.dataset, latent_dim=choice.latent_dim),
        downloads=page.downloads(f"{choice.dataset}-losses", table, lambda: view.presets_csv(statistics, choice.latent_dim)),
    )
