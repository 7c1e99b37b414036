"""Closed forms, identities and reference numbers: what the learned models are measured against."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest
import torch

from tests.harness import CPU
from vae_core import data as datasets
from vae_core.bounds import Box, iwae_bound, log_px_by_quadrature
from vae_core.data import Images
from vae_core.distributions import Bernoulli
from vae_core.evaluation import binarised, elbo_per_image, evaluate
from vae_core.log_px import quadrature
from vae_core.models import LatentModel, build, default_spec, pca, ppca
from vae_core.models.autoencoder import AutoencoderSpec
from vae_core.models.inputs import model_input
from vae_core.models.pca import Spectrum, spectrum
from vae_core.models.vae import VAESpec
from vae_core.store import Store
from vae_core.terms import ElboTerms
from vae_core.training.fit import fit

MNIST_PCA = {
    1: (47.6083, 47.6150),
    2: (43.8669, 43.6449),
    5: (35.2056, 34.9087),
    10: (26.9873, 26.7139),
    20: (18.7922, 18.4539),
    30: (14.2071, 13.8663),
    50: (9.2455, 9.0043),
}
"""d → SSE of training and of test images."""
MNIST_PPCA = {
    1: (0.060802, -17.014, -17.086),
    2: (0.056096, 12.428, 14.360),
    5: (0.045193, 90.699, 93.920),
    10: (0.034867, 182.155, 186.024),
    20: (0.024597, 299.758, 306.549),
    30: (0.018842, 385.653, 394.616),
    50: (0.012596, 507.905, 517.603),
}
"""d → σ², mean log p(x) of training and of test images."""


@pytest.fixture(scope="module")
def of_mnist() -> Spectrum:
    """Found once: it takes seconds."""
    return spectrum(datasets.load("mnist").train.x)


@pytest.fixture(scope="module")
def mnist(of_mnist: Spectrum) -> Iterator[Images]:
    """Images whose spectrum is known to the models of all rows of the tables."""
    images = datasets.load("mnist")
    with pytest.MonkeyPatch.context() as patch:
        for module in (pca, ppca):
            patch.setattr(module, "spectrum", lambda x: of_mnist if x is images.train.x else spectrum(x))
        yield images


def fitted(family: str, dataset: str, latent_dim: int, images: Images | None = None) -> LatentModel:
    model = build(default_spec(family, dataset, latent_dim))
    list(fit(model, images or datasets.load(dataset), device=CPU))
    return model.eval()


@pytest.mark.data
@pytest.mark.parametrize("latent_dim", MNIST_PCA)
def test_pca_of_mnist_has_the_reference_errors(latent_dim: int, mnist: Images) -> None:
    images, model = mnist, fitted("pca", "mnist", latent_dim, mnist)
    train, test = MNIST_PCA[latent_dim]
    assert evaluate(model, images, "test").sse == pytest.approx(test, abs=5e-4)
    assert evaluate(model, images, "train").sse == pytest.approx(train, abs=5e-4)


@pytest.mark.data
@pytest.mark.parametrize("latent_dim", MNIST_PPCA)
def test_ppca_of_mnist_has_the_reference_noise_and_log_likelihood(latent_dim: int, mnist: Images) -> None:
    model = build(default_spec("ppca", "mnist", latent_dim))
    (solved,) = fit(model, mnist, device=CPU)
    noise, train, test = MNIST_PPCA[latent_dim]
    assert float(model.noise_variance) == pytest.approx(noise, abs=6e-7)
    assert float(model.log_px(model_input(mnist.test.x, CPU)).mean()) == pytest.approx(test, abs=0.01)
    assert -solved.test["loss"] == pytest.approx(test, abs=0.01)
    assert -solved.train["loss"] == pytest.approx(train, abs=0.01)


@pytest.mark.data
def test_the_spectrum_of_mnist_is_the_reference_one(of_mnist: Spectrum) -> None:
    assert of_mnist.eigenvalues[:5] == pytest.approx([5.116788, 3.741328, 3.252654, 2.841573, 2.567075], abs=1e-6)
    assert of_mnist.eigenvalues.sum() == pytest.approx(52.7250, abs=5e-5)


def test_the_spectrum_of_bytes_equals_numpys_covariance() -> None:
    x = datasets.load("digits").train.x
    exact = spectrum(x)
    rows = x.reshape(len(x), -1) / 255
    assert np.abs(exact.components @ exact.components.T - np.eye(64)).max() < 1e-12
    reassembled = exact.components.T @ np.diag(exact.eigenvalues) @ exact.components
    np.testing.assert_allclose(reassembled, np.cov(rows.T, bias=True), atol=1e-12)
    np.testing.assert_allclose(exact.mean, rows.mean(0), atol=1e-14)
    largest = np.abs(exact.components).argmax(1)
    assert (exact.components[np.arange(64), largest] > 0).all()


@pytest.mark.parametrize("latent_dim", [1, 2, 10, 30, 60])
def test_the_training_error_of_pca_is_the_discarded_variance(latent_dim: int) -> None:
    images = datasets.load("digits")
    model = fitted("pca", "digits", latent_dim)
    discarded = spectrum(images.train.x).eigenvalues[latent_dim:].sum()
    assert evaluate(model, images, "train").sse == pytest.approx(discarded, rel=1e-5)


def test_pca_with_every_component_is_the_identity() -> None:
    images = datasets.load("digits")
    assert evaluate(fitted("pca", "digits", 64), images, "test").sse < 1e-9


def test_images_drawn_by_pca_have_codes_as_spread_as_those_of_training_images() -> None:
    model = fitted("pca", "digits", 5)
    codes = model.posterior(model.sample(20_000, torch.Generator().manual_seed(0)).mean).mean
    torch.testing.assert_close(codes.var(0), model.eigenvalues[:5], rtol=0.05, atol=0)
    of_images = model.encode(datasets.load("digits").train.x).mean
    torch.testing.assert_close(codes.var(0), of_images.var(0), rtol=0.05, atol=0)


@pytest.mark.parametrize("latent_dim", [1, 2, 10, 40])
def test_the_closed_form_elbo_of_ppca_equals_its_log_likelihood(latent_dim: int) -> None:
    model = fitted("ppca", "digits", latent_dim)
    x = model_input(datasets.load("digits").test.x, CPU)
    torch.testing.assert_close(model.terms(x).elbo, model.log_px(x), rtol=1e-6, atol=1e-5)


def test_the_log_likelihood_of_ppca_is_that_of_its_gaussian() -> None:
    model = fitted("ppca", "digits", 5)
    x = model_input(datasets.load("digits").test.x, CPU)
    weight, noise = model.weight.double(), model.noise_variance.double()
    marginal = torch.distributions.MultivariateNormal(model.mean.double(), weight @ weight.T + noise * torch.eye(64))
    torch.testing.assert_close(model.log_px(x), marginal.log_prob(x.flatten(1).double()), rtol=1e-9, atol=1e-6)


def test_the_sampled_elbo_of_ppca_differs_by_monte_carlo_error_only() -> None:
    model = fitted("ppca", "digits", 5)
    x = model_input(datasets.load("digits").test.x, CPU)
    posterior = model.encode(x).expand(400)
    z = posterior.sample(torch.Generator().manual_seed(0))
    distortion = -model.decode(z).log_prob(x).double()
    error = distortion.std(0).mean() / math.sqrt(400 * len(x))
    assert float(distortion.mean()) == pytest.approx(float(model.terms(x).distortion.mean()), abs=5 * float(error))
    sampled_sse = ((model.decode(z).mean - x) ** 2).flatten(2).sum(-1)
    assert float(sampled_sse.mean()) == pytest.approx(float(model.expected_sse(x).mean()), rel=2e-3)


def test_importance_weighting_with_the_exact_posterior_is_exact_with_one_sample() -> None:
    model = fitted("ppca", "digits", 5)
    x = model_input(datasets.load("digits").test.x, CPU)
    bound = iwae_bound(model, x, 1, torch.Generator().manual_seed(0)).double()
    torch.testing.assert_close(bound, model.log_px(x), rtol=0, atol=2e-3)


@pytest.mark.parametrize("latent_dim", [1, 2])
def test_quadrature_finds_the_exact_log_likelihood_of_ppca(latent_dim: int) -> None:
    model = fitted("ppca", "digits", latent_dim)
    x = datasets.load("digits").test.x
    exact = float(model.log_px(model_input(x, CPU)).mean())
    values, error = quadrature(model, x)
    assert values.mean() == pytest.approx(exact, abs=2e-3)
    assert error < 0.01


def test_a_grid_too_coarse_for_the_posterior_is_seen_by_its_error() -> None:
    model = fitted("ppca", "digits", 1)
    x = model_input(datasets.load("digits").test.x, CPU)
    off = log_px_by_quadrature(model, x, Box(6, 1)) - model.log_px(x)
    assert float(off.abs().mean()) > 0.05
    assert quadrature(model, datasets.load("digits").test.x)[1] < 0.01


def test_the_ladder_of_bounds_rises_to_the_quadrature() -> None:
    spec = VAESpec(dataset="digits", latent_dim=2, hidden=(64,), n_epochs=20)
    model = build(spec)
    list(fit(model, datasets.load("digits"), device=CPU))
    model.eval().requires_grad_(False)
    seen = binarised(datasets.load("digits").test.x)
    x = model_input(seen, CPU)
    elbo = elbo_per_image(model, seen).elbo
    ladder = [elbo] + [iwae_bound(model, x, k, torch.Generator().manual_seed(k)).double() for k in (5, 50, 2000)]
    log_px = log_px_by_quadrature(model, x, Box(6, 20)).double()
    means = [float(rung.mean()) for rung in ladder]
    noise = [3 * float(rung.sub(log_px).std()) / math.sqrt(len(x)) for rung in ladder]
    for lower, higher, error in zip(means, [*means[1:], float(log_px.mean())], noise, strict=True):
        assert lower <= higher + error
    assert means[-1] == pytest.approx(float(log_px.mean()), abs=0.1)


def test_the_gap_of_the_bound_is_the_kl_to_the_exact_posterior() -> None:
    """log p(x) = ELBO + KL(q || p(z|x)), each side by itself, on a grid in one dimension."""
    spec = VAESpec(dataset="digits", latent_dim=1, hidden=(32,), n_epochs=10)
    model = build(spec)
    list(fit(model, datasets.load("digits"), device=CPU))
    model = model.eval().requires_grad_(False).double()
    x = torch.tensor(binarised(datasets.load("digits").test.x[:5]) / 255.0)
    z = torch.linspace(-14, 14, 28_001, dtype=torch.float64)[:, None]
    log_px_z = model.decode(z).pairwise_log_prob(x)  # (B, G)
    log_joint = log_px_z - 0.5 * (z[:, 0] ** 2 + math.log(2 * math.pi))
    log_px = torch.logsumexp(log_joint, -1) + math.log(0.001)
    posterior = model.encode(x)
    log_q = torch.distributions.Normal(posterior.mu, (0.5 * posterior.logvar).exp()).log_prob(z[:, 0])  # (B, G)
    elbo = torch.trapezoid(log_q.exp() * log_px_z, dx=0.001) - posterior.kl_per_dim().sum(-1)
    gap = torch.trapezoid(log_q.exp() * (log_q - (log_joint - log_px[:, None])), dx=0.001)
    torch.testing.assert_close(elbo + gap, log_px, rtol=0, atol=1e-6)


def test_a_gaussian_vae_that_learns_its_scale_ends_at_the_closed_form() -> None:
    spec = VAESpec(dataset="digits", latent_dim=4, hidden=(64,), likelihood="gaussian", scale="learned", n_epochs=60)
    model = build(spec)
    list(fit(model, datasets.load("digits"), device=CPU))
    found = evaluate(model.eval(), datasets.load("digits"), "train", n_samples=1)
    assert found.scale == pytest.approx(found.scale_closed_form, rel=0.02)


@pytest.mark.slow
def test_a_linear_autoencoder_learns_the_subspace_of_pca() -> None:
    images, latent_dim = datasets.load("digits"), 10
    model = build(
        AutoencoderSpec(dataset="digits", latent_dim=latent_dim, network="linear", n_epochs=300, batch_size=64, learning_rate=1e-2)
    )
    list(fit(model, images, device=CPU))
    assert principal_angle(model, spectrum(images.train.x).components) < 0.5
    exact = evaluate(fitted("pca", "digits", latent_dim), images, "train").sse
    learned = evaluate(model.eval(), images, "train").sse
    assert exact * (1 - 1e-6) <= learned < 1.005 * exact


def principal_angle(model: LatentModel, components: np.ndarray) -> float:
    """Largest principal angle between a linear decoder's range and the leading components, in degrees."""
    range_of_decoder, _ = np.linalg.qr(model.decoder[0].weight.detach().double().numpy())
    cosines = np.linalg.svd(components[: model.spec.latent_dim] @ range_of_decoder, compute_uv=False)
    return float(np.degrees(np.arccos(cosines.clip(-1, 1))).max())


def test_the_expected_error_of_a_linear_decoder_is_its_closed_form() -> None:
    spec = VAESpec(dataset="digits", latent_dim=3, network="linear", likelihood="gaussian", n_epochs=5)
    model = build(spec)
    list(fit(model, datasets.load("digits"), device=CPU))
    model.eval().requires_grad_(False)
    x = model_input(datasets.load("digits").test.x, CPU)
    z = model.encode(x).expand(500).sample(torch.Generator().manual_seed(0))
    sampled = ((model.decode(z).mean - x) ** 2).flatten(2).sum(-1).mean()
    closed = model.expected_sse(x, torch.Generator()).mean()
    assert float(closed) == pytest.approx(float(sampled), rel=5e-3)
    through_mean = ((model.reconstruct(x) - x) ** 2).flatten(1).sum(-1).mean()
    assert float(closed) > float(through_mean)


def test_the_loss_of_a_linear_vae_is_the_mean_over_z_and_so_is_its_gradient() -> None:
    spec = VAESpec(dataset="digits", latent_dim=3, network="linear", likelihood="gaussian", scale="learned", n_epochs=2)
    model, images = build(spec), datasets.load("digits")
    list(fit(model, images, device=CPU))
    x, generator = model_input(images.train.x[:50], CPU), torch.Generator().manual_seed(0)
    weights = [weight for weight in model.parameters() if weight.requires_grad]

    def loss_and_gradient(terms: ElboTerms) -> tuple[float, list[torch.Tensor]]:
        loss = terms.loss(2.0).mean()
        return float(loss.detach()), torch.autograd.grad(loss, weights)

    closed, gradient = loss_and_gradient(model.loss_terms(x, generator))
    sampled, estimate = loss_and_gradient(model.terms(x.repeat(2000, 1, 1, 1), generator))
    assert closed == pytest.approx(sampled, rel=2e-3)
    total = torch.cat([one.flatten() for one in gradient]).norm()
    for one, other in zip(gradient, estimate, strict=True):
        assert float((one - other).norm()) < 0.05 * float(one.norm()) + 0.005 * float(total)


@pytest.mark.data
def test_grey_pixels_of_mnist_cost_45_53_nats_even_against_themselves() -> None:
    """Which is why their cross-entropy is no likelihood."""
    x = model_input(datasets.load("mnist").test.x, CPU)
    law = Bernoulli(logits=x.logit().clamp(-40, 40), event_ndim=3)
    assert -float(law.log_prob(x).mean()) == pytest.approx(45.53, abs=0.005)


def shipped(family: str, dataset: str, latent_dim: int) -> Store:
    store = Store()
    assert default_spec(family, dataset, latent_dim) in store
    return store


@pytest.mark.data
@pytest.mark.parametrize("latent_dim", [1, 2, 3, 10, 20, 30])
def test_the_shipped_linear_autoencoders_of_mnist_span_the_pca_subspace(latent_dim: int, mnist: Images, of_mnist: Spectrum) -> None:
    spec = default_spec("linear-autoencoder", "mnist", latent_dim)
    model = shipped("linear-autoencoder", "mnist", latent_dim).load(spec)
    assert principal_angle(model, of_mnist.components) < 0.5
    exact = of_mnist.eigenvalues[latent_dim:].sum()
    assert exact * (1 - 1e-6) <= evaluate(model, mnist, "train").sse < 1.005 * exact


@pytest.mark.data
def test_the_shipped_deep_autoencoder_of_mnist_beats_pca_by_far() -> None:
    spec = default_spec("autoencoder", "mnist", 30)
    found = evaluate(shipped("autoencoder", "mnist", 30).load(spec), datasets.load("mnist"))
    assert found.sse <= 2.7
    assert found.elbo is None
    assert found.rate is None


@pytest.mark.data
def test_the_shipped_vae_of_mnist_is_a_good_density() -> None:
    spec = default_spec("vae", "mnist", 20)
    found = evaluate(shipped("vae", "mnist", 20).load(spec), datasets.load("mnist"), n_samples=5)
    assert -found.elbo <= 93
    assert found.elbo <= found.iwae_bound


def test_no_shipped_vae_is_collapsed() -> None:
    """But for those of the rate–distortion plane, which are there to collapse: only recipes are meant."""
    shipped = [c for c in Store().checkpoints() if c.is_shipped and c.spec.family == "vae"]
    metrics = [c.metrics for c in shipped if c.spec == default_spec("vae", c.spec.dataset, c.spec.latent_dim, c.spec.network)]
    assert metrics
    assert all(m["rate"] > 1 and m["active_units"] >= 1 for m in metrics)
