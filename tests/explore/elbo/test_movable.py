"""Which distributions can be moved to the input: gradients of each beside the exact one, and the bias of the relaxed Bernoulli."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from scipy.integrate import quad
from scipy.special import expit

from vae_core.explore.elbo import movable

SCIPYS = {"Gaussian": stats.norm, "Laplace": stats.laplace, "logistic": stats.logistic}
U = movable.uniforms(20_000, seed=1)


@pytest.mark.parametrize("law", SCIPYS)
def test_a_location_scale_family_is_moved_and_its_gradient_is_right(law: str) -> None:
    np.testing.assert_allclose(movable.standard(law, U[:200]), SCIPYS[law].ppf(U[:200]), rtol=1e-9, atol=1e-12)
    spread = SCIPYS[law].var() * movable.SCALE**2

    def expected(m: float) -> float:
        return spread + (m - movable.TARGET) ** 2

    for m in (-1.0, 0.5, 2.0):
        exact = movable.exact_gradient(law, m)
        assert exact == pytest.approx((expected(m + 1e-4) - expected(m - 1e-4)) / 2e-4)
        found = movable.estimate(movable.pathwise(law, m, U))
        assert abs(found.mean - exact) < 3 * found.standard_error


@pytest.mark.parametrize("log_odds", [-1.5, 0.0, 1.0])
def test_a_step_has_no_gradient_and_the_score_function_has_the_right_one(log_odds: float) -> None:
    def expected(at: float) -> float:
        return float(expit(at) * movable.f(1.0) + expit(-at) * movable.f(0.0))

    exact = movable.exact_gradient("Bernoulli", log_odds)
    assert exact == pytest.approx((expected(log_odds + 1e-4) - expected(log_odds - 1e-4)) / 2e-4)
    assert movable.moved("Bernoulli", log_odds, U).mean() == pytest.approx(expit(log_odds), abs=0.012)
    assert not movable.pathwise("Bernoulli", log_odds, U).any()
    found = movable.estimate(movable.by_score(log_odds, U))
    assert abs(found.mean - exact) < 3 * found.standard_error


@pytest.mark.parametrize("temperature", [0.2, 0.5, 2.0])
def test_the_bias_of_the_relaxed_one_is_that_of_its_own_expectation(temperature: float) -> None:
    def expected(at: float) -> float:
        return quad(lambda u: movable.f(movable.relaxed(at, temperature, np.array(u))), 0, 1, epsabs=1e-12, limit=200)[0]

    mean, deviation = movable.relaxed_moments(1.0, temperature)
    assert mean == pytest.approx((expected(1.001) - expected(0.999)) / 0.002, abs=1e-6)
    draws = movable.pathwise_relaxed(1.0, temperature, U)
    assert abs(draws.mean() - mean) < 3 * deviation / np.sqrt(len(U))
    assert draws.std() == pytest.approx(deviation, rel=0.05)
    assert movable.bias(1.0, temperature) == pytest.approx(mean - movable.exact_gradient("Bernoulli", 1.0))


def test_the_bias_goes_to_0_with_the_temperature_and_the_spread_does_not() -> None:
    biases = [abs(movable.bias(1.0, temperature)) for temperature in (0.4, 0.1, 0.02)]
    spreads = [movable.relaxed_moments(1.0, temperature)[1] for temperature in (0.4, 0.1, 0.02)]
    assert biases == sorted(biases, reverse=True)
    assert biases[1] / biases[2] == pytest.approx(5, rel=0.05)
    assert spreads[2] / spreads[1] == pytest.approx(np.sqrt(5), rel=0.05)
    at = movable.gradients("Bernoulli", 0.5, 500, seed=0)
    assert set(at.estimates) == {"pathwise", "relaxed", "score function"}
    draws = movable.by_score(at.parameters[8], movable.uniforms(500, 0))
    means, half_widths = at.estimates["score function"]
    assert (means[2], half_widths[2]) == (pytest.approx(draws.mean()), pytest.approx(1.959964 * stats.sem(draws)))
    assert at.relaxed is not None
    assert movable.gradients("Laplace", 0.5, 500, seed=0).relaxed is None


def test_an_unknown_distribution_is_refused() -> None:
    with pytest.raises(ValueError, match="law must be one of Gaussian, Laplace, logistic"):
        movable.standard("Bernoulli", U)
