"""log p(x) by draws: the quadratic form is what decoding gives, exact values are those of the model, and naive estimates are too low."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from vae_core import data
from vae_core.explore.elbo import guessing
from vae_core.explore.elbo.guessing import Decoder, Quadratic
from vae_core.explore.elbo.guessing_figure import guesses
from vae_core.models.ppca import PPCASpec

MNIST_EXACT = {2: 103.987, 10: 302.067, 20: 394.077, 50: 616.876}
"""d → log p(x) of MNIST's first test image, known beforehand."""
MNIST_ERRORS = {2: -0.03, 10: -64, 20: -276, 50: -947}
"""d → error of one seed's estimate by 10⁴ draws from the prior, in nats, known beforehand."""


def of_digits(d: int, index: int = 0) -> tuple[Decoder, np.ndarray, Quadratic]:
    """The model of digits with d dimensions, a test image, and its quadratic form."""
    digits = data.load("digits")
    model = guessing.fitted(PPCASpec(dataset="digits", latent_dim=d), digits.train.x)
    x = digits.test.x[index].ravel() / 255
    return model, x, guessing.quadratic(model, x)


@pytest.mark.parametrize("d", [2, 10, 20, 50])
def test_the_quadratic_form_is_the_density_of_the_decoded_image(d: int) -> None:
    model, x, image = of_digits(d)
    y = np.random.default_rng(0).standard_normal((7, d))
    decoded = model.images(image.codes(y))
    by_pixels = [multivariate_normal.logpdf(x, mean, model.noise) for mean in decoded]
    np.testing.assert_allclose(image.log_likelihood(y), by_pixels, rtol=1e-9)


@pytest.mark.parametrize("d", [2, 10, 20, 50])
@pytest.mark.parametrize("index", [0, 100])
def test_log_p_of_x_is_that_of_the_gaussian_over_pixels(d: int, index: int) -> None:
    model, x, image = of_digits(d, index)
    covariance = model.weight @ model.weight.T + model.noise * np.eye(len(x))
    assert image.log_evidence == pytest.approx(multivariate_normal.logpdf(x, model.mean, covariance), abs=1e-6)


@pytest.mark.parametrize("d", [2, 50])
def test_each_draw_from_the_posterior_is_worth_log_p_of_x(d: int) -> None:
    image = of_digits(d)[2]
    draws = guessing.from_posterior(image, 1_000, seed=3)
    np.testing.assert_allclose(draws.log_weights, image.log_evidence, rtol=1e-9)
    assert draws.effective_size == pytest.approx(1_000)
    np.testing.assert_allclose(guessing.ladder(image, most=100, posterior=True).estimates, image.log_evidence, rtol=1e-9)


@pytest.mark.parametrize("d", [10, 50])
def test_estimates_from_the_prior_are_too_low_and_less_so_with_more_draws(d: int) -> None:
    image = of_digits(d)[2]
    errors = guessing.ladder(image, most=10_000).median - image.log_evidence
    assert (errors < 0).all()
    assert (np.diff(errors) > 0).all()


def test_at_two_dimensions_many_draws_come_close() -> None:
    image = of_digits(2)[2]
    ladder = guessing.ladder(image, most=10_000)
    low, high = ladder.quartiles
    assert ladder.median[-1] == pytest.approx(image.log_evidence, abs=0.05)
    assert high[-1] - low[-1] < 0.1 < high[0] - low[0]


@pytest.mark.parametrize("d", [2, 10, 50])
def test_draws_that_are_dropped_early_change_no_estimate(d: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other seeds, of draws that are whole, spread about the same median."""
    image = of_digits(d)[2]
    monkeypatch.setattr(guessing, "NOTHING", np.inf)
    whole = guessing.ladder(image, most=3_000, seeds=tuple(range(100, 140)))
    assert np.isfinite(guessing.from_prior(image, 3_000, seed=0).log_weights).all()
    monkeypatch.undo()
    dropped = guessing.ladder(image, most=3_000)
    assert np.isneginf(guessing.from_prior(image, 3_000, seed=0).log_weights).any()
    (low, high), median = (part[-1] for part in whole.quartiles), dropped.median[-1]
    assert low <= median <= high


def test_fewer_draws_of_a_seed_are_the_first_of_more() -> None:
    image = of_digits(10)[2]
    many = guessing.from_prior(image, 20_000, seed=1)
    for n in (1, 10, 250, 9_000):
        few = guessing.from_prior(image, n, seed=1)
        np.testing.assert_array_equal(few.log_weights, many.log_weights[:n])
        assert image.log_likelihood(few.heaviest) == pytest.approx(few.log_weights.max())
    np.testing.assert_allclose(image.log_likelihood(many.first), many.log_weights[:5])


def test_the_effective_size_counts_draws_that_matter() -> None:
    equal, one = (guessing.Draws(np.array(log_weights), np.empty((0, 2)), np.zeros(2)) for log_weights in ([-5.0] * 8, [0.0, -800, -900]))
    assert (equal.effective_size, one.effective_size) == (pytest.approx(8), pytest.approx(1))
    assert guessing.log_mean(equal.log_weights) == pytest.approx(-5)
    uneven = guessing.Draws(np.log([3.0, 1.0, 1.0, 1.0]), np.empty((0, 2)), np.zeros(2))
    assert uneven.effective_size == pytest.approx(6**2 / (9 + 3))  # (Σw)²/Σw², and not Σw/max w


def test_the_chart_draws_the_largest_weights_and_the_exact_value() -> None:
    image = of_digits(10)[2]
    draws, steps = guessing.from_prior(image, 1_000, seed=0), guessing.ladder(image, most=1_000)
    at = 1_000, guessing.log_mean(draws.log_weights)
    chart = guesses(draws.shares, steps.counts, steps.median, steps.quartiles, exact=image.log_evidence, at=at, n_seeds=20)
    needles, exact = chart.data[0], chart.data[-1]
    assert np.nanmax(needles["y"]) == draws.shares.max()
    assert needles["x"][np.nanargmax(needles["y"])] == draws.log_weights.argmax() + 1
    assert set(exact["y"]) == {image.log_evidence}


@pytest.mark.data
@pytest.mark.parametrize("d", MNIST_EXACT)
def test_exact_values_and_errors_of_mnist_are_those_known(d: int) -> None:
    mnist = data.load("mnist")
    model = guessing.fitted(PPCASpec(dataset="mnist", latent_dim=d), mnist.train.x)
    image = guessing.quadratic(model, mnist.test.x[0].ravel() / 255)
    assert image.log_evidence == pytest.approx(MNIST_EXACT[d], abs=1e-3)
    errors = guessing.ladder(image, most=10_000).estimates[:, -1] - image.log_evidence
    assert np.median(errors) < (0 if d > 2 else 0.1)
    assert abs(MNIST_ERRORS[d] - np.median(errors)) < 3 * errors.std()
