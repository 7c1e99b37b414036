"""What do the models make of your picture? Any picture, made like the data step by step, through every cached model."""

from __future__ import annotations

import streamlit as st

from pages.own import session
from pages.own.bring import findings, steps, view, ways
from pages.shared import controls, page, words
from vae_core.data import preparation
from vae_core.explore.own.own_images_figure import matrix, steps_html

choice = controls.choice()
text = words.beside(__file__)
page.header(
    "What do the models make of your picture?",
    f"Your picture is first converted to look like {choice.title}, then compressed to d numbers and rebuilt. Below each: SSE and PSNR.",
)
picture, side = page.columns()
with side:
    selection = ways.bring(choice)
    show = controls.segmented("Show", ("images", "errors"), key="own_show")
if selection is None:
    picture.info(ways.invitation(), icon=":material/add_photo_alternate:")
    st.stop()

with picture:
    strip = st.container()
    with side:
        how = steps.prepare(choice, selection.picture)
    found = preparation.prepared(selection.picture.over(how.behind), choice.dataset, how)
    how = steps.with_piece(how, found.n_pieces)
    view.keep(selection, how)
    found = preparation.prepared(selection.picture.over(how.behind), choice.dataset, how)
    strip.html(steps_html([(step.name, step.did, step.image) for step in found.steps]))
    view.warn(found)
    x, specs = found.steps[-1].image, view.models(choice)
    through = view.passages(specs, x)
    if not through:
        st.info(f"No model of {choice.title} is trained yet: train one in the sidebar, or choose another data set.")
        st.stop()
    page.image_table(matrix(x, through, focus=choice.family, show_errors=show == "errors"), beside=view.beside(found))
    page.conclude(findings.conclusion(choice, x, through, text))
    page.footer(
        seeing=text.seeing,
        try_this=text.try_this,
        answer=lambda: findings.answer(through, text),
        notebook=text.lines(
            "lines",
            **session.notebook(selection, how, choice.dataset),
            family=choice.family,
            models=[(spec.family, spec.latent_dim) for spec in specs],
            show_errors=show == "errors",
        ),
        downloads=view.files(choice, selection, how, specs, through),
    )
with side:
    view.numbers(choice, through)
    view.reading(choice, x)
