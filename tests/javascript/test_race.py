"""Two estimates of a gradient in JavaScript, against NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from tests.javascript.engine import evaluate
from vae_core.explore.elbo import estimators

RACE = ("pages/elbo/inside/race/race_picture/race.js",)


@pytest.mark.parametrize(("mu", "sigma", "baseline"), [(0.0, 1.0, False), (3.0, 0.1, False), (-2.0, 3.0, True), (1.3, 0.7, True)])
def test_both_estimates_and_their_spreads_are_numpys(mu: float, sigma: float, baseline: bool) -> None:
    race, eps = estimators.of_square(mu, sigma, 5, baseline=baseline, n=4_000), estimators.noise(5, 4_000)
    lines = """
    const factors = factorsOf(mu, sigma, baseline);
    return [variancesOf(mu, sigma, baseline), factors.map((one) => covariances.map((c) => spreadOf(one, c))),
      factors.map((one) => sharesOf(one, eps, reach, 61))];
    """
    reach, counts = 6.0 + abs(3 * mu), (1, 5, 20, 200)
    covariances = estimators.covariances_of_means(eps, counts).tolist()
    given = {"mu": mu, "sigma": sigma, "baseline": baseline, "covariances": covariances, "eps": eps.tolist(), "reach": reach}
    variances, spreads, shares = evaluate(RACE, lines, **given)
    np.testing.assert_allclose(variances, race.exact, rtol=1e-6)
    for draws, theirs, histogram in zip((race.pathwise, race.score), spreads, shares, strict=True):
        np.testing.assert_allclose(theirs, estimators.spread_of_means(draws, counts)[0], rtol=1e-6)
        np.testing.assert_allclose(histogram, np.histogram(draws, 61, (-reach, reach))[0] / len(draws), atol=1e-12)


@pytest.mark.parametrize(("mu", "sigma", "baseline"), [(0.0, 1.0, False), (1.3, 0.7, True)])
def test_the_whiskers_of_a_spread_know_how_heavy_the_tails_of_a_draw_are(mu: float, sigma: float, baseline: bool) -> None:
    """By Gauss's rule, which is exact for the twelfth power of a Gaussian's noise."""
    at, weights = np.polynomial.hermite_e.hermegauss(20)
    weights = weights / weights.sum()
    line = "return factorsOf(mu, sigma, baseline).map((one) => [1, 10].map((count) => errorOfSpread(kurtosisOf(one), count, 400)));"
    errors = evaluate(RACE, line, mu=mu, sigma=sigma, baseline=baseline)
    z, b = mu + sigma * at, mu**2 + sigma**2 if baseline else 0.0
    for draws, theirs in zip((2 * z, (z**2 - b) * at / sigma), errors, strict=True):
        squares = np.square(draws - weights @ draws)
        kurtosis = weights @ squares**2 / (weights @ squares) ** 2
        np.testing.assert_allclose(theirs, [0.5 * np.sqrt((2 + (kurtosis - 3) / count) / 400) for count in (1, 10)], rtol=1e-9)
