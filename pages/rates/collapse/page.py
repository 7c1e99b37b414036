"""Which losses switch the code off? One switchboard of the losses that people write, what each means, and what it must do."""

from __future__ import annotations

import streamlit as st

from pages.rates import cached as exact_rates
from pages.rates.collapse import controls as loss_board
from pages.rates.collapse import view as loss_chart
from pages.shared import controls, page, words

choice = controls.choice()
text = words.beside(__file__)
gist = "Write the loss as you do in code: it implies a σ and a β, and their balance decides how many dimensions live, whatever the network."
page.header("Which losses switch the code off?", gist)
statistics = exact_rates.statistics(choice.dataset)
if statistics is None:
    st.info(controls.what_needs_no_data(choice))
    st.stop()
picture, side = page.columns()
with side:
    board = loss_board.choose(choice, statistics)
    spec = loss_board.trained_model(board, choice)
with picture:
    st.latex(loss_board.formula(board))
    loss_board.readings(board)
    loss_board.bound_note(board)
    loss_chart.charts(board, choice)
    table = loss_board.pictured(spec, board, choice)
    page.footer(
        seeing=text.seeing,
        try_this=text.try_this,
        notebook=text.lines("notebook", loss=loss_board.as_code(board), dataset=choice.dataset, latent_dim=choice.latent_dim),
        downloads=page.downloads(f"{choice.dataset}-losses", table, lambda: loss_board.presets_csv(statistics, choice.latent_dim)),
    )
