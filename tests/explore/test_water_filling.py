"""The exact rate–distortion curve of linear models."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from vae_core import data as datasets
from vae_core.explore.rates import pixel_statistics
from vae_core.explore.water_filling import at_rate, frontier, levels, optimum, reconstructions
from vae_core.models.pca import spectrum

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
