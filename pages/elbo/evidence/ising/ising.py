"""A grid of spins: the weight of a state at once, its probability by a sum over every state."""

from __future__ import annotations

import math

from streamlit.delta_generator import DeltaGenerator

from pages.elbo.evidence import findings
from pages.elbo.evidence.ising.ising_picture.ising_picture import ising_picture
from pages.shared import page, words
from pages.shared.controls import Choice
from pages.shared.part import Part
from pages.shared.words import Words
from vae_core.drawing.tables import csv
from vae_core.explore.elbo import ising
from vae_core.explore.elbo.ising import N_SPINS, N_STATES
from vae_core.units import signed, tiny

GIST = "Flip spins and drag J: the weight of a state is known at once, but its probability needs the sum over all 65,536 states."
CRITICAL = 0.44
"""Near the coupling at which an infinite grid orders itself, ½ ln(1 + √2)."""
N_PIXELS = 28 * 28
"""Of a picture of MNIST."""


def draw(picture: DeltaGenerator, side: DeltaGenerator, choice: Choice) -> Part:
    """Draw the grid, the levels and the normaliser, and its number beside them."""
    text = words.beside(__file__)
    with picture:
        state, coupling = ising_picture(ising.levels())
    with side:
        _numbers(coupling)
    return Part(
        text=text,
        conclusion=_conclusion(state, coupling, text),
        answer=lambda: _answer(text),
        notebook=text.lines("notebook", state=state, coupling=coupling),
        downloads=[page.Download("CSV", "ising.csv", "text/csv", lambda: _csv(coupling))],
    )


def _numbers(coupling: float) -> None:
    """The normaliser."""
    levels = ising.levels()
    method = (
        f"Exact: a sum over n = {N_STATES:,} states. At J = 0 it is {N_SPINS} ln 2 = {levels.log_normaliser(0):.6f}. "
        f"Its slope in J is the mean agreement, {levels.mean_agreement(coupling):.3f}."
    )
    page.number("ln Z", f"{levels.log_normaliser(coupling):.6f} nats", method)


def _conclusion(state: int, coupling: float, text: Words) -> str:
    """The weight, the probability, and what it took."""
    agreement = int(ising.agreement(state))
    values = {"agreement": signed(agreement, 0), "log_weight": signed(coupling * agreement, 3)}
    log_probability = ising.levels().log_probability(state, coupling)
    values |= {"probability": tiny(math.exp(log_probability), 3), "n": f"{N_STATES:,}"}
    return text.said("conclusion", **values, digits=ising.n_digits_of_states(N_PIXELS))


def _answer(text: Words) -> str:
    """How probable the two uniform states are, without coupling and near the critical one."""
    at = {name: f"{findings.uniform(j):.3g}" for name, j in (("free", 0.0), ("critical", CRITICAL), ("one", 1.0))}
    return text.said("answer", n=f"{N_STATES:,}", critical_j=CRITICAL, **at)


def _csv(coupling: float) -> bytes:
    """Every level with its number of states and its probability."""
    levels = ising.levels()
    rows = zip(levels.agreement.tolist(), levels.n_states.tolist(), levels.probabilities(coupling).tolist(), strict=True)
    return csv(["agreement", "states", "probability"], rows, digits=10)
