"""The plate: what each of N images has for itself, and what they share; with one encoder for all, or q of its own for each."""

from __future__ import annotations

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.elbo.inside import cached as inside_cached
from pages.elbo.inside import model
from pages.elbo.inside.diagram.diagram import diagram
from pages.shared import cached, controls, page, words
from pages.shared.controls import Choice
from pages.shared.links import bound
from pages.shared.part import Part
from pages.shared.words import Words
from vae_core.drawing.tables import csv
from vae_core.explore.elbo import inside_figure
from vae_core.explore.elbo.inside import Plate
from vae_core.identities import identity

GIST = "Inside the frame stands what each of N images has for itself, outside what all of them share. Fan the copies out."
COUNTS = (1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 60_000)
NUMBERS = {f"{count:,}": count for count in COUNTS}
"""N as it is written → N."""
ENCODER, FREE = "one encoder", "each its own"


def draw(picture: DeltaGenerator, side: DeltaGenerator, choice: Choice) -> Part:
    """Draw the plate and how many numbers q needs, and the controls beside them."""
    text = words.beside(__file__)
    with picture:
        spec = model.vae(choice)
    plate, n_train = inside_cached.plate(spec), identity(choice.dataset).n_train
    with side:
        n = NUMBERS[st.select_slider("Images N", list(NUMBERS), value="1,000", **bound("plate_n"))]
        about = "One encoder: amortised inference, q(z|x) from a network. Each its own: a mean and a width are fitted for each image."
        amortised = controls.segmented("q of an image", (ENCODER, FREE), "plate_q", help=about) == ENCODER
        fan = st.toggle("Fan the copies out", value=True, **bound("plate_fan"))
        method = f"Exact, counted in the model: θ = {plate.theta:,}, φ = {plate.phi:,}, d = {plate.latent_dim}."
        page.number("Numbers that describe q", f"{plate.of_q(n, amortised=amortised):,}", method, of=spec)
    with picture:
        sizes = (plate.theta, plate.phi, plate.latent_dim)
        drawing = inside_figure.plate_drawing(n, *sizes, amortised=amortised, fan=fan)
        diagram(drawing)
        page.chart(cached.lasting_chart("numbers of q", (spec.fingerprint, n), lambda: _chart(plate, n)))
    values = {"dataset": spec.dataset, "d": spec.latent_dim, "n": n, "amortised": amortised, "fan": fan}
    return Part(
        text=text,
        conclusion=_conclusion(plate, n, amortised, text),
        answer=lambda: _answer(plate, n_train, choice, text),
        notebook=text.lines("notebook", **values),
        downloads=[
            page.Download("SVG", "plate.svg", "image/svg+xml", drawing.svg.encode()),
            page.Download("CSV", "numbers-of-q.csv", "text/csv", lambda: _csv(plate)),
        ],
    )


def _chart(plate: Plate, n: int) -> object:
    counts = np.array(COUNTS)
    free = 2.0 * plate.latent_dim * counts
    return inside_figure.numbers_of_q(counts, free, plate.phi, n, plate.break_even)


def _conclusion(plate: Plate, n: int, amortised: bool, text: Words) -> str:
    """What N more images would add."""
    values = {"n": f"{n:,}", "local": f"{plate.local(n):,}", "theta": f"{plate.theta:,}", "phi": f"{plate.phi:,}"}
    return text.said("conclusion" if amortised else "conclusion-free", **values, own=f"{plate.of_q(n, amortised=False):,}")


def _answer(plate: Plate, n_train: int, choice: Choice, text: Words) -> str:
    """Where the encoder begins to be smaller, and how both stand on the training images."""
    own = f"{plate.of_q(n_train, amortised=False):,}"
    less = "fewer" if plate.phi < plate.of_q(n_train, amortised=False) else "more"
    values = {"own": own, "phi": f"{plate.phi:,}", "less": less, "at": f"{plate.break_even:,.0f}"}
    return text.said("answer", **values, n=f"{n_train:,}", title=choice.title)


def _csv(plate: Plate) -> bytes:
    """Numbers inside the plate and outside, for each N."""
    rows = ([n, plate.theta, plate.local(n), plate.of_q(n, amortised=True), plate.of_q(n, amortised=False)] for n in COUNTS)
    return csv(["images", "theta", "local_z", "q_encoder", "q_free"], rows)
