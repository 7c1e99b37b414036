"""Evaluation: every image once, from fixed seeds, each figure by its method."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
import torch
from scipy import stats

from tests.harness import CPU, tiny_spec
from vae_core import data as datasets
from vae_core.bounds import Box, iwae_bound, log_px_by_quadrature
from vae_core.evaluation import NAMES, as_observed, binarised, completed, evaluate
from vae_core.log_px import quadrature
from vae_core.models import LatentModel, build
from vae_core.models.inputs import model_input
from vae_core.models.vae import VAESpec
from vae_core.networks import initialise
from vae_core.passes import NOISE_SEED
from vae_core.store import Store
from vae_core.terms import squared_error


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


def test_a_unit_is_active_by_the_variance_of_its_mean_and_not_by_its_standard_deviation() -> None:
    """One mean of variance 0.02 and one of 0.005, whose standard deviations are 0.14 and 0.07: the threshold 0.01 is between them."""
    images = datasets.load("digits")
    model = build(VAESpec(dataset="digits", latent_dim=2, network="linear", likelihood="gaussian")).requires_grad_(False)
    means = model.encode(model_input(images.test.x, CPU)).mean
    model.encoder.mu[2].weight *= (torch.tensor([0.02, 0.005]) / means.var(0)).sqrt()[:, None]
    assert evaluate(model, images, n_samples=1).active_units == 1


@pytest.mark.parametrize(
    ("likelihood", "least"),
    [("gaussian", lambda scale: 0.5 + math.log(scale) + 0.5 * math.log(2 * math.pi)), ("laplace", lambda scale: 1 + math.log(2 * scale))],
)
def test_at_the_closed_form_of_its_scale_the_distortion_is_least_and_known(likelihood: str, least: Callable[[float], float]) -> None:
    """σ* leaves D/2 + D ln σ* + ½D ln 2π and b* leaves D + D ln 2b*; both draw the same z, so that nothing but rounding is between."""
    images = datasets.load("digits")
    model = build(VAESpec(dataset="digits", latent_dim=3, hidden=(16,), likelihood=likelihood)).requires_grad_(False)
    initialise(model, torch.zeros(1, 8, 8), torch.Generator().manual_seed(0))
    best = evaluate(model, images, n_samples=1).scale_closed_form

    def distortion(scale: float) -> float:
        model.log_scale.fill_(math.log(scale))
        return evaluate(model, images, n_samples=1).distortion

    assert distortion(best) == pytest.approx(64 * least(best), rel=1e-5)
    assert distortion(best) < min(distortion(0.97 * best), distortion(1.03 * best))


def test_the_error_of_the_quadrature_holds_what_lies_outside_its_box(tiny_store: Store) -> None:
    """An image whose posterior has its mean at 7, outside the first box and inside the wider one: to refine the grid finds none of it."""
    model = tiny_store.load(tiny_spec("ppca"))
    column = model.weight[:, 0].double()
    length = (column**2).sum()
    seen = (model.mean + 7 * (length + model.noise_variance) * column / length).reshape(1, 1, 8, 8).numpy()
    exact = float(model.log_px(model_input(seen, CPU)))
    values, error = quadrature(model, seen)
    assert exact - values[0] > 1
    assert error == pytest.approx(exact - values[0], rel=0.15)


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
    assert "bound" in five.log_px_method
    assert five.iwae_bound <= five.log_px


def test_every_mean_has_the_standard_error_of_its_images(tiny_store: Store) -> None:
    """Against SciPy, from numbers that are found here anew; of log p(x) from the grid itself."""
    model, images = tiny_store.load(tiny_spec("vae")), datasets.load("digits")
    found = evaluate(model, images, n_samples=10)
    seen = model_input(binarised(images.test.x), CPU)
    posterior, noise = model.encode(seen), (torch.Generator().manual_seed(NOISE_SEED) for _ in range(3))
    distortion = -model.decode(posterior.sample(next(noise))).log_prob(seen)
    kl = posterior.kl_per_dim()
    grey = model_input(images.test.x, CPU)
    drawn = model.decode(model.encode(grey).sample(next(noise))).mean
    bound = iwae_bound(model, seen, 10, next(noise), at_once=4)
    columns = {
        "sse": squared_error(grey, model.reconstruct(grey)),
        "expected_sse": squared_error(grey, drawn),
        "distortion": distortion,
        "rate": kl.sum(-1),
        "elbo": -distortion - kl.sum(-1),
        "iwae_bound": bound,
        "log_px": log_px_by_quadrature(model, seen, Box(half_width=6, points_per_unit=20)),
    }
    for name, column in columns.items():
        assert getattr(found, f"{name}_standard_error") == pytest.approx(float(stats.sem(column.double())), rel=1e-3), name
    np.testing.assert_allclose(found.kl_per_dim_standard_error, stats.sem(kl.double()), rtol=1e-4)


def test_an_exact_log_px_has_no_bound_beside_it(tiny_store: Store) -> None:
    model, images = tiny_store.load(tiny_spec("ppca", 5)), datasets.load("digits")
    found = evaluate(model, images)
    exact = model.log_px(model_input(images.test.x, CPU))
    assert (found.iwae_bound, found.n_samples, found.log_px_rise) == (None, None, None)
    assert found.log_px == pytest.approx(float(exact.mean()), rel=1e-9)
    assert found.log_px_standard_error == pytest.approx(float(stats.sem(exact)), rel=1e-6)


def test_a_figure_that_is_newer_than_a_file_is_none_there(tiny_store: Store) -> None:
    now = tiny_store.find(tiny_spec("vae")).metrics
    older = {name: value for name, value in now.items() if name != "log_px_standard_error"}
    assert completed(older) == {**now, "log_px_standard_error": None}
    assert set(now) == set(NAMES)
