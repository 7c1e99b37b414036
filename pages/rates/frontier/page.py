"""What does β trade? Trained models on the plane of rate and distortion, and beside it what one of them does."""

from __future__ import annotations

import streamlit as st

from pages.rates import cached as rates
from pages.rates.frontier import cached, controls, findings, view
from pages.shared import fetching, page, words
from vae_core import data
from vae_core.explore.rates.frontier import dims_by_rate

text = words.beside(__file__)
top = st.container()
gist = "Each dot is a VAE: how many nats its code costs (rate), and how much the image still costs once the code is known (distortion)."
page.header("How much better does an image get for each nat of information in its code?", gist)
left, right = st.columns((6, 5), gap="medium")

with left:
    title = controls.choose_plane()
dots = rates.frontier_dots(title)
if not dots:
    st.info(f"No model of {title} is trained yet: `python -m vae_core ship checkpoints/shipped/frontier.json` trains them all.")
    st.stop()
dataset = dots[0].spec.dataset
has_data = data.available(dataset)
if not has_data:
    with top:
        fetching.offer(dataset)
with right:
    dot = controls.choose_dot(dots)
    view.numbers(dot)
    page.conclude(findings.conclusion(dots, dot, text))
    if dot.has_weights:
        place = st.container()
        dims = controls.choose_dims(dot) if has_data else dims_by_rate(dot.own)[:2]  # there are no codes to choose from
        place.html(cached.card(dot.own, dims, 0))
with left:
    place, (axes, saved_as) = st.container(), controls.choose_axes()
    with place:
        view.chart(title, axes, dot, saved_as)
    st.caption(" ".join((f"{view.what_is_trained(title, dots)}.", view.about_the_lines(dots, axes, dot))))
page.footer(
    seeing=text.seeing,
    try_this=text.try_this,
    answer=lambda: findings.answer(dots, dot, text),
    notebook=text.lines("notebook", title=title, rate=axes.rate, distortion=axes.distortion),
    downloads=view.downloads(title, dots),
)
view.prepare(title, dots, axes, saved_as, text)
