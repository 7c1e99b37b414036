"""What every family keeps to, whatever it is."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
import torch

from tests.core.models import contract
from tests.core.models.contract import generator, some_digits
from tests.harness import CPU, tiny_spec
from vae_core import data as datasets
from vae_core.models import FAMILIES, LatentModel, build, default_spec
from vae_core.models.inputs import model_input
from vae_core.models.vae import VAESpec
from vae_core.training.fit import fit

LIKELIHOODS = [
    ("bernoulli", 1.0),
    ("continuous_bernoulli", 1.0),
    ("gaussian", 0.3),
    ("gaussian", "learned"),
    ("laplace", 0.3),
    ("laplace", "learned"),
]


def test_encode_and_decode_return_distributions_of_the_right_shapes(trained: LatentModel) -> None:
    contract.encode_and_decode_return_distributions_of_the_right_shapes(trained)


def test_decode_takes_any_leading_dimensions(trained: LatentModel) -> None:
    contract.decode_takes_any_leading_dimensions(trained)


def test_reconstruct_never_samples(trained: LatentModel) -> None:
    contract.reconstruct_never_samples(trained)


def as_codes(model: LatentModel, x: object) -> torch.Tensor:
    return model.encode(x).mean


def test_encode_takes_bytes_and_numbers_in_the_unit_interval_of_any_float_type(trained: LatentModel) -> None:
    digits = datasets.load("digits").test.x[:7]
    codes = as_codes(trained, some_digits())
    for x in (digits, torch.tensor(digits), digits.astype(np.float32) / 255, digits / 255, torch.tensor(digits / 255)):
        assert trained.encode(x).mean.dtype == torch.float32
        torch.testing.assert_close(as_codes(trained, x), codes)
        torch.testing.assert_close(trained.reconstruct(x), trained.reconstruct(some_digits()))


REFUSED: dict[str, tuple[Callable[[np.ndarray], object], str]] = {
    "0..255 as floats": (lambda x: x.astype(np.float32), r"x must lie in \[0, 1\], or be uint8, got 255.0"),
    "negative numbers": (lambda x: x / 255 - 0.5, r"x must lie in \[0, 1\], or be uint8, got -0.5"),
    "a number that is none": (lambda x: np.full(x.shape, np.nan), r"x must lie in \[0, 1\], or be uint8, got nan"),
    "whole numbers": (lambda x: x.astype(np.int64), "x must hold uint8 or floats, got 'int64'"),
    "words": (lambda x: x.astype(str), "x must hold uint8 or floats, got '<U3'"),
    "one image without its axis": (lambda x: x[0], r"x must have the shape \(N, 1, 8, 8\), got \(1, 8, 8\)"),
    "rows of pixels": (lambda x: x.reshape(len(x), -1), r"x must have the shape \(N, 1, 8, 8\), got \(7, 64\)"),
    "a list": (lambda x: x.tolist(), "x must be a NumPy array or a tensor, got 'list'"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_encode_and_reconstruct_refuse_in_a_sentence(what: str, trained: LatentModel) -> None:
    change, sentence = REFUSED[what]
    x = change(datasets.load("digits").test.x[:7])
    for method in (trained.encode, trained.reconstruct):
        with pytest.raises(ValueError, match=sentence):
            method(x)


def test_no_images_are_no_codes(trained: LatentModel) -> None:
    assert trained.encode(np.zeros((0, 1, 8, 8), np.uint8)).mean.shape == (0, 2)


def test_decode_takes_codes_of_any_float_type_and_refuses_others_in_a_sentence(trained: LatentModel) -> None:
    z = np.random.default_rng(0).normal(size=(3, 4, 2))
    x_hat = trained.decode(torch.tensor(z, dtype=torch.float32)).mean
    torch.testing.assert_close(trained.decode(z).mean, x_hat)
    torch.testing.assert_close(trained.decode(z[1, 2]).mean, x_hat[1, 2], rtol=1e-5, atol=1e-6)
    for wrong, sentence in (
        (z[..., :1], r"z must have the shape \(…, 2\), got \(3, 4, 1\)"),
        (z.astype(int), "z must hold floats, got 'int64'"),
        (z * np.inf, "z must hold finite numbers, got -inf"),
    ):
        with pytest.raises(ValueError, match=sentence):
            trained.decode(wrong)


def test_points_are_any_finite_numbers() -> None:
    model = build(default_spec("vae", "ring", 1))
    assert model.encode(np.float32([[-3, 40]])).mean.shape == (1, 1)
    with pytest.raises(ValueError, match=r"x must hold finite numbers, got nan"):
        model.encode(np.float32([[np.nan, 1]]))
    with pytest.raises(ValueError, match="x must hold floats, got 'uint8'"):
        model.encode(np.uint8([[3, 4]]))


def test_a_model_that_is_built_asks_nothing_of_its_data_set(trained: LatentModel, monkeypatch: pytest.MonkeyPatch) -> None:
    """A person's own data set may be deleted, and looking it up reads a file."""
    x, loss = some_digits(), trained.loss_terms(some_digits(), generator()).loss(1.0)
    monkeypatch.setattr(type(trained.spec), "identity", property(lambda spec: pytest.fail("the data set was looked up")))
    assert trained.reconstruct(x).shape == x.shape
    assert torch.equal(trained.loss_terms(x, generator()).loss(1.0), loss)


def test_terms_are_one_number_an_image_and_the_rate_is_never_negative(trained: LatentModel) -> None:
    contract.terms_are_one_number_an_image_and_the_rate_is_never_negative(trained)


def test_a_family_without_a_density_refuses_log_prob(trained: LatentModel) -> None:
    contract.a_family_without_a_density_refuses_log_prob(trained)


def test_only_exact_families_have_log_px_in_closed_form(trained: LatentModel) -> None:
    contract.only_exact_families_have_log_px_in_closed_form(trained)


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
