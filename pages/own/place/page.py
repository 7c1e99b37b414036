"""Has the model seen anything like your picture? Its place among the test codes, its code, its nearest training images, its percentile."""

from __future__ import annotations

import streamlit as st

from pages.own import own_images, own_results, own_settings
from pages.shared import controls, links, page, words
from vae_core.data.preparation import made_like
from vae_core.explore.own.own_results_figure import table_csv

choice = controls.choice()
text = words.beside(__file__)
gist = f"Your picture among the images of {choice.title}, as {own_results.focus_line(choice)} codes and scores them."
page.header("Has the model seen anything like your picture?", gist if choice.has_data else controls.what_needs_no_data(choice))
spec = controls.model_in_focus(choice)
if not choice.has_data:
    st.info(f"Where a picture lies is told by the images of {choice.title}, which are not on this machine.")
why = own_results.why_not_judged(choice) if choice.has_data else None
if why:
    st.info(why)
if spec is None or not choice.has_data or why:
    st.stop()
picture, side = page.columns()
with side:
    brought = own_images.brought(choice)
    st.page_link(links.page("own/bring"), label=f"Change picture ({brought.way})", icon=":material/add_photo_alternate:")
    view = controls.segmented("Show", ("map", "code", "score"), key="own_view")
how = own_settings.preparation()
x = made_like(choice.dataset, brought.picture.over(how.behind), how)
found = own_results.judged(spec, x)
with side:
    own_results.likeness(found)
with picture:
    page.chart(own_results.chart(found, view, height=385))
    page.image_table(own_results.neighbour_table(found, x), beside=590)
    page.footer(
        seeing=text.seeing,
        try_this=text.try_this,
        notebook=text.lines("lines", **own_results.notebook(brought, how, choice.dataset), family=choice.family, dim=choice.latent_dim),
        downloads=[
            page.Download("CSV", f"own-image-{choice.dataset}-{choice.family}.csv", "text/csv", table_csv(own_results.place_rows(found)))
        ],
    )
