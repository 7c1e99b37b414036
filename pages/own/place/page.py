"""Has the model seen anything like your picture? Its place among the test codes, its code, its nearest training images, its percentile."""

from __future__ import annotations

import streamlit as st

from pages.own import session
from pages.own.place import cached as caches
from pages.own.place import findings, view
from pages.own.place import picture as own_picture
from pages.shared import controls, links, page, words
from pages.shared.draws import draws
from vae_core.data.preparation import prepared

choice = controls.choice()
text = words.beside(__file__)
gist = f"Your picture among the {choice.title} test images, encoded and scored by the {view.focus_line(choice)}."
page.header("Has the model seen anything like your picture?", gist if choice.has_data else controls.what_needs_no_data(choice))
draws.instead_of_images(choice)
spec, why = controls.model_in_focus(choice), view.why_not_judged(choice)
if why:
    st.info(why)
if spec is None or why:
    st.stop()
caches.prepare(spec)
picture, side = page.columns()
with side:
    selection = own_picture.selection(choice)
    st.page_link(links.page("own/bring"), label=f"Change picture ({selection.way})", icon=":material/add_photo_alternate:")
    show = controls.segmented("Show", ("map", "code", "score"), key="own_view")
how = session.preparation()
found = prepared(selection.picture.over(how.behind), choice.dataset, how)
x = found.steps[-1].image
placement = view.judge(spec, x)
with side:
    for sentence in found.warnings:
        st.warning(sentence, icon=":material/warning:")
    page.conclude(findings.conclusion(placement, text))
    view.likeness(placement)
with picture:
    page.chart(view.chart(placement, show, height=385))
    page.image_table(view.neighbour_table(placement, x), beside=215, charts=385)
    page.footer(
        seeing=text.seeing,
        try_this=text.try_this,
        answer=lambda: findings.answer(placement, text),
        notebook=text.lines("lines", **session.notebook(selection, how, choice.dataset), family=choice.family, dim=choice.latent_dim),
        downloads=[page.Download("CSV", f"own-image-{choice.dataset}-{choice.family}.csv", "text/csv", view.csv_of(placement))],
    )
