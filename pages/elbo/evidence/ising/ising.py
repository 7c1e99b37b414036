"""A grid of spins: the weight of a state at once, its probability by a sum over every state."""

from __future__ import annotations

import math

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.elbo.evidence import findings
from pages.shared import cached, page, words
from pages.shared.controls import Choice
from pages.shared.links import bound
from pages.shared.part import Part
from pages.shared.words import Words
from vae_core.drawing.tables import csv
from vae_core.explore.elbo import ising
from vae_core.explore.elbo.ising import N_SPINS, N_STATES, SIDE
from vae_core.explore.elbo.ising_figure import levels_and_normaliser
from vae_core.units import signed

GIST = "Flip spins: the weight of a state is known at once. Its probability needs the sum over all 65,536 states."
COUPLING, STATE = "ising_j", "ising_state"
CRITICAL = 0.44
"""Near the coupling at which an infinite grid orders itself, ½ ln(1 + √2)."""
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
N_PIXELS = 28 * 28
"""Of a picture of MNIST."""


def draw(picture: DeltaGenerator, side: DeltaGenerator, choice: Choice) -> Part:
    """Draw the grid, the levels and the normaliser, and the controls beside them."""
    text = words.beside(__file__)
    with side:
        coupling = st.slider("Coupling J", 0.0, 1.0, CRITICAL, 0.01, **bound(COUPLING))
        state = int(st.number_input("State, as a number", 0, N_STATES - 1, 0b0000_0110_0110_0000, **bound(STATE)))
        _numbers(state, coupling)
    with picture:
        spins, chart = st.columns((1, 3))
        with spins:
            _grid(state)
        with chart:
            page.chart(cached.lasting_chart("ising", (state, coupling), lambda: _chart(state, coupling)))
    return Part(
        text=text,
        conclusion=_conclusion(state, coupling, text),
        answer=lambda: _answer(text),
        notebook=text.lines("notebook", state=state, coupling=coupling),
        downloads=[page.Download("CSV", "ising.csv", "text/csv", lambda: _csv(coupling))],
    )


def _grid(state: int) -> None:
    """A button for each spin."""
    ups = ising.spins(state).ravel() > 0
    for row in range(SIDE):
        for column, place in enumerate(st.columns(SIDE, gap="xxsmall")):
            k = row * SIDE + column
            look = "primary" if ups[k] else "secondary"
            place.button("+" if ups[k] else "−", key=f"ising_spin_{k}", type=look, on_click=_flip, args=(k,), width="stretch")


def _flip(k: int) -> None:
    st.session_state[STATE] = ising.flipped(int(st.session_state[STATE]), k)


def _numbers(state: int, coupling: float) -> None:
    """The normaliser."""
    method = f"Exact: a sum over n = {N_STATES:,} states. At J = 0 it is {N_SPINS} ln 2 = {ising.levels().log_normaliser(0):.6f}."
    page.number("ln Z", f"{ising.levels().log_normaliser(coupling):.6f} nats", method)


def _chart(state: int, coupling: float) -> object:
    levels, couplings = ising.levels(), np.linspace(0, 1, 101)
    curve = np.array([levels.log_normaliser(one) for one in couplings])
    bars = levels.agreement, levels.probabilities(coupling), int(ising.agreement(state))
    return levels_and_normaliser(*bars, couplings, curve, (coupling, levels.log_normaliser(coupling)))


def _conclusion(state: int, coupling: float, text: Words) -> str:
    """The weight, the probability, and what it took."""
    agreement = int(ising.agreement(state))
    values = {"agreement": signed(agreement, 0), "log_weight": signed(coupling * agreement, 3)}
    log_probability = ising.levels().log_probability(state, coupling)
    values |= {"probability": _power(math.exp(log_probability)), "n": f"{N_STATES:,}"}
    return text.said("conclusion", **values, digits=ising.n_digits_of_states(N_PIXELS))


def _power(value: float) -> str:
    """A small number as a multiple of a power of ten."""
    mantissa, exponent = f"{value:.2e}".split("e")
    return f"{mantissa} · 10{str(int(exponent)).translate(SUPERSCRIPTS)}" if int(exponent) else mantissa


def _answer(text: Words) -> str:
    """How probable the two uniform states are, without coupling and near the critical one."""
    at = {name: f"{findings.uniform(j):.3g}" for name, j in (("free", 0.0), ("critical", CRITICAL), ("one", 1.0))}
    return text.said("answer", n=f"{N_STATES:,}", critical_j=CRITICAL, **at)


def _csv(coupling: float) -> bytes:
    """Every level with its number of states and its probability."""
    levels = ising.levels()
    rows = zip(levels.agreement.tolist(), levels.n_states.tolist(), levels.probabilities(coupling).tolist(), strict=True)
    return csv(["agreement", "states", "probability"], rows, digits=10)
