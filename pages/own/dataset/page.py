"""What are the principal components of these images? A folder or ZIP file becomes a data set of every page, with its exact PCA."""

from __future__ import annotations

import streamlit as st

from pages.own.dataset import controls as making
from pages.own.dataset import findings
from pages.shared import cached, controls, links, page, words
from pages.shared.draws import draws
from vae_core import data
from vae_core.explore.eigenimages_figure import eigenimages, spectrum_csv

N_COMPONENTS = 5

choice = controls.choice()
text = words.beside(__file__)
title = data.info(choice.dataset).title
page.header(
    "What are the principal components of these images?",
    f"{title}: mean and principal components, exact. Your own images can take its place, here and on every page.",
)
picture, side = page.columns()
with side:
    prepared = making.new_images()
    if prepared is not None:
        making.make(prepared)
    else:
        making.about(choice.dataset)
if prepared is not None:
    with picture:
        making.show_new(prepared)
    st.stop()
draws.instead_of_images(choice, (picture, side))

exact, train = cached.spectrum(choice.dataset), cached.dataset(choice.dataset).train
table = eigenimages(exact.mean, exact.eigenvalues, exact.components, train.x[list(train.spread(N_COMPONENTS + 1))], n=N_COMPONENTS)
with side:
    making.explained(choice.dataset, len(table.heads) - 1)
    st.page_link(links.page("linear/pca_images"), label="PCA of these images", icon=":material/filter_frames:")
with picture:
    page.image_table(table)
    page.conclude(findings.conclusion(exact.eigenvalues, text))
    page.footer(
        seeing=text.seeing,
        try_this=text.try_this,
        answer=lambda: findings.answer(exact.eigenvalues, text),
        notebook=text.lines("notebook", dataset=choice.dataset, n=N_COMPONENTS),
        downloads=page.downloads(f"{choice.dataset}-eigenimages", table, lambda: spectrum_csv(exact.eigenvalues)),
    )
