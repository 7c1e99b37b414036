"""Strong decoders: ends in closed form, optima that no other start beats, a code that becomes empty."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.optimize import check_grad
from scipy.stats import multivariate_normal

from benchmarks.strong_decoder import trained_rate
from vae_core import data
from vae_core.explore import water_filling
from vae_core.explore.rates import strong_decoder as strong
from vae_core.explore.rates.strong_decoder import CONTEXTS, LEVELS, TRAINED, StrongDecoder
from vae_core.explore.rates.strong_decoder_figure import context_chart
from vae_core.models.pca import spectrum


def rows(split: str = "train") -> np.ndarray:
    x = data.load(strong.DATASET).split(split).x
    return x.reshape(len(x), -1) / 255


@pytest.fixture(scope="module")
def found() -> dict[tuple[float, int], StrongDecoder]:
    return strong.models(rows())[0]


def signals(n_pixels: int = 6) -> tuple[np.ndarray, np.ndarray]:
    """Points with a long memory, and their covariance."""
    x = np.random.default_rng(0).normal(size=(4000, n_pixels)) @ np.random.default_rng(1).normal(size=(n_pixels, n_pixels)) / 2
    return x - x.mean(0), np.cov(x.T, bias=True)


def test_without_a_context_it_is_reverse_water_filling(found: dict[tuple[float, int], StrongDecoder]) -> None:
    eigenvalues = spectrum(data.load(strong.DATASET).train.x).eigenvalues
    for tau in LEVELS:
        exact, model = water_filling.optimum(eigenvalues, tau), found[tau, 0]
        assert (model.rate, model.n_active) == (pytest.approx(exact.rate), exact.n_active)
        distortion = exact.expected_sse / (2 * tau) + 32 * np.log(2 * np.pi * tau)
        assert model.minus_elbo == pytest.approx(distortion + exact.rate)


def test_with_every_earlier_pixel_in_sight_variances_are_those_given_all_before(found: dict[tuple[float, int], StrongDecoder]) -> None:
    _, covariance = signals()
    matrix = strong.predictor(covariance, 5)
    conditional = [1 / np.linalg.inv(covariance[: i + 1, : i + 1])[i, i] for i in range(6)]
    assert np.allclose(matrix @ covariance @ matrix.T, np.diag(conditional))
    for tau in LEVELS:
        diagonal = np.diag(found[tau, 63].matrix @ strong.moments(rows())[1] @ found[tau, 63].matrix.T)
        assert found[tau, 63].rate == pytest.approx(0.5 * np.log(np.maximum(diagonal, tau) / tau).sum(), abs=1e-4)


@pytest.mark.parametrize("tau", [0.02, 0.3, 2.0])
def test_no_context_beats_the_prediction_from_every_earlier_pixel(tau: float) -> None:
    _, covariance = signals()
    least, _ = strong.loss_and_slope(strong.predictor(covariance, 5), covariance, tau)
    for seed in range(4):
        start = np.eye(6) + np.tril(np.random.default_rng(seed).normal(size=(6, 6)), -1)
        reached, _ = strong.loss_and_slope(strong.best_matrix(covariance, 5, tau, start), covariance, tau)
        assert reached >= least - 1e-9
        assert reached == pytest.approx(least, abs=1e-3)


@pytest.mark.parametrize("tau", [0.05, 0.5])
def test_the_slope_is_that_of_the_loss(tau: float) -> None:
    _, covariance = signals()
    lower = np.tril_indices(6, -1)

    def evaluated(coefficients: np.ndarray) -> tuple[float, np.ndarray]:
        matrix = np.eye(6)
        matrix[lower] = coefficients
        loss, slope = strong.loss_and_slope(matrix, covariance, tau)
        return loss, slope[lower]

    at = np.random.default_rng(2).normal(size=15)
    assert check_grad(lambda c: evaluated(c)[0], lambda c: evaluated(c)[1], at) < 1e-4


def test_minus_elbo_is_minus_log_p_where_noise_is_below_every_variance_or_the_code_is_empty() -> None:
    x, covariance = signals()
    matrix = strong.predictor(covariance, 2)
    model = strong.decoder(matrix, 1e-6, np.zeros(6), covariance)
    exact = -multivariate_normal.logpdf(x, np.zeros(6), covariance).mean()
    assert model.n_active == 6
    assert model.minus_elbo == pytest.approx(exact)
    empty = strong.decoder(strong.predictor(covariance, 5), 100.0, np.zeros(6), covariance)
    noise = -multivariate_normal.logpdf(x @ empty.matrix.T, np.zeros(6), 100 * np.eye(6)).mean()
    assert (empty.rate, empty.minus_elbo) == (0, pytest.approx(noise))


def test_the_shipped_optima_are_stationary_and_fall_with_the_context(found: dict[tuple[float, int], StrongDecoder]) -> None:
    _, covariance = strong.moments(rows())
    for tau in LEVELS:
        costs = [found[tau, k].minus_elbo for k in CONTEXTS]
        assert (np.diff(costs) < 0).all()
    for k in (1, 8, 16):
        matrix = found[0.1, k].matrix
        _, slope = strong.loss_and_slope(matrix, covariance, 0.1)
        assert np.abs(slope[strong.context(64, k)]).max() < 2e-3
    again = strong.decoder(strong.best_matrix(covariance, 2, 0.25), 0.25, found[0.25, 2].mean, covariance)
    assert (again.rate, again.minus_elbo) == pytest.approx((found[0.25, 2].rate, found[0.25, 2].minus_elbo), abs=1e-3)


def test_the_code_becomes_empty_as_the_decoder_sees_more(found: dict[tuple[float, int], StrongDecoder]) -> None:
    rates = {k: found[0.1, k].rate for k in CONTEXTS}
    assert rates[0] > rates[1] > rates[8] > rates[16] > rates[32] == 0


def test_an_empty_code_says_the_mean_image_and_pixels_in_sight_say_more(found: dict[tuple[float, int], StrongDecoder]) -> None:
    x = rows("test")
    blind, full = found[0.1, 0], found[0.1, 63]
    assert np.allclose(full.of_the_code(x), full.mean)
    assert np.allclose(blind.of_the_code(x), blind.of_both(x))
    kept = 1 - 0.1 / np.maximum(blind.eigenvalues, 0.1)
    centred = x - blind.mean
    assert np.allclose(blind.of_the_code(x), blind.mean + centred @ blind.directions @ np.diag(kept) @ blind.directions.T)
    errors = [np.square(x - images).sum(1).mean() for images in (blind.of_both(x), full.of_both(x), full.of_the_code(x))]
    assert max(errors[:2]) < errors[2]


def test_the_code_alone_draws_the_mean_of_images_that_it_decodes(found: dict[tuple[float, int], StrongDecoder]) -> None:
    model, x = found[0.1, 8], rows("test")[:1]
    said = (model.of_both(x) - x)[0] + model.matrix @ (x - model.mean)[0]
    image = np.zeros(64)  # pixel after pixel, each from the code and from what was drawn before it
    for i in range(64):
        image[i] = model.mean[i] + said[i] - model.matrix[i, :i] @ (image[:i] - model.mean[:i])
    assert np.allclose(model.of_the_code(x)[0], image)


def test_models_trained_by_descent_land_on_the_line(found: dict[tuple[float, int], StrongDecoder]) -> None:
    _, trained = strong.models(rows())
    for k, rates in trained.items():
        assert np.allclose(rates, found[TRAINED, k].rate, atol=0.1)
    torch.set_num_threads(1)
    x = rows()
    assert trained_rate(x - x.mean(0), 0, 1.0, seed=0, n_steps=500) == pytest.approx(
        water_filling.optimum(spectrum(data.load(strong.DATASET).train.x).eigenvalues, 1.0).rate, abs=0.02
    )


def test_the_chart_has_a_line_for_each_level_and_crosses_where_models_were_trained() -> None:
    found, trained = strong.models(rows())
    chart = context_chart(**strong.curves(found, trained, TRAINED, 8))
    rates = next(one for one in chart.data if one["name"] == "τ = 0.1")
    assert rates["y"].tolist() == [found[0.1, k].rate for k in CONTEXTS]
    crosses = next(one for one in chart.data if one["name"] == "trained by descent")
    assert len(crosses["x"]) == sum(map(len, trained.values()))
    assert "trained by descent" not in {one["name"] for one in context_chart(**strong.curves(found, trained, 0.25, 8)).data}
