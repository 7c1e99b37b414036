"""What models keep of images: per-image errors, their means, and what a model offers."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from tests.harness import tiny_model
from vae_core import data as datasets
from vae_core.explore import means
from vae_core.explore import offers as start
from vae_core.explore import reconstructions as explore
from vae_core.models import LatentModel
from vae_core.store import Store


@pytest.fixture(scope="module")
def x() -> np.ndarray:
    return datasets.load("digits").test.x


def test_the_sum_of_the_errors_is_the_stored_mean(trained: LatentModel, tiny_store: Store, x: np.ndarray) -> None:
    stored = means.mean_of_metrics(tiny_store.find(trained.spec).metrics)
    measured = explore.sse_per_image(trained, x, datasets.load("digits").test.labels)
    assert stored.value == pytest.approx(float(measured.mean()), rel=1e-6)
    assert stored.half_width == pytest.approx(1.96 * float(measured.std(ddof=1)) / math.sqrt(len(x)), rel=1e-4)
    assert stored.n == len(x)


def test_the_error_is_that_of_the_image_that_is_shown(trained: LatentModel, x: np.ndarray) -> None:
    x_hat = explore.reconstructions(trained, x[:20])
    assert x_hat.shape == (20, 1, 8, 8)
    assert x_hat.dtype == np.float32
    by_hand = ((x[:20] / 255.0 - x_hat) ** 2).sum((1, 2, 3))
    np.testing.assert_allclose(explore.sse_per_image(trained, x[:20]), by_hand, rtol=1e-4)


def test_reconstructions_are_never_sampled(trained: LatentModel, x: np.ndarray) -> None:
    torch.random.default_generator.manual_seed(1)
    first = explore.reconstructions(trained, x[:5])
    np.testing.assert_array_equal(first, explore.reconstructions(trained, x[:5]))


def test_the_hardest_images_come_first() -> None:
    assert explore.hardest(np.array([1.0, 5.0, 3.0, 5.0]), 3).tolist() == [1, 3, 2]


def test_drawn_images_differ_and_follow_the_seed() -> None:
    first = explore.drawn(100, 8, seed=3)
    assert len(set(first.tolist())) == 8
    assert first.tolist() == explore.drawn(100, 8, seed=3).tolist()
    assert first.tolist() != explore.drawn(100, 8, seed=4).tolist()
    assert first.tolist()[:4] == explore.drawn(100, 4, seed=3).tolist()


def test_the_linear_optimum_is_the_training_error_of_pca() -> None:
    model = tiny_model("pca")
    sse = explore.sse_per_image(model, datasets.load("digits").train.x).mean()
    assert explore.discarded_variance(model) == pytest.approx(sse, rel=1e-5)


def test_what_a_model_offers_is_what_it_is(trained: LatentModel) -> None:
    offers = start.offers(trained)
    assert offers.encodes
    assert offers.has_density is trained.has_density
    assert offers.samples is trained.has_density


@pytest.mark.parametrize("family", ["pca", "linear-autoencoder", "autoencoder"])
def test_a_deterministic_model_raises_when_asked_for_a_density(family: str, x: np.ndarray) -> None:
    model = tiny_model(family)
    image = torch.from_numpy(x[:1] / 255).float()
    with pytest.raises(ValueError, match="density"):
        model.decode(model.encode(image).mean).log_prob(image)
    assert explore.prior_means(model, 3, seed=0) is None


def test_draws_from_the_prior_follow_the_seed() -> None:
    model = tiny_model("vae")
    drawn = explore.prior_means(model, 3, seed=5)
    assert drawn.shape == (3, 1, 8, 8)
    np.testing.assert_array_equal(drawn, explore.prior_means(model, 3, seed=5))
    assert not np.array_equal(drawn, explore.prior_means(model, 3, seed=6))


def test_the_code_zero_of_pca_is_the_mean_image() -> None:
    mean = datasets.load("digits").train.x.mean(0) / 255
    np.testing.assert_allclose(start.decoded_origin(tiny_model("pca")), mean, atol=1e-5)


def test_published_numbers_are_those_of_the_paper() -> None:
    assert explore.published("mnist") == [("autoencoder", 30, 3.00), ("pca", 30, 13.87)]
    assert explore.published("digits") == []
