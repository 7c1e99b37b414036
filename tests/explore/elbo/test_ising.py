"""The Ising grid's normaliser is the sum over all states."""

from __future__ import annotations

import math

import numpy as np
import pytest

from vae_core.explore.elbo import ising
from vae_core.explore.elbo.ising_figure import levels_and_normaliser


def transfer(coupling: float) -> float:
    """ln Z by a second method: row by row, a product of matrices of 16 × 16."""
    rows = np.array([[1 if row >> k & 1 else -1 for k in range(4)] for row in range(16)])
    within = np.exp(coupling * (rows[:, 1:] * rows[:, :-1]).sum(1))
    between = np.exp(coupling * rows @ rows.T)
    total = within
    for _ in range(3):
        total = within * (between @ total)
    return math.log(total.sum())


@pytest.mark.parametrize(("coupling", "known"), [(0.0, 16 * math.log(2)), (0.44, 13.667552)])
def test_the_normaliser_is_the_one_known(coupling: float, known: float) -> None:
    assert ising.levels().log_normaliser(coupling) == pytest.approx(known, abs=1e-6)


@pytest.mark.parametrize("coupling", [0.0, 0.1, 0.44, 1.0])
def test_the_normaliser_is_that_of_transfer_matrices(coupling: float) -> None:
    levels = ising.levels()
    assert levels.log_normaliser(coupling) == pytest.approx(transfer(coupling), abs=1e-9)
    assert levels.probabilities(coupling).sum() == pytest.approx(1)
    of_each = np.exp(coupling * ising.agreement(np.arange(ising.N_STATES)) - levels.log_normaliser(coupling))
    assert of_each.sum() == pytest.approx(1)
    assert math.exp(levels.log_probability(1234, coupling)) == pytest.approx(of_each[1234])


def test_a_flip_turns_one_spin_and_its_neighbours_disagree() -> None:
    assert ising.agreement(0) == ising.agreement(ising.N_STATES - 1) == 24
    assert (ising.spins(ising.flipped(0, 6)) > 0).ravel().nonzero()[0].tolist() == [6]
    assert ising.agreement(ising.flipped(0, 0)) == 24 - 2 * 2
    assert ising.agreement(ising.flipped(0, 5)) == 24 - 2 * 4
    with pytest.raises(ValueError, match="state must be between"):
        ising.levels().log_probability(ising.N_STATES, 0.1)


def test_the_number_of_states_is_told_by_its_digits() -> None:
    assert [ising.n_digits_of_states(n) for n in (3, 4, 16, 784)] == [len(str(2**n)) for n in (3, 4, 16, 784)]


def test_the_chart_of_the_grid_holds_its_levels() -> None:
    levels, couplings = ising.levels(), np.linspace(0, 1, 5)
    curve = np.array([levels.log_normaliser(one) for one in couplings])
    chart = levels_and_normaliser(levels.agreement, levels.probabilities(0.3), 24, couplings, curve, (0.5, curve[2]))
    assert chart.data[0]["y"].sum() == pytest.approx(1)
    assert chart.data[0]["marker"]["color"][-1] != chart.data[0]["marker"]["color"][0]
