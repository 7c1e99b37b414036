"""What every family keeps to, whatever it is."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from tests.harness import CPU, tiny_spec
from vae_core import data as datasets
from vae_core.distributions import Delta, DiagonalGaussian
from vae_core.models import FAMILIES, LatentModel, build
from vae_core.models.inputs import model_input
from vae_core.models.vae import VAESpec
from vae_core.terms import ElboTerms, SquaredError
from vae_core.training.fit import fit

LIKELIHOODS = [
    ("bernoulli", 1.0),
    ("continuous_bernoulli", 1.0),
    ("gaussian", 0.3),
    ("gaussian", "learned"),
    ("laplace", 0.3),
    ("laplace", "learned"),
]


def some_digits(n: int = 7) -> torch.Tensor:
    return model_input(datasets.load("digits").test.x[:n], CPU)


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_encode_and_decode_return_distributions_of_the_right_shapes(trained: LatentModel) -> None:
    x = some_digits()
    posterior = trained.encode(x)
    likelihood = trained.decode(posterior.mean)
    assert isinstance(posterior, DiagonalGaussian if trained.has_density else Delta)
    assert posterior.mean.shape == posterior.sample(generator()).shape == (7, 2)
    assert likelihood.mean.shape == likelihood.sample(generator()).shape == x.shape
    assert trained.sample(5, generator()).mean.shape == (5, 1, 8, 8)


def test_decode_takes_any_leading_dimensions(trained: LatentModel) -> None:
    z = torch.randn((3, 4, 2), generator=generator())
    grid = trained.decode(z).mean
    assert grid.shape == (3, 4, 1, 8, 8)
    torch.testing.assert_close(grid[1], trained.decode(z[1]).mean, rtol=1e-5, atol=1e-6)


def test_reconstruct_never_samples(trained: LatentModel) -> None:
    x = some_digits()
    first, second = trained.reconstruct(x), trained.reconstruct(x)
    assert torch.equal(first, second)
    torch.testing.assert_close(first, trained.decode(trained.encode(x).mean).mean)


def test_terms_are_one_number_an_image_and_the_rate_is_never_negative(trained: LatentModel) -> None:
    terms = trained.terms(some_digits(), generator())
    assert isinstance(terms, ElboTerms if trained.has_density else SquaredError)
    assert terms.loss(1.0).shape == (7,)
    if trained.has_density:
        assert float(terms.rate.min()) >= 0
        torch.testing.assert_close(terms.elbo, -terms.loss(1.0))


def test_a_family_without_a_density_refuses_log_prob(trained: LatentModel) -> None:
    x = some_digits()
    if trained.has_density:
        assert trained.decode(trained.encode(x).mean).log_prob(x).shape == (7,)
    else:
        with pytest.raises(ValueError, match="must define a density"):
            trained.decode(trained.encode(x).mean).log_prob(x)


def test_only_exact_families_have_log_px_in_closed_form(trained: LatentModel) -> None:
    if trained.has_exact_log_px:
        assert trained.log_px(some_digits()).shape == (7,)
    else:
        with pytest.raises(ValueError, match="closed form"):
            trained.log_px(some_digits())


@pytest.mark.parametrize("family", FAMILIES)
def test_the_same_seed_trains_the_same_weights(family: str) -> None:
    images = datasets.load("digits")
    twins = [build(tiny_spec(family)) for _ in range(2)]
    for twin in twins:
        torch.rand(3)  # the global generator has no part in it
        assert len(list(fit(twin, images, device=CPU))) >= 1
    for name, tensor in twins[0].state_dict().items():
        assert torch.equal(tensor, twins[1].state_dict()[name]), name


@pytest.mark.parametrize("family", FAMILIES)
def test_training_goes_down_and_reports_every_test_image(family: str) -> None:
    images = datasets.load("digits")
    model = build(tiny_spec(family))
    events = list(fit(model, images, device=CPU))
    assert [event.epoch for event in events] == list(range(1, events[-1].n_epochs + 1))
    assert events[-1].train["loss"] <= events[0].train["loss"]
    if not model.has_density:
        x = model_input(images.test.x, CPU)
        sse = ((x - model.reconstruct(x)) ** 2).sum() / 359
        assert events[-1].test["sse"] == pytest.approx(float(sse.detach()), rel=1e-5)


@pytest.mark.parametrize(("likelihood", "scale"), LIKELIHOODS)
@pytest.mark.parametrize("network", ["linear", "mlp", "conv"])
def test_a_vae_trains_with_every_likelihood_and_network(likelihood: str, scale: float | str, network: str) -> None:
    hidden = {"linear": None, "mlp": (16,), "conv": (4, 8)}[network]
    spec = VAESpec(
        dataset="digits", latent_dim=2, network=network, hidden=hidden, likelihood=likelihood, scale=scale, n_epochs=4, learning_rate=3e-3
    )
    model = build(spec)
    events = list(fit(model, datasets.load("digits"), device=CPU))
    assert events[-1].test["loss"] < events[0].train["loss"]
    assert math.isfinite(events[-1].test["rate"])
    likelihood_of_x = model.eval().decode(torch.zeros(3, 2))
    assert likelihood_of_x.sample(generator()).shape == (3, 1, 8, 8)
    if scale == "learned":
        assert float(model.log_scale.detach()) != 0.0


BY_HAND = {"relu": lambda h: np.maximum(h, 0), "tanh": np.tanh, "silu": lambda h: h / (1 + np.exp(-h))}


@pytest.mark.parametrize("activation", BY_HAND)
def test_the_activation_stands_between_the_layers_of_encoder_and_decoder(activation: str) -> None:
    spec = VAESpec(dataset="digits", latent_dim=2, hidden=(16,), activation=activation)
    model = build(spec).requires_grad_(False)
    x, z = torch.rand(3, 1, 8, 8), torch.randn(3, 2)
    for part, given, found in (("encoder", x.flatten(1), model.encoder(x)), ("decoder", z, model.decoder(z).flatten(1))):
        first, last = (layer for layer in getattr(model, part).modules() if isinstance(layer, torch.nn.Linear))
        hidden = BY_HAND[activation](given.numpy() @ first.weight.numpy().T + first.bias.numpy())
        assert found.numpy() == pytest.approx(hidden @ last.weight.numpy().T + last.bias.numpy(), abs=1e-5)


@pytest.mark.parametrize("activation", BY_HAND)
@pytest.mark.parametrize("network", ["mlp", "conv"])
def test_a_vae_trains_with_every_activation(network: str, activation: str) -> None:
    spec = VAESpec(dataset="digits", latent_dim=2, network=network, hidden=(8, 8), activation=activation, n_epochs=4, learning_rate=3e-3)
    model = build(spec)
    events = list(fit(model, datasets.load("digits"), device=CPU))
    assert events[-1].test["loss"] < events[0].train["loss"]
    kinds = {type(layer).__name__ for layer in model.modules()} & {"ReLU", "Tanh", "SiLU"}
    assert [kind.lower() for kind in kinds] == [activation]


@pytest.mark.parametrize("dataset", ["frey_faces", "olivetti_faces", "mnist", "digits"])
def test_the_convolutional_decoder_mirrors_its_encoder_at_every_size(dataset: str) -> None:
    model = build(VAESpec(dataset=dataset, latent_dim=3, network="conv", hidden=(4, 4, 8)))
    shape = model.spec.identity.shape
    assert model.decode(torch.zeros(2, 3)).mean.shape == (2, *shape)
    assert model.encode(torch.zeros(2, *shape)).mean.shape == (2, 3)


def test_points_are_modelled_as_images_are() -> None:
    spec = VAESpec(dataset="ring", latent_dim=2, hidden=(16,), likelihood="gaussian", scale="learned", n_epochs=1)
    model = build(spec)
    assert len(list(fit(model, datasets.load("ring"), device=CPU))) == 1
    assert model.sample(4, generator()).mean.shape == (4, 2)


def test_beta_zero_is_allowed_and_drops_the_rate_from_the_loss() -> None:
    spec = VAESpec(dataset="digits", latent_dim=2, hidden=(16,), beta=0.0, n_epochs=1)
    event = next(iter(fit(build(spec), datasets.load("digits"), device=CPU)))
    assert event.train["loss"] == pytest.approx(event.train["distortion"])


def test_a_larger_beta_buys_a_smaller_rate() -> None:
    rates = []
    for beta in (0.25, 1.0, 4.0):
        spec = VAESpec(dataset="digits", latent_dim=4, hidden=(32,), beta=beta, n_epochs=30)
        *_, last = fit(build(spec), datasets.load("digits"), device=CPU)
        rates.append(last.test["rate"])
    assert np.all(np.diff(rates) < -0.2), rates
