"""Does this model use its code? A doctor for posterior collapse: measurements on test images, and a verdict with its evidence."""

from __future__ import annotations

import streamlit as st

from pages.rates import cached as exact_rates
from pages.rates.doctor import controls as doctor_controls
from pages.shared import controls, page, words

choice = controls.choice()
text = words.beside(__file__)
gist = f"Any cached model of {choice.title} with a density: what each dimension carries, and whether the decoder reads it."
page.header("Does this model use its code?", gist if choice.has_data else controls.what_needs_no_data(choice))
picture, side = page.columns()
with side:
    spec = doctor_controls.choose(choice)
if spec is None:
    st.info(f"No model of {choice.title} with a density is cached: train one in the sidebar.")
    st.stop()
found = exact_rates.examination(spec) if choice.has_data else doctor_controls.record(spec)
table = doctor_controls.swapped_table(spec) if choice.has_data else None
with side:
    doctor_controls.numbers(found)
    if choice.has_data:
        st.caption(text.sections["validated"])
with picture:
    doctor_controls.diagnosis(found)
    doctor_controls.evidence(spec, found)
    if table is not None:
        doctor_controls.linear_note(spec, found)
        st.html(table.to_html(beside=540, most=64))
    page.footer(
        seeing=text.seeing,
        try_this=text.try_this,
        notebook=text.lines("notebook", spec=spec.to_json()),
        downloads=page.downloads(f"{spec.fingerprint}-doctor", table, doctor_controls.csv(found)),
    )
