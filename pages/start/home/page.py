"""How do two numbers become a digit? The plane of a small VAE, moving, between its encoder and its decoder; and three ways on."""

from __future__ import annotations

import numpy as np
import streamlit as st

from pages.shared import cached, page, words
from pages.shared.latent_pad.cached import codes_file, decoded, decoder_file
from pages.shared.latent_pad.latent_pad import Plane
from pages.start.home import findings, view
from pages.start.home.diagram.diagram import diagram
from vae_core import data
from vae_core.drawing.canvas import kept_png
from vae_core.explore.codes import view_of

text = words.beside(__file__)
gist = "An encoder turns each image into two numbers, the code z. A decoder turns them back into an image: drag the point and watch."
page.header("How do two numbers become a digit?", gist)
spec = view.two_numbers()
if spec is None:
    st.info("No VAE with two latent dimensions is trained here. Open *Train a model* and start one.")
    st.stop()
codes = cached.test_codes(spec) if data.available(spec.dataset) else None
plane = Plane(
    dims=(0, 1),
    view=(0.0, 0.0, 3.3) if codes is None else view_of(codes, (0, 1)),
    home=(0.0, 0.0),
    has_prior=True,
)
z = diagram(decoder_file(spec), None if codes is None else codes_file(spec), plane)
page.conclude(findings.conclusion(spec, text), draw=st.caption)
page.footer(
    seeing=text.seeing,
    try_this=text.try_this,
    answer=lambda: findings.answer(spec, codes, text),
    notebook=text.lines("notebook", z=list(z), dataset=spec.dataset),
    downloads=[page.Download("Image", f"{spec.dataset}-decoded.png", "image/png", kept_png(decoded(spec, np.array([z]))[0]))],
)
