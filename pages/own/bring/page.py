"""What do the models make of your picture? Any picture, made like the data step by step, through every cached model."""

from __future__ import annotations

import streamlit as st

from pages.own import own_images, own_results, own_settings
from pages.shared import controls, page, words
from vae_core.data.preparation import steps
from vae_core.explore.own.own_images_figure import matrix, steps_html

choice = controls.choice()
text = words.beside(__file__)
page.header(
    "What do the models make of your picture?",
    f"It is made like the images of {choice.title}, then sent through a code of d numbers and back. Below each: SSE and PSNR.",
)
picture, side = page.columns()
with side:
    brought = own_images.bring(choice)
    show = controls.segmented("Show", ("images", "errors"), key="own_show")
if brought is None:
    picture.info(own_images.INVITATION, icon=":material/add_photo_alternate:")
    st.stop()

with picture:
    strip = st.container()
    how = own_settings.prepare(choice, brought.picture)
    taken = steps(brought.picture.over(how.behind), choice.dataset, how)
    strip.html(steps_html([(step.name, step.did, step.image) for step in taken]))
    x, specs = taken[-1].image, own_results.models(choice)
    found = own_results.through(specs, x)
    if not found:
        st.info(f"No model of {choice.title} is trained yet: train one in the sidebar, or choose another data set.")
        st.stop()
    page.image_table(matrix(x, found, focus=choice.family, show_errors=show == "errors"), beside=395)
    page.footer(
        seeing=text.seeing,
        try_this=text.try_this,
        notebook=text.lines(
            "lines",
            **own_results.notebook(brought, how, choice.dataset),
            family=choice.family,
            models=[(spec.family, spec.latent_dim) for spec in specs],
            show_errors=show == "errors",
        ),
        downloads=own_results.files(choice, brought, how, specs, found),
    )
with side:
    own_results.numbers(choice, found)
