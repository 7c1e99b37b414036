"""The exact rate–distortion curve of linear models, and trained models upon it."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.stats import norm

from tests.harness import CPU
from vae_core import data as datasets
from vae_core.explore.rates import pixel_statistics, rates_on_train
from vae_core.explore.rates.rate_units import RateUnit, RateUnits
from vae_core.explore.water_filling import at_rate, frontier, levels, optimum, reconstructions
from vae_core.models import LatentModel, build
from vae_core.models.inputs import model_input
from vae_core.models.pca import spectrum
from vae_core.models.ppca import PPCASpec
from vae_core.models.vae import VAESpec
from vae_core.store import Store
from vae_core.training.fit import fit

ORACLE = [
    (4, 1, 0.1231, 51.608),
    (2, 6, 1.3905, 44.932),
    (1, 12, 4.3341, 36.809),
    (0.5, 23, 10.174, 28.697),
    (0.1, 69, 45.109, 13.644),
    (0.05, 102, 74.481, 9.4993),
]
"""τ, active dimensions, R, expected_sse of MNIST, computed apart from this program."""
SPECTRA = st.lists(st.floats(1e-3, 10), min_size=2, max_size=12).map(lambda values: np.sort(values)[::-1].copy())


def mnist() -> np.ndarray:
    """λ of MNIST, as it comes with the program."""
    return np.array(pixel_statistics.shipped()["mnist"].eigenvalues)


@pytest.mark.parametrize(("tau", "n_active", "rate", "expected_sse"), ORACLE)
def test_the_curve_of_mnist_is_the_oracles(tau: float, n_active: int, rate: float, expected_sse: float) -> None:
    found = optimum(mnist(), tau)
    assert found.n_active == n_active
    assert found.rate == pytest.approx(rate, rel=1e-4, abs=5e-5)
    assert found.expected_sse == pytest.approx(expected_sse, rel=2e-5)


def test_through_the_mean_the_error_is_smaller_than_with_z_sampled() -> None:
    found = optimum(mnist(), 0.1)
    assert found.sse == pytest.approx(9.461, abs=5e-4)
    assert found.expected_sse == pytest.approx(13.644, abs=5e-4)


def test_a_linear_model_is_drowned_where_the_water_is_above_its_largest_eigenvalue() -> None:
    values = mnist()
    assert values[0] == pytest.approx(5.116788, abs=5e-7)
    assert optimum(values, 5.1168).n_active == 0
    assert optimum(values, 5.1167).n_active == 1
    assert optimum(values, 392).expected_sse == pytest.approx(52.7250, abs=5e-5)


@settings(max_examples=60, deadline=None)
@given(values=SPECTRA, share=st.floats(0.02, 0.98), latent_dim=st.integers(1, 12))
def test_the_curve_falls_with_slope_minus_two_tau(values: np.ndarray, share: float, latent_dim: int) -> None:
    tau = share * float(values[0])
    step = 1e-6 * tau
    if np.abs(values - tau).min() < 2 * step:
        return  # a dimension surfaces between the two
    low, high = optimum(values, tau - step, latent_dim), optimum(values, tau + step, latent_dim)
    assert (high.expected_sse - low.expected_sse) / (high.rate - low.rate) == pytest.approx(-2 * tau, rel=1e-4)


@settings(max_examples=60, deadline=None)
@given(values=SPECTRA, share=st.floats(0.01, 0.99), latent_dim=st.integers(1, 12))
def test_the_curve_read_by_its_rate_is_the_curve_read_by_its_level(values: np.ndarray, share: float, latent_dim: int) -> None:
    there = optimum(values, share * float(values[0]), latent_dim)
    back = at_rate(values, there.rate, latent_dim)
    if there.rate > 1e-9:
        assert back.tau == pytest.approx(there.tau, rel=1e-9)
        assert back.expected_sse == pytest.approx(there.expected_sse, rel=1e-9)


@settings(max_examples=60, deadline=None)
@given(values=SPECTRA, tau=st.floats(1e-3, 20))
def test_no_rate_is_above_the_total_variance_over_two_tau(values: np.ndarray, tau: float) -> None:
    assert optimum(values, tau).rate <= values.sum() / (2 * tau) * (1 + 1e-12)


@pytest.mark.parametrize(("tau", "latent_dim"), [(0.05, 3), (0.3, 3), (0.3, 1), (3.0, 2)])
def test_the_closed_form_is_the_least_of_the_linear_objective(tau: float, latent_dim: int) -> None:
    """Encoder, decoder and posterior variances are free, the expectations exact, and the minimum is found by LBFGS from a random start."""
    generator = torch.Generator().manual_seed(latent_dim)
    root = torch.randn((5, 5), generator=generator, dtype=torch.float64) * torch.tensor([1.4, 1.0, 0.7, 0.4, 0.1], dtype=torch.float64)
    covariance = root @ root.T / 5
    encoder, decoder = (torch.randn(shape, generator=generator, dtype=torch.float64) for shape in ((latent_dim, 5), (5, latent_dim)))
    free = [encoder, decoder, torch.zeros(latent_dim, dtype=torch.float64)]
    for tensor in free:
        tensor.requires_grad_(True)

    def terms() -> tuple[torch.Tensor, torch.Tensor]:
        a, w, logvar = free
        residual = torch.eye(5, dtype=torch.float64) - w @ a
        expected_sse = torch.trace(residual @ covariance @ residual.T) + (logvar.exp() * (w**2).sum(0)).sum()
        rate = 0.5 * (torch.diag(a @ covariance @ a.T) + logvar.exp() - 1 - logvar).sum()
        return expected_sse, rate

    optimiser = torch.optim.LBFGS(free, max_iter=4000, tolerance_grad=1e-11, tolerance_change=1e-15, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        expected_sse, rate = terms()
        loss = expected_sse / 2 + tau * rate
        loss.backward()
        return loss

    for _ in range(5):
        optimiser.step(closure)
    expected_sse, rate = (float(term.detach()) for term in terms())
    exact = optimum(np.linalg.eigvalsh(covariance.numpy())[::-1], tau, latent_dim)
    assert expected_sse / 2 + tau * rate == pytest.approx(exact.expected_sse / 2 + tau * exact.rate, rel=1e-6)
    assert rate == pytest.approx(exact.rate, abs=2e-3)


def test_the_best_linear_reconstruction_has_the_error_of_the_closed_form() -> None:
    x = datasets.load("digits").train.x
    exact = spectrum(x)
    for tau, latent_dim in ((0.1, None), (0.02, 5), (9.0, None)):
        x_hat = reconstructions(exact, x, tau, latent_dim)
        sse = ((x / 255 - x_hat) ** 2).reshape(len(x), -1).sum(1).mean()
        assert sse == pytest.approx(optimum(exact.eigenvalues, tau, latent_dim).sse, rel=1e-9)


def test_the_levels_of_a_slider_hold_those_that_must_be_there() -> None:
    found = levels(mnist(), among=(4, 2, 0.05))
    assert {4, 2, 0.05} <= set(found)
    assert found == sorted(found, reverse=True)
    assert frontier(mnist(), np.array(found))[0].n_active == 0


def test_the_statistics_of_the_pixels_are_what_their_names_say() -> None:
    x = datasets.load("digits").train.x
    found = pixel_statistics.pixel_statistics(x)
    rows = x.reshape(len(x), -1) / 255.0
    sd, p = rows.std(0), rows.mean(0)
    scaled = rows[:, sd > 0] / sd[sd > 0]
    assert found.standardised[: (sd > 0).sum()] == pytest.approx(spectrum(scaled).eigenvalues, abs=1e-9)
    assert sum(found.standardised) == pytest.approx((sd > 0).sum())
    assert found.spread == pytest.approx(rows.std())
    assert found.absolute_deviation == pytest.approx(np.abs(rows - np.median(rows, 0)).mean(0).sum(), rel=1e-9)
    p = p[(p > 0) & (p < 1)]
    assert found.binary_entropy == pytest.approx(-(p * np.log(p) + (1 - p) * np.log(1 - p)).sum())


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


def ppca() -> LatentModel:
    """Of digits, in five dimensions."""
    model = build(PPCASpec(dataset="digits", latent_dim=5))
    list(fit(model, datasets.load("digits"), device=CPU))
    return model


@pytest.mark.parametrize("sigma", [0.2, 1.0])
def test_a_distortion_in_nats_is_the_density_of_the_error_under_its_gaussian(sigma: float) -> None:
    x, x_hat = np.random.default_rng(0).random((2, 192))
    units = RateUnits("nats", "nats", sigma, n_features=192, n_pixels=64)
    assert units.of_distortion(((x - x_hat) ** 2).sum()) == pytest.approx(-norm.logpdf(x, x_hat, sigma).sum())
    assert replace(units, distortion="SSE").of_distortion(3.5) == 3.5


def test_bits_are_shared_by_pixels_and_not_by_their_colours() -> None:
    rate = 64 * math.log(2)
    found = [RateUnits(unit, "SSE", 1.0, n_features=192, n_pixels=64).of_rate(rate) for unit in get_args(RateUnit)]
    assert found == pytest.approx([rate, 64, 1])


def shipped_linear() -> list[VAESpec]:
    """The linear β-VAEs of MNIST that came with the program."""
    specs = [c.spec for c in Store().checkpoints() if c.is_shipped and c.spec.dataset == "mnist"]
    return [spec for spec in specs if rates_on_train.water_level(spec) is not None and spec.network == "linear"]


def test_every_linear_model_of_mnist_is_on_the_curve() -> None:
    kept, specs = rates_on_train.shipped(), [*shipped_linear(), *rates_on_train.without_weights()]
    assert {(spec.latent_dim, spec.beta) for spec in specs} == set(itertools.product((2, 10, 30, 128), (4, 2, 1, 0.5, 0.1, 0.05)))
    assert {spec.fingerprint for spec in specs} <= set(kept), "run python -m benchmarks.exact_rates"
    for spec in specs:
        exact = optimum(mnist(), rates_on_train.water_level(spec), spec.latent_dim)
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


@pytest.mark.data
@pytest.mark.parametrize("name", ["mnist", "frey_faces", "olivetti_faces"])
def test_the_statistics_that_came_with_the_program_are_those_of_the_images(name: str) -> None:
    found, kept = pixel_statistics.pixel_statistics(datasets.load(name).train.x), pixel_statistics.shipped()[name]
    assert kept.eigenvalues == pytest.approx(found.eigenvalues, rel=1e-7, abs=1e-9)
    assert (kept.spread, kept.absolute_deviation) == (pytest.approx(found.spread), pytest.approx(found.absolute_deviation))
