"""Evaluation: every image once, from fixed seeds, each figure by its method."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from tests.conftest import CPU, tiny_spec
from vae_core import datasets
from vae_core.evaluation import as_observed, binarised, evaluate
from vae_core.models import LatentModel
from vae_core.objectives import iwae_bound, model_input
from vae_core.store import Store


def test_binarised_images_are_the_same_everywhere_and_right_on_average() -> None:
    x = datasets.load("digits").test.x
    b = binarised(x)
    assert set(np.unique(b)) == {0, 255}
    assert np.array_equal(b, binarised(x))
    assert np.array_equal(b[:100], binarised(x[:100]))
    assert not np.array_equal(b, binarised(x, seed=1))
    assert b.mean() == pytest.approx(x.mean(), rel=0.02)
    assert (b[x == 0] == 0).all()
    assert (b[x == 255] == 255).all()


def test_evaluation_is_repeatable(trained: LatentModel) -> None:
    images = datasets.load("digits")
    assert evaluate(trained, images) == evaluate(trained, images)


def test_every_image_counts_once(trained: LatentModel) -> None:
    images = datasets.load("digits")
    for split, n in (("train", 1438), ("test", 359)):
        found = evaluate(trained, images, split, n_samples=1)
        x = model_input(images.split(split).x, CPU)
        sse = ((x - trained.reconstruct(x)) ** 2).flatten(1).sum(-1)
        assert found.n_images == n
        assert found.sse == pytest.approx(float(sse.mean()), rel=1e-5)
        assert found.sse_standard_error == pytest.approx(float(sse.std()) / n**0.5, rel=1e-4)


def test_errors_are_of_grey_images_and_likelihoods_of_binarised_ones(tiny_store: Store) -> None:
    model, images = tiny_store.load(tiny_spec("vae")), datasets.load("digits")
    found = evaluate(model, images)
    seen = model_input(binarised(images.test.x), CPU)
    distortion = -model.decode(model.encode(seen).expand(50).sample(torch.Generator().manual_seed(3))).log_prob(seen)
    assert found.distortion == pytest.approx(float(distortion.mean()), rel=0.01)
    assert found.rate == pytest.approx(float(model.encode(seen).kl_per_dim().sum(-1).mean()), rel=1e-5)
    assert sum(found.kl_per_dim) == pytest.approx(found.rate, rel=1e-5)
    assert found.elbo == pytest.approx(-found.distortion - found.rate)


def test_a_model_without_a_density_has_no_figures_of_one(tiny_store: Store) -> None:
    found = evaluate(tiny_store.load(tiny_spec("pca")), datasets.load("digits"))
    assert (found.elbo, found.rate, found.distortion, found.log_px, found.active_units) == (None,) * 5


def test_what_is_observed_is_binary_only_if_the_model_binarises(trained: LatentModel) -> None:
    x = datasets.load("digits").test.x
    is_binary = set(np.unique(as_observed(trained, x))) == {0, 255}
    assert is_binary == trained.binarises == (trained.spec.family == "vae")


def test_a_dimension_whose_mean_ignores_the_image_is_not_active(tiny_store: Store) -> None:
    model, images = tiny_store.load(tiny_spec("ppca", 5)), datasets.load("digits")
    assert evaluate(model, images, n_samples=1).active_units == 5
    model.weight[:, 3] = 0
    assert evaluate(model, images, n_samples=1).active_units == 4


def test_the_importance_weighted_bound_uses_every_sample_it_says(tiny_store: Store) -> None:
    model = tiny_store.load(tiny_spec("vae"))
    x = model_input(binarised(datasets.load("digits").test.x[:20]), CPU)
    in_parts = iwae_bound(model, x, 60, torch.Generator().manual_seed(0), at_once=20)
    at_once = iwae_bound(model, x, 60, torch.Generator().manual_seed(0), at_once=60)
    torch.testing.assert_close(in_parts, at_once, rtol=0, atol=1e-3)


def test_one_sample_of_the_bound_is_the_elbo_on_average(tiny_store: Store) -> None:
    model, images = tiny_store.load(tiny_spec("vae")), datasets.load("digits")
    found = evaluate(model, images, n_samples=1)
    assert found.iwae_bound == pytest.approx(found.elbo, abs=4 * found.elbo_standard_error)


def test_two_dimensions_are_integrated_and_more_are_bounded(tiny_store: Store) -> None:
    images = datasets.load("digits")
    two = evaluate(tiny_store.load(tiny_spec("vae", 2)), images)
    five = evaluate(tiny_store.load(tiny_spec("vae", 5)), images)
    assert two.log_px_method == "quadrature"
    assert two.log_px_error < 0.01
    assert two.elbo <= two.iwae_bound <= two.log_px + 0.05
    assert five.log_px_method == "importance-weighted bound"
    assert five.log_px == five.iwae_bound
