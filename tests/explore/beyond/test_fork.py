"""A ball at a fork: its distribution by a second computation, and networks that say what they say of it."""

from __future__ import annotations

import math
from itertools import islice

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import multivariate_normal, norm

from vae_core.explore.beyond import forecasts, fork
from vae_core.explore.beyond.forecasts import Forecast

PROBABILITIES = (0.1, 0.3, 0.5, 0.7, 0.9)


@pytest.fixture(scope="module")
def told() -> dict[float, Forecast]:
    """Of several stills, by the networks that come along."""
    return {p: forecasts.forecast(p, 1000, 0) for p in PROBABILITIES}


def by_scipy(p: float) -> list[tuple[float, multivariate_normal]]:
    """Both sides of the mixture, by its covariance as a matrix."""
    u = fork.ALONG
    covariance = fork.SPREAD**2 * np.outer(u, u) + fork.NOISE**2 * np.eye(len(u))
    start = fork.place(p) * (1 - u)
    return [(weight, multivariate_normal(start + sign * fork.REACH * u, covariance)) for sign, weight in ((-1, p), (1, 1 - p))]


@pytest.mark.parametrize("p", PROBABILITIES)
def test_the_density_of_a_path_is_that_of_the_mixture(p: float) -> None:
    x = fork.paths(np.full(50, fork.place(p)), np.random.default_rng(0)).x
    expected = np.logaddexp(*(np.log(weight) + side.logpdf(x) for weight, side in by_scipy(p)))
    np.testing.assert_allclose(fork.log_density(x, p), expected, rtol=1e-9)
    width = math.hypot(fork.SPREAD, fork.NOISE)
    at = np.array([-0.6, 0.0, 0.5])
    ends = p * norm.pdf(at, -fork.REACH, width) + (1 - p) * norm.pdf(at, fork.REACH, width)
    np.testing.assert_allclose(fork.end_density(at, p), ends)


@pytest.mark.parametrize("p", PROBABILITIES)
def test_balls_fall_as_their_still_says_and_their_mean_is_the_mean_path(p: float) -> None:
    assert fork.probability(np.array([fork.place(p)]))[0] == pytest.approx(p)
    futures = fork.paths(np.full(40_000, fork.place(p)), np.random.default_rng(1))
    assert futures.is_left.mean() == pytest.approx(p, abs=5 * math.sqrt(p * (1 - p) / 40_000))
    np.testing.assert_array_equal(futures.is_left, futures.x[:, -1] < 0)
    np.testing.assert_allclose(futures.x.mean(0), fork.mean_path(p), atol=5 * 0.61 / 200)


def test_a_still_shows_where_the_ball_lies_and_a_wedge_in_the_middle() -> None:
    left, right = fork.stills(np.array([fork.place(0.9), fork.place(0.1)]))
    np.testing.assert_allclose(left, right[:, ::-1], atol=1e-6)
    across = (np.arange(fork.SIZE) + 0.5) * 2 / fork.SIZE - 1
    top = left[: fork.SIZE // 3]
    assert (top @ across).sum() / top.sum() == pytest.approx(fork.place(0.9), abs=0.02)
    assert left[-1].argmax() in (7, 8) or left[-1, 7] == left[-1].max()


@pytest.mark.parametrize("p", PROBABILITIES)
def test_the_conditional_vae_splits_as_the_balls_do_and_regression_is_their_mean(told: dict[float, Forecast], p: float) -> None:
    of = told[p]
    assert of.left_by_quadrature == pytest.approx(p, abs=0.03)
    assert abs(of.left.share - of.left_by_quadrature) < 5 * math.sqrt(p * (1 - p) / 1000)
    np.testing.assert_allclose(of.regression, fork.mean_path(p), atol=0.05)
    assert of.noise == pytest.approx(fork.NOISE, rel=0.1)


@pytest.mark.parametrize("p", [0.1, 0.5])
def test_no_model_beats_the_exact_density_and_that_of_the_vae_is_one(told: dict[float, Forecast], p: float) -> None:
    of = told[p]
    assert of.below.value - of.below.half_width > 0
    assert of.below.value < 0.5
    at = np.linspace(-1.5, 1.5, 3001)
    assert np.trapezoid(of.end_density(at), at) == pytest.approx(1, abs=2e-3)
    below = np.trapezoid(of.end_density(at[at <= 0]), at[at <= 0])
    assert below == pytest.approx(of.left_by_quadrature, abs=2e-3)


def test_the_density_of_a_path_is_the_integral_over_codes() -> None:
    def curve(z: np.ndarray) -> np.ndarray:
        return np.stack([np.tanh(z), z], 1)

    z, x, noise = np.linspace(-6, 6, 4801), np.array([[0.3, 0.5]]), 0.2
    integral = quad(lambda t: norm.pdf(t) * np.prod(norm.pdf(x[0], curve(np.array([t]))[0], noise)), -6, 6, epsabs=1e-12, points=[0.5])[0]
    assert forecasts.log_density(x, curve(z), z, noise)[0] == pytest.approx(math.log(integral), abs=1e-6)


def test_regression_ends_where_no_ball_does_at_one_half_and_where_one_can_at_nine_tenths(told: dict[float, Forecast]) -> None:
    assert told[0.5].possible < 1e-6
    largest = fork.end_density(np.linspace(-1, 1, 4001), 0.9).max()
    assert told[0.9].possible == pytest.approx(fork.end_density(told[0.9].regression[-1:], 0.9)[0] / largest, rel=1e-4)
    assert told[0.9].possible > 0.05


def test_training_begins_with_its_seed_and_lowers_both_losses() -> None:
    once, again = ([*islice(forecasts.training(3, 40), 40)][-1] for _ in range(2))
    assert all((a == b).all() for a, b in zip(once.parameters(), again.parameters(), strict=True))
    first, last = forecasts.forecast(0.5, 10, 0, forecasts.Forecaster(3)), forecasts.forecast(0.5, 10, 0, once)
    assert last.below.value < first.below.value


def test_the_picture_holds_what_was_drawn() -> None:
    of = forecasts.forecast(0.3, 100, 2)
    chart = forecasts.fork_chart(of).figure()
    lines = {(trace.name, trace.xaxis): trace for trace in chart.data if trace.name}
    np.testing.assert_array_equal(lines["still", None].z, of.still)
    drawn = [np.count_nonzero(np.isnan(np.array(lines[name, "x3"].x, float))) for name in ("to the left", "to the right")]
    assert drawn == [(of.draws[:60, -1] < 0).sum(), (of.draws[:60, -1] >= 0).sum()]
    np.testing.assert_allclose(lines["regression", "x3"].x[1:], of.regression)
    np.testing.assert_allclose(lines["exact density", "x4"].y, fork.end_density(np.linspace(-1, 1, 401), 0.3))
    assert len(forecasts.ends(of).decode().splitlines()) == 402
