"""Gradient estimates: unbiased, with the exact variances, and an error that falls as one over the root of N."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from tests.harness import tiny_model
from vae_core import data
from vae_core.explore.elbo import estimators, inside

NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(12)
"""Of ∫ N(ε; 0, 1): exact for polynomials up to the degree 23."""
PLACES = [(0.0, 1.0), (1.0, 1.0), (2.0, 0.5), (-1.5, 2.0)]


def error_of_variance(draws: np.ndarray) -> float:
    """Standard error of the variance of draws."""
    apart = (draws - draws.mean()) ** 2
    return float(apart.std() / math.sqrt(len(draws)))


@pytest.mark.parametrize("baseline", [False, True])
@pytest.mark.parametrize(("mu", "sigma"), PLACES)
def test_variances_are_the_exact_ones(mu: float, sigma: float, baseline: bool) -> None:
    exact = estimators.exact_variances(mu, sigma, baseline=baseline)
    z, b = mu + sigma * NODES, mu**2 + sigma**2 if baseline else 0
    share = WEIGHTS / WEIGHTS.sum()
    for draw, variance in zip((2 * z, (z**2 - b) * NODES / sigma), exact, strict=True):
        assert share @ draw == pytest.approx(2 * mu, abs=1e-9)
        assert share @ draw**2 - 4 * mu**2 == pytest.approx(variance)
    known = 8 * mu**2 + 10 * sigma**2 if baseline else mu**4 / sigma**2 + 14 * mu**2 + 15 * sigma**2
    assert exact == (pytest.approx(4 * sigma**2), pytest.approx(known))
    race = estimators.of_square(mu, sigma, seed=1, baseline=baseline)
    for draws, variance in zip((race.pathwise, race.score), exact, strict=True):
        assert draws.mean() == pytest.approx(2 * mu, abs=3 * math.sqrt(variance / len(draws)))
        assert draws.var(ddof=1) == pytest.approx(variance, abs=3 * error_of_variance(draws))


def test_both_estimates_of_a_vae_agree_with_quadrature() -> None:
    model, image = tiny_model("vae", latent_dim=3), data.load("digits").test.x[0]
    x = inside.observed(model, image)
    with torch.no_grad():
        q = model.posterior(x)
    nodes, weights = np.polynomial.hermite_e.hermegauss(9)
    grid = torch.tensor(np.stack(np.meshgrid(nodes, nodes, nodes), -1).reshape(-1, 3), dtype=torch.float32)
    share = np.prod(np.stack(np.meshgrid(weights, weights, weights), -1).reshape(-1, 3), 1) / weights.sum() ** 3
    z = q.at(grid).detach().requires_grad_()
    (slope,) = torch.autograd.grad(-model.likelihood(z).log_prob(x).sum(), z)
    for dim in (0, 2):
        expected = float(share @ slope[:, dim].double().numpy())
        for baseline in (False, True):
            race = estimators.of_model(model, image, dim, seed=3, baseline=baseline, n=2000)
            for draws in (race.pathwise, race.score):
                assert draws.mean() == pytest.approx(expected, abs=3 * draws.std() / math.sqrt(len(draws)))
            assert abs(race.apart) < 3
    plain, less = (estimators.of_model(model, image, 0, seed=3, baseline=b, n=2000) for b in (False, True))
    assert plain.ratio > less.ratio


def test_the_error_of_the_mean_falls_as_one_over_the_root_of_n() -> None:
    race = estimators.of_square(1.0, 1.0, seed=1)
    for draws, variance in zip((race.pathwise, race.score), race.variances, strict=True):
        spread, half_width = estimators.spread_of_means(draws)
        assert (np.abs(spread - np.sqrt(variance / np.array(estimators.COUNTS))) < 1.5 * half_width).all()  # three standard errors
        assert estimators.slope_of(spread) == pytest.approx(-0.5, abs=0.02)


def test_the_interval_of_a_ratio_of_variances_is_the_spread_of_such_ratios() -> None:
    """Without a baseline at μ = 0, as if nothing were known exactly."""
    races = [estimators.of_square(1.0, 1.0, seed, n=2000) for seed in range(300)]
    measured = [estimators.Race(race.pathwise, race.score) for race in races]
    spread = np.std([race.ratio for race in measured])
    assert np.mean([race.times.half_width for race in measured]) == pytest.approx(1.96 * spread, rel=0.15)
    assert measured[0].times_less.value == pytest.approx(1 / measured[0].times.value)
    assert races[0].times.half_width is None and races[0].times.value == races[0].ratio


def test_the_interval_of_a_spread_is_the_spread_of_such_spreads_however_heavy_the_tails() -> None:
    """Of single draws by the score function that of a normal distribution would be a fourth as wide."""
    both = [estimators.of_square(1.0, 1.0, seed, n=8000) for seed in range(300)]
    for name in ("pathwise", "score"):
        spreads, half_widths = zip(*(estimators.spread_of_means(getattr(race, name), (1, 10)) for race in both), strict=True)
        np.testing.assert_allclose(np.mean(half_widths, 0), 1.96 * np.std(spreads, 0), rtol=0.2)
