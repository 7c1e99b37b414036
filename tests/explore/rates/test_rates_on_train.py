"""Trained linear models are on the exact curve, and a model's worth is measured from it."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import brentq

from tests.harness import CPU
from vae_core import data as datasets
from vae_core.explore.rates import pixel_statistics, rates_on_train
from vae_core.explore.water_filling import at_rate, optimum
from vae_core.models import LatentModel, build
from vae_core.models.inputs import model_input
from vae_core.models.pca import spectrum
from vae_core.models.ppca import PPCASpec
from vae_core.models.vae import VAESpec
from vae_core.store import Store
from vae_core.training.fit import fit


@pytest.mark.slow
@pytest.mark.parametrize("latent_dim", [10, 40])
def test_a_linear_beta_vae_of_digits_lands_on_the_curve(store: Store, latent_dim: int) -> None:
    tau = 0.05
    spec = rates_on_train.linear_vae("digits", tau=tau, latent_dim=latent_dim)
    store.train(spec, device=CPU)
    x = datasets.load("digits").train.x
    values = spectrum(x).eigenvalues
    found, exact = rates_on_train.rates_on_train(store.load(spec), x, values), optimum(values, tau, spec.latent_dim)
    assert found.rate == pytest.approx(exact.rate, rel=0.01)
    assert found.expected_sse == pytest.approx(exact.expected_sse, rel=0.005)
    assert found.expected_sse == pytest.approx(at_rate(values, found.rate, latent_dim).expected_sse, rel=0.01)


def test_the_rates_of_probabilistic_pca_are_the_curve_at_its_own_noise() -> None:
    """The exact posterior is the best one. In five dimensions it is worth less than the curve of all, which a root finder inverts here."""
    x, model = datasets.load("digits").train.x, ppca()
    values = spectrum(x).eigenvalues
    found, exact = rates_on_train.rates_on_train(model, x, values), optimum(values, float(model.noise_variance), 5)
    assert (found.rate, found.sse) == (pytest.approx(exact.rate, rel=1e-5), pytest.approx(exact.sse, rel=1e-5))
    assert found.expected_sse == pytest.approx(exact.expected_sse, rel=1e-5)
    tau = brentq(lambda tau: 0.5 * np.log(values[values > tau] / tau).sum() - exact.rate, 1e-3, values[0])
    assert found.worth == pytest.approx(np.minimum(values, tau).sum() - exact.expected_sse, rel=1e-4)
    assert found.worth < 0


def test_the_interval_of_the_worth_is_that_of_leaving_out_one_image_at_a_time() -> None:
    x, model = datasets.load("digits").train.x, ppca()
    values, n = spectrum(x).eigenvalues, len(x)
    images = model_input(x, CPU)
    rate, expected = (figure.double().numpy() for figure in (model.terms(images).rate, model.expected_sse(images)))
    means = zip(*((figure.sum() - figure) / (n - 1) for figure in (rate, expected)), strict=True)
    without = [at_rate(values, r).expected_sse - e for r, e in means]
    jackknife = math.sqrt((n - 1) * np.var(without))
    assert rates_on_train.rates_on_train(model, x, values).worth_half_width == pytest.approx(1.96 * jackknife, rel=0.01)


def test_rate_and_error_have_the_intervals_of_their_own_means_and_an_older_file_none(tmp_path: Path) -> None:
    """The second way: means over images drawn again, with replacement."""
    x, model = datasets.load("digits").train.x, ppca()
    found, images = rates_on_train.rates_on_train(model, x, spectrum(x).eigenvalues), model_input(x, CPU)
    draws = np.random.default_rng(0).integers(0, len(x), (2000, len(x)))
    rate, expected = (figure.double().numpy()[draws].mean(1).std() for figure in (model.terms(images).rate, model.expected_sse(images)))
    assert found.rate_half_width == pytest.approx(1.96 * rate, rel=0.06)  # 2,000 repeats: s.e. 1.6 %
    assert found.expected_sse_half_width == pytest.approx(1.96 * expected, rel=0.06)
    older = replace(found, rate_half_width=None, expected_sse_half_width=None)
    rates_on_train.write({"now": found, "older": older}, tmp_path / "rates.json")
    kept = rates_on_train.shipped(tmp_path / "rates.json")
    assert kept["now"].rate_half_width == pytest.approx(found.rate_half_width, abs=1e-6)
    assert (kept["older"].rate_half_width, kept["older"].expected_sse_half_width) == (None, None)


def test_the_file_that_ships_has_the_intervals_of_every_model_whose_weights_do() -> None:
    kept, there = rates_on_train.shipped(), {c.spec.fingerprint for c in Store().checkpoints() if c.is_shipped}
    assert all(one.rate_half_width and one.expected_sse_half_width for name, one in kept.items() if name in there)


def ppca() -> LatentModel:
    """Of digits, in five dimensions."""
    model = build(PPCASpec(dataset="digits", latent_dim=5))
    list(fit(model, datasets.load("digits"), device=CPU))
    return model


def shipped_linear() -> list[VAESpec]:
    """The linear β-VAEs of MNIST that came with the program."""
    specs = [c.spec for c in Store().checkpoints() if c.is_shipped and c.spec.dataset == "mnist"]
    return [spec for spec in specs if rates_on_train.water_level(spec) is not None and spec.network == "linear"]


def test_every_linear_model_of_mnist_is_on_the_curve() -> None:
    mnist = np.array(pixel_statistics.shipped()["mnist"].eigenvalues)
    kept, specs = rates_on_train.shipped(), [*shipped_linear(), *rates_on_train.without_weights()]
    assert {(spec.latent_dim, spec.beta) for spec in specs} == set(itertools.product((2, 10, 30, 128), (4, 2, 1, 0.5, 0.1, 0.05)))
    assert {spec.fingerprint for spec in specs} <= set(kept), "run python -m benchmarks.exact_rates"
    for spec in specs:
        exact = optimum(mnist, rates_on_train.water_level(spec), spec.latent_dim)
        found = kept[spec.fingerprint]
        assert found.n_images == 60_000
        assert found.rate == pytest.approx(exact.rate, rel=0.01), spec
        assert found.expected_sse == pytest.approx(exact.expected_sse, rel=0.005), spec


@pytest.mark.data
def test_the_rates_that_came_with_the_program_are_those_of_its_weights_and_the_images() -> None:
    """By another way: rate and expected error of a linear model follow from mean and covariance of the images, in float64."""
    exact, kept, store = spectrum(datasets.load("mnist").train.x), rates_on_train.shipped(), Store()
    covariance = (exact.components.T * exact.eigenvalues) @ exact.components
    for spec in shipped_linear():
        rate, expected_sse = of_moments(store.load(spec), exact.mean, covariance)
        assert kept[spec.fingerprint].rate == pytest.approx(rate, rel=1e-4), spec
        assert kept[spec.fingerprint].expected_sse == pytest.approx(expected_sse, rel=1e-4), spec


def of_moments(model: LatentModel, mean: np.ndarray, covariance: np.ndarray) -> tuple[float, float]:
    """Rate and expected SSE of a linear β-VAE, from its matrices alone."""
    state = {name: tensor.double().numpy() for name, tensor in model.state_dict().items()}
    a, a_bias, shift = (state[f"encoder.mu.{name}"] for name in ("2.weight", "2.bias", "0.mean"))
    w, w_bias = state["decoder.0.weight"], state["decoder.0.bias"]
    variance, off = np.exp(state["encoder.logvar"]), mean - shift.ravel()
    codes = a @ covariance @ a.T
    rate = 0.5 * (codes.diagonal() + (a @ off + a_bias) ** 2 + variance - 1 - np.log(variance)).sum()
    residual = covariance.trace() - 2 * np.sum(w * (covariance @ a.T)) + np.sum((w.T @ w) * codes)
    constant = off - w @ (a @ off + a_bias) - w_bias
    return float(rate), float(residual + constant @ constant + variance @ (w**2).sum(0))
