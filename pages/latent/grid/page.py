"""Where are the holes in the manifold? Decoded images over a plane of codes, several models on the same axes, with their density."""

from __future__ import annotations

import streamlit as st

from pages.latent.grid import findings
from pages.latent.grid.controls import compared, first_row, own_dims, places, plane_of
from pages.latent.grid.view import GridView, Plane, chart, distances, empty_cells, prepare
from pages.shared import controls, page, words
from vae_core.drawing.canvas import DENSITY
from vae_core.explore.manifolds_figure import panel_png

choice = controls.choice()
text = words.beside(__file__)
gist = f"Images decoded at a grid of codes, models of {choice.title}. The colour is the density of test codes; a line bounds empty cells."
page.header("Where are the holes in the manifold?", gist if choice.has_data else controls.what_needs_no_data(choice))
shown, ground, n, spacing, unit = first_row(choice)
place = places(shown)
with place.code:
    choice = controls.opened_at_two(choice, "2 of {d} dimensions.")
with place.picture:
    spec = controls.model_in_focus(choice)
if spec is None:
    st.stop()

with place.plane:
    extent, dims = plane_of(choice, spec)
specs = {choice.family: spec} if shown == "in focus" else compared(choice, ("vae", "autoencoder", "pca"))
own = {f: dims if s == spec else own_dims(s, choice) for f, s in specs.items()}
view = GridView(specs, own, Plane(n, spacing, extent, unit, ground), choice.has_data)
with place.number:
    empty_cells(view, choice.family)
with place.picture:
    chart(view)
    page.conclude(findings.conclusion(view, text))
    distances(view)
    prepare(view)
    values = {"n": n, "spacing": spacing, "extent": extent, "dims": dims, "as_is": unit == "code", **choice.values()}
    page.footer(
        seeing=text.seeing,
        try_this=text.try_this,
        answer=lambda: findings.answer(view, text),
        notebook=text.lines("notebook", **values),
        downloads=[
            page.Download(
                "PNG",
                f"{choice.dataset}-{choice.family}-manifold.png",
                "image/png",
                lambda: panel_png(view.grid(choice.family).images, density=DENSITY),
            )
        ],
    )
