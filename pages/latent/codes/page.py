"""Where does the encoder put the images? Codes of all test images, to colour, to circle and to look at."""

from __future__ import annotations

import streamlit as st

from pages.latent.codes import findings, view
from pages.latent.codes.cached import per_image
from pages.latent.codes.controls import MOST_CHOSEN, USUALLY_CHOSEN, choose_on
from pages.latent.controls import codes_download, columns_at_two, one_of, two_dims
from pages.shared import cached, controls, page, words
from pages.shared.draws import draws
from pages.shared.links import bound
from vae_core.explore.codes import on_dims, on_principal_axes
from vae_core.explore.codes_figure import chosen_images
from vae_core.explore.reconstructions_figure import image_captions

choice, text = controls.choice(), words.beside(__file__)
gist = "Each point is one test image, at the mean of the distribution q(z|x) that the encoder gives it. Circle some to see them."
page.header("Where does the encoder put the images?", gist if choice.has_data else controls.what_needs_no_data(choice))
choice, (picture, side) = columns_at_two(choice)
draws.instead_of_images(choice, (picture, side))
with picture:
    spec = controls.model_in_focus(choice)
if spec is None:
    st.stop()
codes, test = cached.test_codes(spec), cached.dataset(choice.dataset).test

with side:
    plane = controls.segmented("Plane", ("axes of z", "PCA of z"), key="plane") if spec.latent_dim > 2 else "axes of z"
    dims = two_dims(codes, spec.latent_dim) if plane == "axes of z" else (0, 1)
    projection = on_dims(codes, dims) if plane == "axes of z" else on_principal_axes(codes)
    made_by = f"on_dims(codes(model, test.x), {dims})" if plane == "axes of z" else "on_principal_axes(codes(model, test.x))"
    names = (["label"] if test.labels is not None else []) + list(per_image(spec))
    colour = one_of("Colour by", names, key="colour")
    with controls.advanced({"n_shown": USUALLY_CHOSEN}):
        n_images = st.slider("Images to show", 2, MOST_CHOSEN, USUALLY_CHOSEN, **bound("n_shown"))
    how = f"Share of the variance of the {spec.latent_dim}-dimensional codes that this plane holds: exact, n = {len(codes.mean):,} images."
    page.number("On this plane", f"{100 * projection.explained:.1f} %", how, of=spec)

scatter = view.scatter(spec, projection, plane, dims, colour)
with picture:
    chart, images = st.columns((4, 1), gap="small")
    with chart:
        chosen = choose_on(scatter, n_images, n_points=len(codes.mean))
    with images:
        captions = image_captions(chosen, cached.labels(choice.dataset))
        st.html(chosen_images(test.x[chosen], cached.reconstructions(spec, tuple(chosen)), captions).to_html(most=120))
    page.conclude(findings.conclusion(spec, projection, text))
    page.footer(
        seeing=text.seeing,
        try_this=text.try_this,
        answer=lambda: findings.answer(spec, codes, text),
        notebook=text.lines("label" if colour == "label" else "value", plane=made_by, colour=colour, **choice.values()),
        downloads=codes_download(spec, choice),
    )
