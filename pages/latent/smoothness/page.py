"""Why are VAE samples smooth? The training images that a decoder has to average at a code, and their mean beside its output."""

from __future__ import annotations

import numpy as np
import streamlit as st

from pages.latent.controls import code_field, columns_at_two, decoder, two_dims
from pages.latent.smoothness import findings, view
from pages.latent.smoothness.cached import average_at
from pages.shared import cached, controls, page, words
from pages.shared.draws import draws
from pages.shared.latent_pad.cached import codes_file, decoded
from pages.shared.latent_pad.latent_pad import Plane, latent_pad
from pages.shared.links import bound
from vae_core.explore.codes import view_of
from vae_core.explore.codes_figure import weights_csv
from vae_core.explore.latent.smoothness_figure import output_and_mean, weighted_images

choice = controls.choice()
text = words.beside(__file__)
gist = "Pick a code z. Left: what the network draws. Right: the average of the training images that the encoder could have sent there."
page.header("Why are VAE samples smooth?", gist if choice.has_data else controls.what_needs_no_data(choice))
choice, (picture, side) = columns_at_two(choice)
draws.instead_of_images(choice, (picture, side))
with picture:
    spec = controls.model_in_focus(choice)
    payload = decoder(spec)
if payload is None:
    st.stop()
codes = cached.test_codes(spec)
home = tuple(codes.centre.tolist())

with side:
    widen = st.slider("Widen σ of q(z | x) by", 0.5, 8.0, 1.0, 0.5, **bound("widen"))
    dims = two_dims(codes, spec.latent_dim)
    code_field(home)
with picture:
    left, right = st.columns((6, 5), gap="small")
    with left:
        plane = Plane(dims=dims, view=view_of(codes, dims), home=home, has_prior=codes.has_prior)
        z = latent_pad(payload, codes_file(spec), plane)
    average = average_at(spec, z, widen)
    output, train = decoded(spec, np.array([z]))[0], cached.dataset(choice.dataset).train.x
    table = output_and_mean(output, average.mean)
    with right:
        st.html(table.to_html())
        st.html(weighted_images(train[average.indices], average.weights, average.indices).to_html(beside=400, most=110))
    page.conclude(view.conclusion(average, output, train[average.indices[0]]))
    page.footer(
        seeing=text.seeing,
        try_this=text.try_this,
        answer=lambda: findings.answer(spec, z, output, text),
        notebook=text.lines("notebook", z=list(z), widen=widen, **choice.values()),
        downloads=page.downloads(f"{choice.dataset}-average", table, lambda: weights_csv(average.indices, average.weights)),
    )
with side:
    view.number(spec, average, codes, text, widen)
