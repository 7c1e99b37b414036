"""Does this model use its code? A doctor for posterior collapse: measurements on test images, and a verdict with its evidence."""

from __future__ import annotations

import streamlit as st

from pages.rates import cached as rates
from pages.rates.code_swap import swap_table
from pages.rates.doctor import findings, view
from pages.rates.doctor.controls import choose
from pages.shared import controls, page, words

choice = controls.choice()
text = words.beside(__file__)
gist = "Choose a trained VAE or pPCA: which latent dimensions carry information, and does the decoder use them?"
page.header("Does this model use its code?", gist if choice.has_data else controls.what_needs_no_data(choice))
picture, side = page.columns()
with picture:
    spec = choose(choice)
if spec is None:
    st.info(f"No model of {choice.title} with a density is trained yet. Train one in the sidebar.")
    st.stop()
measured = rates.examination(spec) if choice.has_data else view.record(spec)
table = swap_table(spec, view.N_IMAGES) if choice.has_data else None
with side:
    view.numbers(spec, measured)
    if choice.has_data:
        page.fine_print().caption(text.sections["validated"])
with picture:
    view.verdict_box(measured, text)
    view.evidence(spec, measured)
    if table is not None:
        view.linear_note(spec, measured)
        st.html(table.to_html(beside=300, charts=300, most=120))
    page.footer(
        seeing=text.seeing,
        try_this=text.try_this,
        answer=lambda: findings.answer(choice, text),
        notebook=text.lines("notebook", spec=words.in_code(spec), dataset=spec.dataset),
        downloads=page.downloads(f"{spec.fingerprint}-doctor", table, lambda: view.csv(measured)),
    )
