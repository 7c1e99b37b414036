"""How bright is what a model makes of the test images? The page that a test adds: a folder, and one line in the table of pages."""

from __future__ import annotations

import streamlit as st

from pages.shared import cached, controls, page, words
from pages.shared.links import bound
from vae_core.drawing.image_table import Head, ImageTable, Tile
from vae_core.drawing.tables import csv
from vae_core.drawing.theme import mark
from vae_core.explore.means import mean_of

choice, text = controls.choice(), words.beside(__file__)
page.header("How bright are the images that come back?", f"The first test images of {choice.title}, and what a model makes of them.")
picture, side = page.columns()
with picture:
    spec = controls.model_in_focus(choice)
if spec is None:
    st.stop()
x = cached.dataset(choice.dataset).test.x
x_hat = cached.reconstructions(spec, tuple(range(len(x))))
before, after = x.mean((1, 2, 3)) / 255, x_hat.mean((1, 2, 3))
with side:
    with controls.advanced({"bright_n": 4}):
        n = st.slider("Images to show", 1, 8, 4, **bound("bright_n"))
    method = f"Mean of all pixels in [0, 1] ± 95 % confidence interval, n = {len(x):,} test images."
    page.number(f"Mean brightness, {mark(choice.family).short}", str(mean_of(after)), method, of=spec)
with picture:
    rows = tuple(tuple(Tile(image) for image in images[:n]) for images in (x, x_hat))
    table = ImageTable(tuple(Head(f"{k}") for k in range(n)), rows, ("original", mark(choice.family).short))
    page.image_table(table)
    page.conclude(text.said("conclusion", before=mean_of(before), after=mean_of(after)))
    page.footer(
        seeing=text.seeing,
        try_this=text.try_this,
        answer=lambda: text.said("answer", change=mean_of(after - before)),
        notebook=text.lines("notebook", **choice.values()),
        downloads=page.downloads("brightness", table, csv(["original", "reconstruction"], zip(before, after, strict=True))),
    )
