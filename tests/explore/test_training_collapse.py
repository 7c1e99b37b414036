"""The best model without z, the alarm that compares with it, and the theory of linear models."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.stats import laplace, norm

from vae_core import data
from vae_core.explore.training_collapse import ZFree, best_continuous_bernoulli, is_nearly_unused, linear_theory, z_free
from vae_core.models import default_spec
from vae_core.models.pca import spectrum
from vae_core.models.vae import VAESpec

BASE: VAESpec = default_spec("vae", "digits", 2)


def rows(split: str) -> np.ndarray:
    """Pixels of digits in [0, 1], (N, 64)."""
    x = data.load("digits").split(split).x
    return x.reshape(len(x), -1) / 255.0


def minus_log_px(log_px: np.ndarray) -> float:
    """Summed over pixels, mean over images: (N, P)."""
    return float(-log_px.sum(1).mean())


def test_the_best_bernoulli_without_z_has_the_means_as_probabilities() -> None:
    """log p is linear in x, so that grey images stand for all their binarisations."""
    train, x = rows("train"), rows("test")
    p = train.mean(0).clip(0.5 / len(train), 1 - 0.5 / len(train))
    found = z_free(BASE, data.load("digits"))
    assert found.test == pytest.approx(minus_log_px(x * np.log(p) + (1 - x) * np.log1p(-p)), rel=1e-6)


@pytest.mark.parametrize("scale", [0.5, "learned"])
def test_the_best_gaussian_without_z_has_mean_and_standard_deviation(scale: float | str) -> None:
    train, mean = rows("train"), rows("train").mean(0)
    sigma = scale if scale != "learned" else math.sqrt(train.var(0).mean())
    found = z_free(replace(BASE, likelihood="gaussian", scale=scale), data.load("digits"))
    assert found.test == pytest.approx(minus_log_px(norm.logpdf(rows("test"), mean, sigma)), rel=1e-5)
    assert found.how == f"mean of the training images, σ = {sigma:.3g}"


@pytest.mark.parametrize("scale", [0.5, "learned"])
def test_the_best_laplace_without_z_has_median_and_absolute_deviation(scale: float | str) -> None:
    train, median = rows("train"), np.median(rows("train"), axis=0)
    b = scale if scale != "learned" else np.abs(train - median).mean()
    found = z_free(replace(BASE, likelihood="laplace", scale=scale), data.load("digits"))
    assert found.test == pytest.approx(minus_log_px(laplace.logpdf(rows("test"), median, b)), rel=1e-5)


def test_a_continuous_bernoulli_has_no_best_model_where_a_pixel_never_varies() -> None:
    assert z_free(replace(BASE, likelihood="continuous_bernoulli"), data.load("digits")) is None


@pytest.mark.parametrize("mean", [1e-5, 0.1, 0.4999, 0.5, 0.93, 1 - 1e-5])
def test_the_best_continuous_bernoulli_has_the_logit_of_largest_likelihood(mean: float) -> None:
    law, _ = best_continuous_bernoulli(np.array([[mean]]), 1.0)
    assert float(law.mean) == pytest.approx(mean, rel=1e-6)

    def cost(eta: float) -> float:
        """−log p, with the integral of exp(η·x) over [0, 1] by Simpson's rule on the side where it does not overflow."""
        x = np.linspace(-1, 0, 200_001) if eta > 0 else np.linspace(0, 1, 200_001)
        values = np.exp(eta * x)
        integral = (values[0] + values[-1] + 4 * values[1::2].sum() + 2 * values[2:-1:2].sum()) / 600_000
        return math.log(integral) + max(eta, 0.0) - eta * mean

    eta = float(law.logits)
    near = (
        minimize_scalar(cost, bracket=(1.1 * eta - 0.1, eta, 0.9 * eta + 0.1), tol=1e-9).fun
        if abs(eta) < 50
        else min(cost(0.99 * eta), cost(1.01 * eta))
    )
    assert cost(eta) <= near + 1e-9


@pytest.mark.data
def test_the_bernoulli_floor_of_mnist_is_the_published_one() -> None:
    assert z_free(default_spec("vae", "mnist", 2), data.load("mnist")).test == pytest.approx(205.81, abs=0.005)


@pytest.mark.parametrize(("tau", "n_active", "rate", "sse"), [(4, 1, 0.1231, 51.608), (1, 12, 4.3341, 36.809), (0.1, 69, 45.109, 13.644)])
@pytest.mark.data
def test_the_linear_theory_is_reverse_water_filling(tau: float, n_active: int, rate: float, sse: float) -> None:
    values = spectrum(data.load("mnist").train.x).eigenvalues
    for beta in (1.0, 4.0):
        theory = linear_theory(values, latent_dim=784, beta=beta, scale=math.sqrt(tau / beta))
        assert (theory.n_active, theory.rate, theory.expected_sse) == (
            n_active,
            pytest.approx(rate, rel=1e-3),
            pytest.approx(sse, rel=1e-3),
        )


def test_a_learned_scale_at_beta_one_ends_where_probabilistic_pca_does() -> None:
    values = spectrum(data.load("digits").train.x).eigenvalues
    for d in (1, 2, 10):
        theory = linear_theory(values, latent_dim=d, beta=1.0, scale="learned")
        assert theory.n_active == d
        assert theory.sigma**2 == pytest.approx(values[d:].mean())


def test_a_learned_scale_minimises_the_objective_over_all_scales() -> None:
    values = spectrum(data.load("digits").train.x).eigenvalues
    for beta in (0.5, 2.0, 8.0):
        theory = linear_theory(values, latent_dim=10, beta=beta, scale="learned")

        def objective(sigma: float, beta: float = beta) -> float:
            there = linear_theory(values, latent_dim=10, beta=beta, scale=sigma)
            return there.expected_sse / (2 * sigma**2) + len(values) * math.log(sigma) + beta * there.rate

        best = min(objective(sigma) for sigma in np.geomspace(0.02, 1, 4000))
        assert objective(theory.sigma) <= best + 1e-3


def test_what_the_best_model_without_z_costs_is_a_mean_over_the_test_images() -> None:
    found = z_free(BASE, data.load("digits"))
    assert found.mean.n == 359
    assert found.mean.half_width == pytest.approx(1.96 * found.standard_error, rel=1e-4)


def test_the_alarm_rings_only_when_both_hold() -> None:
    free = ZFree(100.0, "", 0.5, 359)
    event = {"test": {"distortion": 99.9, "rate": 0.3}}
    assert is_nearly_unused(event, free)
    assert not is_nearly_unused({"test": {"distortion": 99.2, "rate": 0.6}}, free)
    assert not is_nearly_unused({"test": {"distortion": 98.0, "rate": 0.3}}, free)
    assert not is_nearly_unused({"test": {"sse": 3.0}}, free)
