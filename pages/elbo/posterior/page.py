"""Which posterior does a VAE use, and what does each approximation cost? The exact posterior of a test image under the encoder's q."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from pages.elbo.posterior import cached as posterior
from pages.elbo.posterior import findings, view
from pages.elbo.posterior.controls import LARGER, choose
from pages.shared import controls, page, words
from pages.shared.draws import draws

choice, text = controls.choice(), words.beside(__file__)
gist = "Blue is the posterior p(z|x) of one test image, and the ellipse is the encoder's q. Press Ascend: how much nearer can q come?"
page.header("Which posterior does a VAE use?", gist if choice.has_data else controls.what_needs_no_data(choice))
picture, side = page.columns()
with side:
    choice = controls.opened_at_two(replace(choice, family="vae"), LARGER)
draws.instead_of_images(choice, (picture, side))
with picture:
    spec = controls.model_in_focus(choice)
if spec is None:
    st.stop()
with side:
    chosen = choose(spec, picture)
seen = view.view_of(chosen)
with side:
    view.numbers(seen)
    st.html(view.pictures(seen).to_html(most=72))
with picture:
    view.draw(seen)
    page.conclude(findings.conclusion(seen, text))
    page.footer(
        seeing=text.seeing,
        try_this=text.try_this,
        answer=lambda: findings.answer(seen, text),
        notebook=findings.notebook(seen, text),
        downloads=view.downloads(seen),
    )
if chosen.is_plane:
    posterior.prepare(spec)
