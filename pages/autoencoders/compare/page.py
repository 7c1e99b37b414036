"""What does each model keep of an image? Originals beside every model's reconstruction, with errors and test means."""

from __future__ import annotations

import streamlit as st

from pages.autoencoders.compare import findings
from pages.autoencoders.compare.controls import test_images
from pages.autoencoders.compare.view import comparison, linear_optimum, of_training, on_the_same_images, published_sse
from pages.shared import cached, controls, numbers, page, words
from pages.shared.draws import draws
from vae_core.explore.reconstructions import published
from vae_core.explore.reconstructions_figure import measured_csv, sse_by_latent_dim

choice = controls.choice()
text = words.beside(__file__)
top = st.container()
picture, side = page.columns()

with side:
    view = controls.segmented("Show", ("images", "errors", "means") if choice.has_data else ("samples", "means"), key="show")
    with top:
        of = {"title": choice.title, "d": choice.latent_dim, "numbers": choice.numbers}
        gist = controls.what_needs_no_data(choice) if view == "samples" else text.said(f"gist-{view}", **of)
        page.header("What does each model keep of an image?", gist)
    indices = test_images(choice) if view in ("images", "errors") else ()
    seed = controls.draw() if view == "samples" else 0
    numbers.test_sse(choice)
    on_the_same_images(choice)
    linear_optimum(choice)
    published_sse(choice)
    of_training(choice, along_d=view == "means")

table, measured = None, cached.measured(choice.dataset)
with picture:
    if view == "samples":
        table = draws.table(choice, seed)
        page.image_table(table, beside=305)
    elif view != "means":
        table = comparison(choice, indices, show_errors=view == "errors")
    elif measured:
        of_all = {"latent_dim": choice.latent_dim, "published": published(choice.dataset)}
        page.chart(cached.lasting_chart("means", (choice.dataset, choice.latent_dim), lambda: sse_by_latent_dim(measured, **of_all)))
    page.conclude(findings.conclusion(choice) or text.said("conclusion-few"))
    section = "images" if view == "errors" else view
    values = {"indices": list(indices), "show_errors": view == "errors", "seed": seed, **choice.values()}
    page.footer(
        seeing=text.seeing,
        try_this=text.try_this,
        answer=lambda: findings.answer(choice, text),
        notebook=text.lines(section, **values),
        downloads=page.downloads(f"{choice.dataset}-d{choice.latent_dim}-{view}", table, lambda: measured_csv(measured)),
    )
