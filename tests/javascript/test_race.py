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
