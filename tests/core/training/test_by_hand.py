"""The gradient that is written by hand is autograd's, and the weights of a training are parts of one tensor."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from tests.harness import CPU, tiny_spec
from vae_core import data as datasets
from vae_core.models import build, default_spec
from vae_core.models.vae import VAESpec
from vae_core.networks import initialise
from vae_core.specs import TrainedSpec
from vae_core.training.by_hand import ByHand, is_by_hand, probability_of_ink
from vae_core.training.flat import ALIGNMENT, Flat
from vae_core.training.loop import stream

VAE = replace(tiny_spec("vae"), hidden=(30, 20), latent_dim=3)
AUTOENCODER = replace(tiny_spec("autoencoder"), hidden=(30, 20), latent_dim=3)
SPECS = {
    **{f"VAE, {name}": replace(VAE, activation=name) for name in ("relu", "tanh", "silu")},
    **{f"autoencoder, {name}": replace(AUTOENCODER, activation=name) for name in ("relu", "tanh", "silu")},
    "beta": replace(VAE, beta=4.0),
    "beta 0": replace(VAE, beta=0.0),
    "one hidden layer": replace(VAE, hidden=(17,)),
    "denoising": replace(AUTOENCODER, corruption="gaussian", corruption_strength=0.5),
    "points": replace(default_spec("autoencoder", "spiral", 1, "mlp"), hidden=(9,)),
}


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
def test_the_gradient_written_by_hand_is_that_of_autograd(spec: TrainedSpec) -> None:
    model, images = build(spec), datasets.load(spec.dataset)
    initialise(model, torch.zeros(model.shape), stream(1, "weights"))
    batch = torch.tensor(images.train.x[:50])
    seen = model.observed(batch, stream(1, "binarisation"))
    terms = model.loss_terms(seen, stream(1, "noise"))
    terms.loss(model.beta).mean().backward()
    expected = {name: weight.grad.clone() for name, weight in model.named_parameters() if weight.grad is not None}
    sums = ByHand(model, "float32")(batch, stream(1, "binarisation"), stream(1, "noise"))
    for name, weight in model.named_parameters():
        if weight.requires_grad:
            assert weight.grad is not None
            torch.testing.assert_close(weight.grad, expected[name], rtol=1e-5, atol=1e-6, msg=lambda said, name=name: f"{name}: {said}")
    for name, column in {"loss": terms.loss(model.beta), **terms.columns()}.items():
        assert float(sums[name]) == pytest.approx(float(column.detach().sum()), rel=1e-5)


@pytest.mark.parametrize("n_pixels", [1, 63, 64, 1000])
def test_the_sum_that_stands_for_softplus_is_its_sum_for_any_number_and_size_of_logits(n_pixels: int) -> None:
    logits = 30 * torch.randn((3, n_pixels), generator=stream(1, "noise"))
    expected = torch.nn.functional.softplus(logits.double()).sum()
    p = logits.sigmoid()
    there, total = probability_of_ink(logits)
    assert torch.equal(there, p)
    assert there.data_ptr() == logits.data_ptr()
    torch.testing.assert_close(total.double(), expected, rtol=1e-6, atol=1e-5)
    assert torch.isnan(probability_of_ink(torch.tensor([[float("nan")] * 64]))[1])


def test_what_is_not_written_by_hand_is_left_to_autograd() -> None:
    others = [
        VAESpec(dataset="digits", latent_dim=2, likelihood="gaussian"),
        default_spec("vae", "digits", 2, "conv"),
        default_spec("vae", "digits", 2, "linear"),
        default_spec("linear-autoencoder", "digits", 2),
    ]
    assert not any(is_by_hand(build(spec), CPU) for spec in others)
    assert all(is_by_hand(build(spec), CPU) for spec in SPECS.values())
    assert not is_by_hand(build(VAE), torch.device("cuda"))


def test_parameters_that_lie_side_by_side_keep_values_and_layout() -> None:
    layers = torch.nn.Sequential(torch.nn.Conv2d(3, 5, 3), torch.nn.Linear(7, 2)).to(memory_format=torch.channels_last)
    before = [(weight.detach().clone(), weight.stride()) for weight in layers.parameters()]
    flat = Flat(list(layers.parameters()))
    for (value, stride), weight, part in zip(before, layers.parameters(), flat.parts(flat.values), strict=True):
        assert torch.equal(weight, value)
        assert weight.stride() == part.stride() == stride
        assert weight.data_ptr() == part.data_ptr()
        assert weight.storage_offset() % ALIGNMENT == 0
    assert torch.equal(flat.joined([value for value, _ in before]), flat.values)
    layers(torch.ones(1, 3, 9, 9)).sum().backward()
    assert all(torch.equal(weight.grad, part) for weight, part in zip(layers.parameters(), flat.parts(flat.gradient), strict=True))
    assert flat.gradient.abs().sum() > 0
