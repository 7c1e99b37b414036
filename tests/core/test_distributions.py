"""Densities integrate to one, samples follow them, closed forms equal a second way of computing."""

from __future__ import annotations

import math

import pytest
import torch

from vae_core.distributions import (
    Bernoulli,
    ContinuousBernoulli,
    Delta,
    DiagonalGaussian,
    Gaussian,
    Laplace,
    Likelihood,
    standard_normal_log_prob,
)

LOGITS = torch.tensor([-40.0, -3.0, -0.3, -1e-4, 0.0, 1e-4, 0.29, 0.31, 3.0, 40.0], dtype=torch.float64)


def generator() -> torch.Generator:
    return torch.Generator().manual_seed(0)


@pytest.mark.parametrize("sigma", [0.05, 0.5, 1.0, 2.0])
@pytest.mark.parametrize("mu", [-2.0, 0.0, 0.7])
def test_the_gaussian_kl_equals_quadrature(mu: float, sigma: float) -> None:
    q = DiagonalGaussian(torch.tensor([mu], dtype=torch.float64), torch.tensor([2 * math.log(sigma)], dtype=torch.float64))
    z = torch.linspace(mu - 12 * sigma, mu + 12 * sigma, 20_001, dtype=torch.float64)[:, None]
    log_q = q.log_prob(z)
    quadrature = torch.trapezoid(log_q.exp() * (log_q - standard_normal_log_prob(z)), z[:, 0])
    assert float(q.kl_per_dim()) == pytest.approx(0.5 * (mu**2 + sigma**2 - 1 - math.log(sigma**2)), abs=1e-12)
    assert float(q.kl_per_dim()) == pytest.approx(float(quadrature), abs=1e-8)


def test_the_kl_of_an_unused_dimension_is_never_negative() -> None:
    """In float32, exp(logvar) − 1 − logvar was, where logvar is near 0."""
    logvar = torch.cat([torch.linspace(-20, 20, 100_001), torch.linspace(-1e-3, 1e-3, 100_001)])
    assert float(DiagonalGaussian(torch.zeros_like(logvar), logvar).kl_per_dim().min()) >= 0


def test_the_gaussian_kl_equals_monte_carlo() -> None:
    q = DiagonalGaussian(torch.full((200_000, 2), 0.7), torch.full((200_000, 2), -1.0))
    z = q.sample(generator())
    sampled = q.log_prob(z) - standard_normal_log_prob(z)
    assert float(sampled.mean()) == pytest.approx(float(q.kl_per_dim()[0].sum()), abs=5 * float(sampled.std()) / math.sqrt(200_000))


def test_gradients_pass_through_a_sample_to_mu_and_sigma() -> None:
    mu, logvar = torch.tensor([0.5], requires_grad=True), torch.tensor([-0.4], requires_grad=True)
    z = DiagonalGaussian(mu, logvar).sample(generator())
    z.sum().backward()
    assert float(mu.grad) == 1.0
    assert float(logvar.grad) == pytest.approx(0.5 * float((z - mu).detach()), abs=1e-6)  # dz/dlogvar = ½σε


def one_pixel(law: type, parameter: float, scale: float | None = None) -> Likelihood:
    value = torch.tensor([parameter], dtype=torch.float64)
    if scale is None:
        return law(logits=value, event_ndim=1)
    return law(mean=value, scale=torch.tensor(scale, dtype=torch.float64), event_ndim=1)


@pytest.mark.parametrize("logit", LOGITS.tolist())
def test_the_continuous_bernoulli_integrates_to_one_and_has_its_mean(logit: float) -> None:
    law = one_pixel(ContinuousBernoulli, logit)
    x = torch.linspace(0, 1, 200_001, dtype=torch.float64)
    density = law.log_prob(x[:, None]).exp()
    assert float(torch.trapezoid(density, x)) == pytest.approx(1, abs=1e-6)
    assert float(torch.trapezoid(density * x, x)) == pytest.approx(float(law.mean), abs=1e-6)


@pytest.mark.parametrize("logit", [-8.0, -0.5, 0.0, 0.2, 4.0])
def test_samples_of_the_continuous_bernoulli_follow_it(logit: float) -> None:
    law = ContinuousBernoulli(logits=torch.full((200_000, 1), logit), event_ndim=1)
    x = law.sample(generator())
    assert float(x.min()) >= 0
    assert float(x.max()) <= 1
    assert float(x.mean()) == pytest.approx(float(law.mean[0]), abs=5 * float(x.std()) / math.sqrt(200_000))


@pytest.mark.parametrize(("law", "scale"), [(Gaussian, 0.05), (Gaussian, 1.0), (Laplace, 0.05), (Laplace, 1.0)])
def test_gaussian_and_laplace_integrate_to_one(law: type, scale: float) -> None:
    x = torch.linspace(0.3 - 40 * scale, 0.3 + 40 * scale, 400_001, dtype=torch.float64)
    density = one_pixel(law, 0.3, scale).log_prob(x[:, None]).exp()
    assert float(torch.trapezoid(density, x)) == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize(("law", "spread"), [(Gaussian, 0.2), (Laplace, 0.2 * math.sqrt(2))])
def test_samples_of_gaussian_and_laplace_have_their_spread(law: type, spread: float) -> None:
    x = law(mean=torch.full((200_000, 1), 0.3), scale=torch.tensor(0.2), event_ndim=1).sample(generator())
    assert float(x.mean()) == pytest.approx(0.3, abs=5e-3)
    assert float(x.std()) == pytest.approx(spread, rel=0.02)


def test_a_drawn_pixel_is_1_as_often_as_the_bernoulli_says() -> None:
    law = Bernoulli(logits=torch.tensor([-4.0, -0.5, 2.0]).expand(50_000, 3), event_ndim=1)
    x = law.sample(generator())
    assert set(x.unique().tolist()) == {0.0, 1.0}
    torch.testing.assert_close(x.mean(0), law.mean[0], rtol=0, atol=0.012)  # five standard errors


def test_the_bernoulli_probabilities_of_all_binary_images_sum_to_one() -> None:
    law = Bernoulli(logits=torch.tensor([[0.3, -2.0, 1.1]], dtype=torch.float64), event_ndim=1)
    images = torch.cartesian_prod(*[torch.tensor([0.0, 1.0], dtype=torch.float64)] * 3)
    assert float(law.log_prob(images).exp().sum()) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("law", [Bernoulli, ContinuousBernoulli, Gaussian, Laplace])
def test_pairwise_log_prob_is_log_prob_of_every_pair(law: type) -> None:
    parameter = torch.randn((4, 1, 3, 5), generator=generator(), dtype=torch.float64)
    x = torch.rand((6, 1, 3, 5), generator=generator(), dtype=torch.float64).round()
    scaled = {} if law in (Bernoulli, ContinuousBernoulli) else {"scale": torch.tensor(0.4, dtype=torch.float64)}
    likelihood = law(**{"mean" if scaled else "logits": parameter}, **scaled, event_ndim=3)
    pairs = torch.stack([likelihood.log_prob(image) for image in x])
    torch.testing.assert_close(likelihood.pairwise_log_prob(x), pairs, rtol=1e-10, atol=1e-10)


def test_pairs_of_bright_images_under_a_narrow_gaussian_keep_their_digits() -> None:
    """As faces are: far from black, near to each other."""
    mean = 0.6 + 0.05 * torch.randn((40, 1, 28, 20), generator=generator())
    law = Gaussian(mean=mean, scale=torch.tensor(0.05), event_ndim=3)
    x = law.sample(generator())[:10]
    exact = Gaussian(mean=mean.double(), scale=torch.tensor(0.05, dtype=torch.float64), event_ndim=3)
    pairs = torch.stack([exact.log_prob(image) for image in x.double()])
    torch.testing.assert_close(law.pairwise_log_prob(x).double(), pairs, rtol=2e-6, atol=4e-3)


def test_a_point_mass_has_no_density() -> None:
    with pytest.raises(ValueError, match="model must define a density"):
        Delta(torch.zeros(1)).log_prob(torch.zeros(1))
