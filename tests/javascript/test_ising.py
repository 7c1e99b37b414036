"""The grid of spins in JavaScript, against NumPy, and a chain of its states against the sum over all of them."""

from __future__ import annotations

import numpy as np
import pytest

from tests.javascript.engine import evaluate
from vae_core.explore.elbo import ising

ISING = ("pages/elbo/evidence/ising/ising_picture/ising.js",)
STATES = [0, 1 << 5, 0b0000_0110_0110_0000, 0b1010_0101_1010_0101, 40_503, 2**16 - 1]
LEVELS = {"agreement": ising.levels().agreement.tolist(), "states": ising.levels().n_states.tolist()}


def test_the_agreement_of_a_state_is_numpys() -> None:
    assert evaluate(ISING, "return states.map(agreementOf);", states=STATES) == ising.agreement(np.array(STATES)).tolist()


@pytest.mark.parametrize("coupling", [0.0, 0.44, 1.0])
def test_the_normaliser_and_its_slope_are_numpys(coupling: float) -> None:
    levels, found = ising.levels(), evaluate(ISING, "return ensembleOf(levels, coupling);", levels=LEVELS, coupling=coupling)
    assert found["logZ"] == pytest.approx(levels.log_normaliser(coupling), rel=1e-6)
    assert found["mean"] == pytest.approx(levels.mean_agreement(coupling), rel=1e-6, abs=1e-12)
    np.testing.assert_allclose(found["probabilities"], levels.probabilities(coupling), rtol=1e-6)
    slope = (levels.log_normaliser(coupling + 1e-4) - levels.log_normaliser(coupling - 1e-4)) / 2e-4
    assert levels.mean_agreement(coupling) == pytest.approx(slope, abs=1e-5)


def test_a_spin_given_the_others_is_the_ratio_of_two_probabilities_of_states() -> None:
    found = evaluate(ISING, "return states.map((s) => NEIGHBOURS.map((_, k) => upOf(s, k, 0.44)));", states=STATES)
    ups = np.array([[ising.agreement(state | 1 << k) for k in range(16)] for state in STATES])
    downs = np.array([[ising.agreement(state & ~(1 << k)) for k in range(16)] for state in STATES])
    np.testing.assert_allclose(found, 1 / (1 + np.exp(0.44 * (downs - ups))), rtol=1e-6)


def test_a_chain_meets_each_agreement_as_often_as_it_is_probable() -> None:
    lines = """
    let state = 0, seed = 1;
    const uniform = () => (seed = (seed * 48271) % 2147483647) / 2147483647, counts = {};
    for (let k = 0; k < 4000; k++) {
      state = swept(state, 0.3, uniform);
      counts[agreementOf(state)] = (counts[agreementOf(state)] ?? 0) + 1;
    }
    return levels.agreement.map((one) => (counts[one] ?? 0) / 4000);
    """
    found, exact = evaluate(ISING, lines, levels=LEVELS), ising.levels().probabilities(0.3)
    np.testing.assert_allclose(found, exact, atol=0.025)  # neighbouring states of the chain are alike: three standard errors
