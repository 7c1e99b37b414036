"""Bits-back coding: images come back whatever they are, codes are draws of q(z|x), and the stack grows by −ELBO."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.special import ndtr
from scipy.stats import norm

from tests.harness import tiny_model
from vae_core import data
from vae_core.explore.beyond.bits_back import FINER, Networks, bins, pop_image, push_image
from vae_core.explore.beyond.pixels import LEVEL_PRECISION, Levels, OnOff, log_masses
from vae_core.explore.beyond.rans import LEAST, PRECISION, Stack
from vae_core.models import LatentModel, build
from vae_core.models.vae import VAESpec

MU, WIDTH = [0.3, -2.9, 0.0], [0.05, 0.02, 1.0]


def grey_vae() -> LatentModel:
    """A VAE of bytes, as it is before it is trained."""
    torch_state = torch.random.get_rng_state()
    model = build(VAESpec(dataset="digits", latent_dim=3, likelihood="gaussian", scale=0.1))
    torch.random.set_rng_state(torch_state)
    return model.eval()


@pytest.fixture(scope="module", params=["binary", "grey"])
def model(request: pytest.FixtureRequest) -> LatentModel:
    return tiny_model("vae") if request.param == "binary" else grey_vae()


def pictures(model: LatentModel) -> np.ndarray:
    """Images of digits, random ones, black, white, and noise, (N, P)."""
    rng, p = np.random.default_rng(0), 64
    x = data.load("digits").test.x[:5].reshape(5, p)
    made = [*x, *rng.integers(0, 256, (5, p)), np.zeros(p), np.full(p, 255), 255 * rng.integers(0, 2, p)]
    rows = np.array(made).astype(np.uint8)
    return (rows > 127).astype(np.uint8) if model.binarises else rows


@pytest.mark.parametrize("precision", [2, 8, 16])
def test_images_come_back_bit_for_bit_and_so_does_what_was_borrowed(model: LatentModel, precision: int) -> None:
    networks, stack, images = Networks.of(model, precision), Stack.borrowing(), pictures(model)
    for image in images:
        push_image(networks, stack, image)
    read = Stack.from_bytes(stack.to_bytes())
    again = Networks.of(model, precision)
    assert (np.array([pop_image(again, read) for _ in images])[::-1] == images).all()
    assert read.is_as_lent


def test_the_stack_grows_by_the_information_of_x_and_z_less_that_of_the_bits_back(model: LatentModel) -> None:
    networks, stack = Networks.of(model, 10), Stack.borrowing()
    edges, medians = np.array(bins(10)[0]), bins(10)[1]
    for image in pictures(model):
        before, (mu, width) = stack.length, networks.posterior(image)
        numbers = networks.pop_code(stack, mu, width)
        networks.push_code(stack, numbers, mu, width)
        assert stack.length == pytest.approx(before, abs=1e-9)
        popped, with_x, after = push_image(networks, stack, image)
        ends = np.concatenate([[-np.inf], edges, [np.inf]])
        masses = [ndtr((ends[k + 1] - m) / w) - ndtr((ends[k] - m) / w) for k, m, w in zip(numbers, mu, width, strict=True)]
        assert before - popped == pytest.approx(-np.log2(masses).sum(), abs=0.02 * len(mu))  # two units more than the mass
        law = networks.model.likelihood(torch.tensor(medians[numbers])[None])
        x = torch.tensor(image / (1 if model.binarises else 255)).reshape(1, 1, 8, 8)
        if model.binarises:
            information = float(-law.log_prob(x)) / np.log(2)
            assert with_x - popped == pytest.approx(information, rel=2e-3, abs=0.02)
        else:
            nats = -log_masses(image, law.mean.detach().numpy().ravel(), np.full(1, float(law.scale)))
            if nats.max() < 15:  # a level of less mass than 2⁻²⁹ is given that
                assert with_x - popped == pytest.approx(nats.sum() / np.log(2), rel=1e-3)
        assert after - with_x == pytest.approx(10 * len(mu), abs=1e-6)


def test_bins_have_the_prior_s_mass_each_and_are_split_at_their_medians() -> None:
    for precision in (1, 4, 12):
        edges, medians = bins(precision)
        n = 2**precision
        assert ndtr(edges) == pytest.approx(np.arange(1, n) / n, abs=1e-12)
        assert ndtr(medians) == pytest.approx((np.arange(n) + 0.5) / n, abs=1e-12)


@pytest.mark.parametrize("precision", [4, 12])
def test_the_masses_of_q_are_positive_sum_to_all_and_are_those_of_the_normal_distribution(precision: int) -> None:
    networks, n = Networks.of(tiny_model("vae"), precision), 2**precision
    ends = np.concatenate([[-np.inf], bins(precision)[0], [np.inf]])
    for mu, width in [(0.3, 0.05), (-2.9, 0.02), (0.0, 1.0), (30.0, 1e-6), (0.0, 1e9)]:
        below = networks._mass_below(mu, width)
        masses = np.diff([below(k) for k in range(n + 1)])
        assert masses.min() >= 1 and masses.sum() == 2 ** (precision + FINER) and below(0) == 0
        assert masses / masses.sum() == pytest.approx(np.diff(ndtr((ends - mu) / width)), abs=2.0**-14)


def test_popped_codes_are_draws_of_q() -> None:
    networks, stack = Networks.of(tiny_model("vae"), 16), Stack.borrowing(3)
    z = bins(16)[1][np.array([networks.pop_code(stack, MU, WIDTH) for _ in range(2000)])]
    scores = (z - MU) / WIDTH
    assert (np.abs(scores) > 6).sum() <= 2  # 2⁻¹⁵ of them are drawn from the prior instead
    scores = np.where(np.abs(scores) > 6, 0, scores)
    assert np.abs(scores.mean(0)).max() < 5 / 2000**0.5
    assert scores.std(0) == pytest.approx(1, abs=5 / 4000**0.5)


def test_levels_have_the_mass_between_half_way_points_and_all_of_it() -> None:
    means, scales = np.array([0.5, 0.0, 1.3, 0.2]), np.array([0.1, 0.02, 0.3, 1 / 255])
    law = Levels.of(means, scales)
    for k, below in enumerate(law._masses()):
        masses = np.diff([below(level) for level in range(257)])
        assert masses.min() >= 1 and masses.sum() == 2**LEVEL_PRECISION
        edges = np.concatenate([[-np.inf], (np.arange(255) + 0.5) / 255, [np.inf]])
        exact = np.diff(norm.cdf(edges, means[k], scales[k]))
        assert masses / masses.sum() == pytest.approx(exact, abs=1e-6)
        logs = log_masses(np.arange(256), np.full(256, means[k]), np.full(256, scales[k]))
        assert np.exp(logs) == pytest.approx(exact, abs=1e-12)
        assert np.exp(logs).sum() == pytest.approx(1)


def test_far_above_the_mean_a_level_has_as_much_mass_as_far_below() -> None:
    logs = log_masses(np.array([100, 154]), np.full(2, 127 / 255), np.full(2, 2 / 255))
    assert logs[0] == pytest.approx(logs[1], rel=1e-9) and logs[0] < -80


def test_a_binary_pixel_is_never_certain_and_costs_what_its_probability_says() -> None:
    law = OnOff.of_logits(np.array([-80.0, 0.0, 80.0, 2.0]))
    assert law.ones == [1, 2**15, 2**PRECISION - 1, round(2**PRECISION / (1 + np.exp(-2)))]
    stack = Stack(LEAST)
    law.push(stack, [0, 1, 1, 0])
    assert stack.length - 32 == pytest.approx(1 + np.log2(1 + np.exp(2)), abs=1e-3)
    assert law.pop(stack) == [0, 1, 1, 0]


def test_rounding_of_another_processor_is_far_below_a_step() -> None:
    """Weights that differ by 10⁻¹⁵ of themselves, as sums in another order do, read the file all the same."""
    model = tiny_model("vae")
    networks, stack, images = Networks.of(model, 12), Stack.borrowing(), pictures(model)
    assert next(networks.model.parameters()).dtype == torch.float64 and next(model.parameters()).dtype == torch.float32
    for image in images:
        push_image(networks, stack, image)
    noise = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for weights in networks.model.parameters():
            weights *= 1 + 1e-15 * torch.randn(weights.shape, generator=noise, dtype=torch.float64)
    assert (np.array([pop_image(networks, stack) for _ in images])[::-1] == images).all()


@pytest.mark.parametrize("family", ["autoencoder", "pca"])
def test_a_model_without_a_density_is_asked_for_a_probability_and_refuses(family: str) -> None:
    with pytest.raises(ValueError, match="density"):
        Networks.of(tiny_model(family), 12)
