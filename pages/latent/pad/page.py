"""What lies between the images? A plane of codes to drag on, the decoded image following the finger."""

from __future__ import annotations

import numpy as np
import streamlit as st

from pages.latent import cached as manifolds
from pages.latent.latent_pad import Plane, latent_pad
from pages.shared import cached, controls, latent_controls, page, words
from vae_core.drawing.images import image_png
from vae_core.explore.codes import view_of

choice = controls.choice()
text = words.beside(__file__)
gist = f"Drag on the plane of codes: the decoder draws E[x | z] as you move. Beneath: codes of test images of {choice.title}."
page.header("What lies between the images?", gist if choice.has_data else controls.what_needs_no_data(choice))
spec = latent_controls.focus(choice)
decoder = latent_controls.decoder(spec)
if decoder is None:
    st.stop()
picture, side = page.columns()
codes = manifolds.test_codes(spec) if choice.has_data else None

with side:
    layer = controls.segmented("On the plane", ("codes", "images"), key="layer")
    dims = latent_controls.two_dims(codes, spec.latent_dim)
    latent_controls.go_to_two_dims(choice)
    home = (0.0,) * spec.latent_dim if codes is None else tuple(codes.centre.tolist())
    latent_controls.code_field(home)

with picture:
    plane = Plane(
        dims=dims,
        view=(0.0, 0.0, 3.3) if codes is None else view_of(codes, dims),
        home=home,
        has_prior=cached.offers(spec).has_density,
        layer=layer,
    )
    z = latent_pad(decoder, manifolds.pad_codes(spec) if choice.has_data else None, plane)
    image = manifolds.decoded(spec, np.array([z]))[0]
    page.footer(
        seeing=text.seeing,
        try_this=text.try_this,
        notebook=text.lines("notebook", z=list(z), **choice.values()),
        downloads=[
            page.Download("Image", f"{choice.dataset}-decoded.png", "image/png", image_png(image, times=8)),
            *latent_controls.codes_download(spec, choice),
        ],
    )
with side:
    latent_controls.number_at(np.array(z), codes, has_prior=plane.has_prior)
