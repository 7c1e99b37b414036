"""Where are the holes in the manifold? Decoded images over a plane of codes, several models on the same axes, with their density."""

from __future__ import annotations

import streamlit as st

from pages.latent.controls import opened_at_two, two_dims
from pages.latent.grid.controls import compared, own_dims
from pages.latent.grid.view import GridView, Plane, chart, empty_cells
from pages.shared import cached, controls, page, words
from pages.shared.links import bound
from vae_core.drawing.canvas import DENSITY
from vae_core.explore.manifolds_figure import panel_png

choice = controls.choice()
text = words.beside(__file__)
gist = f"Images decoded at a grid of codes, models of {choice.title}. The background colour shows how many encoded test images fall there."
page.header("Where are the holes in the manifold?", gist if choice.has_data else controls.what_needs_no_data(choice))
picture, side = page.columns()
with side:
    choice = opened_at_two(choice)
with picture:
    spec = controls.model_in_focus(choice)
if spec is None:
    st.stop()

with side:
    shown = controls.segmented("Models", ("side by side", "in focus"), key="shown")
    spacing = controls.segmented("Grid", ("quantile", "linear"), key="grid", help="quantile: z = Φ⁻¹ at equal steps of probability.")
    ground = controls.segmented("Ground", ("codes", "prior", "none") if choice.has_data else ("prior", "none"), key="ground")
    left, right = st.columns(2, gap="small")
    with left:
        n = st.slider("Images per side", 5, 30, 11, **bound("n_grid"))
    with right:
        extent = st.slider("Extent (σ)", 0.5, 5.0, 2.0, 0.5, **bound("extent"))
    unit = controls.segmented("Unit", ("σ of codes", "code"), key="unit", help="σ: of the prior, or of the codes where there is none.")
    dims = two_dims(cached.test_codes(spec) if choice.has_data else None, spec.latent_dim)

specs = {choice.family: spec} if shown == "in focus" else compared(choice, ("vae", "autoencoder", "pca"))
own = {f: dims if s == spec else own_dims(s, choice) for f, s in specs.items()}
view = GridView(specs, own, Plane(n, spacing, extent, unit, ground), choice.has_data)
with side:
    empty_cells(view, choice.family)
with picture:
    chart(view)
    values = {"n": n, "spacing": spacing, "extent": extent, "dims": dims, "as_is": unit == "code", **choice.values()}
    page.footer(
        seeing=text.seeing,
        try_this=text.try_this,
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
