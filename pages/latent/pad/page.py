"""What lies between the images? A plane of codes to drag on, the decoded image following the finger."""

from __future__ import annotations

import numpy as np
import streamlit as st

from pages.latent.controls import code_field, codes_download, columns_at_two, decoder, two_dims
from pages.latent.pad import findings
from pages.latent.pad.view import number_at
from pages.shared import cached, controls, page, words
from pages.shared.latent_pad.cached import codes_file, decoded
from pages.shared.latent_pad.latent_pad import Plane, latent_pad
from vae_core.drawing.canvas import kept_png
from vae_core.explore.codes import view_of

choice = controls.choice()
text = words.beside(__file__)
gist = "Drag on the plane of codes: the decoder draws E[x | z] as you move. The symbols are test images, placed at their codes."
page.header("What lies between the images?", gist if choice.has_data else controls.what_needs_no_data(choice))
choice, (picture, side) = columns_at_two(choice)
with picture:
    spec = controls.model_in_focus(choice)
    payload = decoder(spec)
if payload is None:
    st.stop()
codes = cached.test_codes(spec) if choice.has_data else None

with side:
    layer = controls.segmented("On the plane", ("codes", "images"), key="layer")
    dims = two_dims(codes, spec.latent_dim)
    home = (0.0,) * spec.latent_dim if codes is None else tuple(codes.centre.tolist())
    code_field(home)

with picture:
    plane = Plane(
        dims=dims,
        view=(0.0, 0.0, 3.3) if codes is None else view_of(codes, dims),
        home=home,
        has_prior=cached.offers(spec).has_density,
        layer=layer,
    )
    z = latent_pad(payload, codes_file(spec) if choice.has_data else None, plane)
    image = decoded(spec, np.array([z]))[0]
    page.conclude(findings.conclusion(spec, np.array(z), codes, text))
    page.footer(
        seeing=text.seeing,
        try_this=text.try_this,
        answer=lambda: findings.answer(choice, text),
        notebook=text.lines("notebook", z=list(z), **choice.values()),
        downloads=[
            page.Download("Image", f"{choice.dataset}-decoded.png", "image/png", kept_png(image)),
            *codes_download(spec, choice),
        ],
    )
with side:
    number_at(spec, np.array(z), codes, has_prior=plane.has_prior)
