"""Averages of training images at a code."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from vae_core import data
from vae_core.explore.codes import Codes
from vae_core.explore.codes import codes as codes_of
from vae_core.explore.latent.smoothness import average_at, effective_sample_size, optimal_decoder, posterior_weights
from vae_core.explore.latent_pad import decoded
from vae_core.models import LatentModel


def test_a_deterministic_encoder_is_given_a_kernel_of_a_tenth_of_the_spread_of_its_codes() -> None:
    mean = np.random.default_rng(0).standard_normal((1000, 2)).astype(np.float32) * [3.0, 0.5]
    point = Codes(mean, np.zeros_like(mean), has_prior=False)
    wide = Codes(mean, np.tile(0.1 * mean.std(0), (1000, 1)), has_prior=True)
    assert posterior_weights(point, mean[0]) == pytest.approx(posterior_weights(wide, mean[0]), rel=1e-6)


def test_weights_add_up_to_one_and_wider_posteriors_average_more_images(vae: LatentModel, digits: data.Images) -> None:
    codes = codes_of(vae, digits.train.x)
    sizes = [effective_sample_size(posterior_weights(codes, np.array([0.4, 0.1]), widen=w)) for w in (0.5, 1, 2, 4, 8)]
    assert posterior_weights(codes, np.zeros(2)).sum() == pytest.approx(1)
    assert sizes == sorted(sizes)
    assert effective_sample_size(np.full(10, 0.1)) == pytest.approx(10)
    assert effective_sample_size(np.eye(10)[0]) == pytest.approx(1)


def test_the_weights_are_the_ratio_of_the_posteriors_own_densities(vae: LatentModel, digits: data.Images) -> None:
    x, z = digits.train.x[:50], np.array([0.2, -0.3])
    with torch.no_grad():
        log_q = vae.encode(torch.tensor(x) / 255).log_prob(torch.tensor(z, dtype=torch.float32)).double()
    assert posterior_weights(codes_of(vae, x), z) == pytest.approx(log_q.softmax(0).numpy(), rel=1e-4)


def test_the_weighted_mean_is_the_decoder_of_least_squared_error_and_cross_entropy(vae: LatentModel, digits: data.Images) -> None:
    """For a fixed encoder: the derivative of both expected losses with respect to the image drawn at z is zero there."""
    x = digits.train.x
    weights = posterior_weights(codes_of(vae, x), np.array([0.1, 0.3]))
    drawn = torch.tensor(optimal_decoder(x, weights).clip(1e-6, 1 - 1e-6), requires_grad=True)
    images, w = torch.tensor(x / 255.0), torch.tensor(weights)
    squared = (w * ((images - drawn) ** 2).flatten(1).sum(1)).sum()
    entropy = -(w * (images * drawn.log() + (1 - images) * (1 - drawn).log()).flatten(1).sum(1)).sum()
    for loss in (squared, entropy):
        (slope,) = torch.autograd.grad(loss, drawn, retain_graph=True)
        inside = (drawn > 1e-4) & (drawn < 1 - 1e-4)
        assert slope[inside].abs().max() < 1e-5


def test_no_network_beats_the_weighted_mean_on_the_training_images(vae: LatentModel, digits: data.Images) -> None:
    x = digits.train.x
    codes = codes_of(vae, x)
    rng = np.random.default_rng(0)
    chosen = rng.integers(0, len(x), 300)
    z = codes.mean[chosen] + codes.sd[chosen] * rng.standard_normal((300, 2))
    target = x[chosen] / 255.0
    network = ((decoded(vae, z) - target) ** 2).reshape(300, -1).sum(1).mean()
    mean = np.mean([((average_at(codes, x, at).mean - image) ** 2).sum() for at, image in zip(z, target, strict=True)])
    assert network >= mean


def test_the_named_images_are_those_of_the_largest_weights(vae: LatentModel, digits: data.Images) -> None:
    codes = codes_of(vae, digits.train.x)
    average = average_at(codes, digits.train.x, codes.mean[17].astype(float), k=5)
    weights = posterior_weights(codes, codes.mean[17].astype(float))
    assert np.allclose(average.weights, np.sort(weights)[::-1][:5])
    assert average.n == len(digits.train)
