"""Guessing the code: p(x) of a test image by draws, beside its exact value, and what the guesses look like."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.elbo.evidence.guess import findings, view
from pages.elbo.evidence.guess.controls import choose
from pages.shared import page, words
from pages.shared.controls import Choice
from pages.shared.draws import draws
from pages.shared.part import Part

GIST = "p(x) is the mean of p(x|z) over codes z from the prior. So draw K codes, and average: how many of them count?"


def draw(picture: DeltaGenerator, side: DeltaGenerator, choice: Choice) -> Part:
    """Draw the images, the weights and the estimate, and the controls beside them."""
    draws.instead_of_images(choice, (picture, side))
    text = words.beside(__file__)
    with side:
        guess = choose(choice)
    if guess is None:
        st.info(f"The images of {choice.title} span too few dimensions for this d. Choose a smaller one, or another data set.")
        st.stop()
    with picture:
        table = view.draw(guess)
    with side:
        view.numbers(guess)
    values = {"dataset": guess.dataset, "d": guess.latent_dim, "index": guess.index, "n": guess.n, "seed": guess.seed}
    return Part(
        text=text,
        conclusion=findings.conclusion(guess, text),
        answer=lambda: findings.answer(guess, text),
        notebook=text.lines("notebook", source="posterior" if guess.posterior else "prior", **values),
        downloads=page.downloads(f"{guess.dataset}-guesses", table, lambda: view.csv_of(guess)),
    )
