"""What changes along a path? One latent dimension at a time, or from one image to another, in latent space and in pixels."""

from __future__ import annotations

import numpy as np
import streamlit as st

from pages.latent.paths import findings
from pages.latent.paths.cached import all_scores, path_images, traversal
from pages.latent.paths.view import column_names, film_or_curves, how_many, path_number, row_names, traversed
from pages.shared import cached, controls, page, words
from pages.shared.draws import draws
from pages.shared.links import bound
from vae_core.drawing.theme import mark
from vae_core.explore.codes_figure import curves_csv
from vae_core.explore.latent.paths_figure import PATHS, interpolations, traversals

choice, text = controls.choice(), words.beside(__file__)
gist = f"Codes of test images of {choice.title} ({mark(choice.family).short}, d = {choice.latent_dim}), moved along a path and decoded."
page.header("What changes along a path through latent space?", gist if choice.has_data else controls.what_needs_no_data(choice))
draws.instead_of_images(choice)
spec = controls.model_in_focus(choice)
if spec is None:
    st.stop()
picture, side = page.columns()
codes, test, scores = cached.test_codes(spec), cached.dataset(choice.dataset).test, {}

with side:
    kind = controls.segmented("Path", ("interpolation", "traversal"), key="path")
    first = st.number_input("Test image", 0, len(test) - 1, 0, **bound("first_image"))
    other, n = st.container(), how_many()

if kind == "interpolation":
    with other:
        second = st.number_input("To test image", 0, len(test) - 1, test.spread(2)[-1], **bound("second_image"))
        is_film = st.toggle("Play as a film", **bound("film"))
    images = {way: path_images(spec, (first, second), n, way) for way in PATHS}
    curves, scores = all_scores(spec, (first, second), n)
    table = interpolations(images, (test.x[first], test.x[second]), np.linspace(0, 1, n))
else:
    with other:
        span = controls.segmented("Range", ("prior", "posterior"), key="span", help=text.sections["range"])
    dims, offsets = traversed(codes, first, n, span)
    curves = {f"z{j + 1}": values for j, values in zip(dims, offsets, strict=True)}
    table = traversals(traversal(spec, codes.mean[first], dims, offsets), row_names(codes, dims), column_names(n, span))

with side:
    path_number(spec, codes, scores)
with picture:
    st.html(table.to_html(beside=230, charts=250 if scores else 0, most=120))
    if scores:
        film_or_curves(spec, (first, second), curves, is_film=is_film)
    page.conclude(findings.conclusion(spec, codes, scores, text))
    page.footer(
        seeing=text.seeing,
        try_this=text.try_this,
        answer=lambda: findings.answer(spec, (first, second), n, text) if scores else text.said("answer-traversal"),
        notebook=text.lines(kind, first=first, second=second if scores else first, n=n, **choice.values()),
        downloads=page.downloads(f"{choice.dataset}-{kind}", table, lambda: curves_csv(curves)),
    )
