"""Fitting p(x): scores of points, a density of pixels that is probabilistic PCA with one Gaussian, and what it draws."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from vae_core import data
from vae_core.data import drawn
from vae_core.explore import em
from vae_core.explore.linear import fitting
from vae_core.explore.linear.fitting import PixelMixture, pixel_means, pixel_mixture
from vae_core.explore.linear.pca_images import codes
from vae_core.models.pca import Spectrum, spectrum


@pytest.fixture(scope="module")
def digits() -> tuple[np.ndarray, Spectrum]:
    x = data.load("digits").train.x[:400]
    return x, spectrum(x)


@pytest.fixture(scope="module")
def three(digits: tuple[np.ndarray, Spectrum]) -> PixelMixture:
    return pixel_mixture(digits[1], digits[0], 5, 3, 0)


def test_one_gaussian_of_pixels_is_probabilistic_pca(digits: tuple[np.ndarray, Spectrum]) -> None:
    x, exact = digits
    model, flat = pixel_mixture(exact, x, 10, 1, 0), x.reshape(len(x), -1) / 255
    variances = np.where(np.arange(64) < 10, exact.eigenvalues, exact.eigenvalues[10:].mean())
    away = (flat - exact.mean) @ exact.components.T
    expected = -0.5 * (np.square(away) / variances + np.log(2 * np.pi * variances)).sum(1)
    np.testing.assert_allclose(model.log_px(x), expected, rtol=1e-9)


@pytest.mark.slow
def test_one_gaussian_of_mnist_5k_scores_as_it_must() -> None:
    images = data.load("mnist_5k")
    exact = spectrum(images.train.x)
    for d, known in ((2, 14.7410), (10, 183.1273)):
        assert pixel_mixture(exact, images.train.x, d, 1, 0).log_px(images.test.x).mean() == pytest.approx(known, abs=1e-4)


def test_em_on_drawn_points_and_on_pixels_never_lowers_the_likelihood(digits: tuple[np.ndarray, Spectrum]) -> None:
    x = drawn.points(drawn.encoded(drawn.brushed([(-2.0, -1.5), (2.0, 1.5)], 0.4))).train.x[:120].astype(float)
    z, noise = codes(digits[1], digits[0], 5), float(digits[1].eigenvalues[5:].mean())
    for path in (em.mixture_path(x, 4, 0, 40), em.mixture_path(z, 4, 0, 20, noise)):
        assert all(after.log_px >= before.log_px - 1e-11 for before, after in itertools.pairwise(path))
    for path in (em.k_means_path(x, 4, 0, 20), em.k_means_path(z, 4, 0, 20)):
        assert all(after.bound >= before.bound - 1e-12 for before, after in itertools.pairwise(path))


def test_no_fit_scores_new_points_above_what_is_possible_and_the_density_integrates_to_one() -> None:
    code = drawn.presets()["clusters"]
    points = drawn.points(code)
    train, test = points.train.x[:160].astype(float), points.test.x.astype(float)
    states = fitting.fits(train, 4, 0, is_hard=False)
    scores = [fitting.scores(state, test, is_hard=False).mean() for state in states]
    assert max(scores) < -drawn.entropy(code)
    assert scores[2] > scores[0] + 0.3
    grid = np.linspace(-6, 6, 401)
    assert np.trapezoid(np.trapezoid(fitting.density(states[2], grid), grid), grid) == pytest.approx(1, abs=1e-6)
    hard = [fitting.scores(state, test, is_hard=True).mean() for state in fitting.fits(train, 3, 0, is_hard=True)]
    assert hard[0] == pytest.approx(np.square(test - train.mean(0)).sum(1).mean())
    assert hard[2] < hard[0]


def test_draws_of_a_mixture_have_its_mean_and_covariance(three: PixelMixture) -> None:
    z, mixture = three.drawn_codes(40_000, 1), three.mixture
    mean = mixture.weights @ mixture.means
    away = mixture.means - mean
    covariance = np.einsum("k,kij->ij", mixture.weights, mixture.covariances + away[:, :, None] * away[:, None])
    np.testing.assert_allclose(z.mean(0), mean, atol=0.03)
    np.testing.assert_allclose(np.cov(z.T), covariance, atol=0.06)


def test_an_image_belongs_to_the_gaussian_that_most_likely_made_it(digits: tuple[np.ndarray, Spectrum], three: PixelMixture) -> None:
    x, exact = digits
    z = codes(exact, x, 5)
    assert (fitting.belongs_to(three, z) == three.mixture.log_joint(z).argmax(1)).all()
    hard = pixel_means(exact, x, 5, 3, 0)
    to_each = np.square(x.reshape(len(x), 1, -1) / 255 - hard.pictures(hard.mixture.means)).sum(-1)
    np.testing.assert_allclose(fitting.sse_to_means(hard, x), to_each.min(1), rtol=1e-9)


def test_the_nearest_training_image_of_a_training_image_is_itself(digits: tuple[np.ndarray, Spectrum], three: PixelMixture) -> None:
    x, exact = digits
    z = codes(exact, x, 5)
    assert fitting.nearest_training(three, x, z[:20]).max() < 1e-6
    by_hand = min(np.linalg.norm(z - (z[3] + 1.0), axis=1))
    assert fitting.nearest_training(three, x, z[3:4] + 1.0)[0] == pytest.approx(by_hand)
