"""How does a VAE compute, and learn, through a random node? Its parts, gradients that stop or flow, two estimates of them, its plate."""

from __future__ import annotations

import streamlit as st

from pages.elbo.inside.network import network
from pages.elbo.inside.node import node
from pages.elbo.inside.noise import noise
from pages.elbo.inside.plate import plate
from pages.elbo.inside.race import race
from pages.shared import controls, page

VIEWS = {"Parts": network, "Trick": node, "Race": race, "Noise": noise, "Plate": plate}
choice = controls.choice()
top = st.container()
picture, side = page.columns()
with side:
    view = VIEWS[controls.segmented("View", tuple(VIEWS), "inside_part")]
with top:
    page.header("How does a VAE learn through a random node?", view.GIST)
shown = view.draw(picture, side, choice)
with picture:
    page.conclude(shown.conclusion)
    page.footer(
        seeing=shown.text.seeing,
        try_this=shown.text.try_this,
        answer=shown.answer,
        notebook=shown.notebook,
        downloads=shown.downloads,
    )
