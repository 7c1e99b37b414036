"""How bright are the test images? The page that a test adds: a folder, and one line in the table of pages."""

from __future__ import annotations

import streamlit as st

from pages.shared import cached, controls, page, words
from pages.shared.links import bound
from vae_core.drawing.image_table import Head, ImageTable, Tile
from vae_core.drawing.tables import csv

choice, text = controls.choice(), words.beside(__file__)
page.header("How bright are the images?", f"The first test images of {choice.title}.")
picture, side = page.columns()
x = cached.dataset(choice.dataset).test.x
with side:
    with controls.advanced({"bright_n": 4}):
        n = st.slider("How many", 1, 8, 4, **bound("bright_n"))
    page.number("Mean brightness", f"{x.mean() / 255:.3f}", f"Mean of all pixels in [0, 1], n = {len(x):,} test images.")
with picture:
    table = ImageTable(tuple(Head(f"{k}") for k in range(n)), (tuple(Tile(image) for image in x[:n]),), ("original",))
    page.image_table(table)
    page.conclude(text.said("conclusion", mean=f"{x.mean() / 255:.2f}"))
    page.footer(
        seeing=text.seeing,
        try_this=text.try_this,
        answer=lambda: text.said("answer", mean=f"{x.mean() / 255:.3f}"),
        notebook=text.lines("notebook", dataset=choice.dataset),
        downloads=page.downloads("brightness", table, csv(["image", "brightness"], enumerate(x.mean((1, 2, 3)) / 255))),
    )
