"""What stands below the picture and needs Python: a decoder that takes up another prior, and a student's own formula."""

from __future__ import annotations

import streamlit as st

from pages.elbo.kl.cached import absorbed
from pages.elbo.kl.controls import Chosen
from pages.shared import page
from pages.shared.links import bound
from pages.shared.words import Words
from vae_core.drawing.image_table import Head, ImageTable, Tile
from vae_core.explore.elbo.expression import LONGEST, N_POINTS, check
from vae_core.models import default_spec
from vae_core.units import signed, tiny

N_SHOWN, N_COMPARED = 10, 200
"""Draws that are shown, and that are compared."""
OWN = "chosen_formula"
"""Key of the field for a student's formula."""


def draw(chosen: Chosen, text: Words) -> None:
    """The part that was chosen, if it is one of these."""
    if chosen.below == "prior":
        other_prior(text)
    elif chosen.below == "solution":
        solution(text)


def other_prior(text: Words) -> None:
    """Draws of a shipped decoder, and of the one that expects codes from N(m, s²I)."""
    left, right, number = st.columns((2, 2, 3), gap="small")
    mean = left.slider("Prior's mean m", -3.0, 3.0, 2.0, 0.1, **bound("kl_prior_mean"))
    width = right.slider("Prior's width s", 0.2, 5.0, 0.5, 0.1, **bound("kl_prior_width"))
    both = absorbed(default_spec("vae", "digits", 2), mean, width, N_COMPARED)
    with number:
        outputs = f"{both.standard[0].size} outputs, n = {N_COMPARED} draws, VAE of digits"
        page.number("Largest difference", tiny(both.largest_difference), outputs)
    rows = tuple(tuple(Tile(image, "") for image in images[:N_SHOWN]) for images in (both.standard, both.shifted))
    table = ImageTable(tuple(Head("") for _ in range(N_SHOWN)), rows, labels=("N(0, 1)", f"N({mean:g}, {width:g}²)"))
    page.image_table(table, beside=690)
    st.caption(text.sections["prior"])


def solution(text: Words) -> None:
    """A field for the student's own formula, what it is, and the solution, folded."""
    st.text_input(
        "Your KL(N(μ, σ²) ‖ N(0, 1))",
        "",
        max_chars=LONGEST,
        placeholder="mu^2 + …, with mu, sigma, log, sqrt, exp",
        **bound(OWN),
    )
    st.markdown(verdict(st.session_state.get(OWN) or "", text))
    with st.expander("Solution", icon=":material/key:"):
        st.markdown(text.sections["solution"])


def verdict(formula: str, text: Words) -> str:
    """What a formula is beside the divergence, in a sentence."""
    if not formula.strip():
        return text.said("verdict-empty", n=N_POINTS)
    try:
        found = check(formula)
    except ValueError:
        return text.sections["verdict-refused"]
    values = {"mu": signed(found.mu), "sigma": signed(found.sigma), "theirs": signed(found.theirs, 4), "exact": signed(found.exact, 4)}
    return text.said(f"verdict-{found.kind}", **values, by=signed(found.by, 4), n=N_POINTS)
