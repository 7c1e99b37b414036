"""Evaluation: every image once, from fixed seeds, each figure by its method."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
import torch
from scipy import stats

from tests.harness import CPU, tiny_model, tiny_spec
from vae_core import data as datasets
from vae_core.bounds import Box, iwae_bound, log_px_by_quadrature
from vae_core.evaluation import NAMES, as_observed, binarised, binarised_at, completed, evaluate, mean_terms
from vae_core.log_px import QUADRATURE_TOLERANCE, quadrature
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
    numbers = [len(x) - 1, 0, 7]
    assert np.array_equal(binarised_at(x, numbers), b[numbers])
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
        sse = ((x - trained.given(images.split(split).labels).reconstruct(x)) ** 2).flatten(1).sum(-1)
        assert found.n_images == n
        assert found.sse == pytest.approx(float(sse.mean()), rel=1e-5)
        assert found.sse_standard_error == pytest.approx(float(sse.std()) / n**0.5, rel=1e-4)


def test_errors_are_of_grey_images_and_likelihoods_of_binarised_ones() -> None:
    model, images = tiny_model("vae"), datasets.load("digits")
    found = evaluate(model, images)
    seen = model_input(binarised(images.test.x), CPU)
    distortion = -model.decode(model.encode(seen).expand(50).sample(torch.Generator().manual_seed(3))).log_prob(seen)
    assert found.distortion == pytest.approx(float(distortion.mean()), rel=0.01)
    assert found.rate == pytest.approx(float(model.encode(seen).kl_per_dim().sum(-1).mean()), rel=1e-5)
    assert sum(found.kl_per_dim) == pytest.approx(found.rate, rel=1e-5)
    assert found.elbo == pytest.approx(-found.distortion - found.rate)


def test_a_model_without_a_density_has_no_figures_of_one() -> None:
    found = evaluate(tiny_model("pca"), datasets.load("digits"))
    assert (found.elbo, found.rate, found.distortion, found.log_px, found.active_units) == (None,) * 5


def test_what_is_observed_is_binary_only_if_the_model_binarises(trained: LatentModel) -> None:
    x = datasets.load("digits").test.x
    is_binary = set(np.unique(as_observed(trained, x))) == {0, 255}
    assert is_binary == trained.binarises == (getattr(trained.spec, "likelihood", None) == "bernoulli")


def test_another_seed_is_another_binarisation_of_what_is_observed() -> None:
    model, x = tiny_model("vae"), datasets.load("digits").test.x
    drawn = {seed: as_observed(model, x, seed) for seed in (0, 1)}
    assert all(np.array_equal(b, binarised(x, seed)) for seed, b in drawn.items())
    grey = (x > 0) & (x < 255)
    assert 0.2 < (drawn[0] != drawn[1])[grey].mean() < 0.5


def test_a_mean_is_over_images_and_not_over_batches() -> None:
    """359 images in batches of 300: the last 59 weigh 59 parts, however dark they are."""
    model, x = tiny_model("pca"), np.sort(datasets.load("digits").test.x, axis=0)
    sse = squared_error(model_input(x, CPU), model.reconstruct(x)).double()
    assert mean_terms(model, x, at_once=300)["sse"] == pytest.approx(float(sse.mean()), rel=1e-6)
    assert abs(sse[:300].mean() + sse[300:].mean() - 2 * sse.mean()) > 1  # weighed alike they would give another mean


def test_a_dimension_whose_mean_ignores_the_image_is_not_active() -> None:
    model, images = tiny_model("ppca", 5), datasets.load("digits")
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


def image_of_posterior_mean(model: LatentModel, mean: float) -> np.ndarray:
    """An image, (1, 1, 8, 8), whose code has this mean in the first dimension of a pPCA, and 0 in the others."""
    column = model.weight[:, 0].double()
    length = (column**2).sum()
    return (model.mean + mean * (length + model.noise_variance) * column / length).reshape(1, 1, 8, 8).numpy()


def test_the_error_of_the_quadrature_holds_what_lies_outside_its_box() -> None:
    """An image whose posterior has its mean at 7, outside the first box and inside the wider one: to refine the grid finds none of it."""
    model = tiny_model("ppca")
    seen = image_of_posterior_mean(model, 7)
    exact = float(model.log_px(model_input(seen, CPU)))
    values, error = quadrature(model, seen)
    assert exact - values[0] > 1
    assert error == pytest.approx(exact - values[0], rel=0.15)


def test_a_grid_is_refined_until_that_moves_the_mean_by_less_than_a_hundredth_of_a_nat() -> None:
    """A posterior of σ = 0.02 about a point of the grid: of 10 points a unit it makes twice what there is, of 20 points 1.085 times."""
    model = build(tiny_spec("ppca", 1))
    model.solve(datasets.load("digits").train.x)
    model.noise_variance.fill_(0.02**2 * float((model.weight**2).sum()))
    seen = image_of_posterior_mean(model, 0.5)
    exact = float(model.log_px(model_input(seen, CPU)))
    coarse = float(log_px_by_quadrature(model, model_input(seen, CPU), Box(half_width=6, points_per_unit=20)))
    assert coarse - exact == pytest.approx(math.log(1.085), abs=0.01)
    values, error = quadrature(model, seen)
    assert values[0] == pytest.approx(exact, abs=0.005)
    assert error < 0.01


def test_a_grid_is_refined_for_the_images_that_need_it_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A decoder so steep that most posteriors are too narrow for the second grid; the budget allows the third for them, but not for all."""
    model = tiny_model("vae", 1)
    model.decoder[-2].weight *= 40
    seen = binarised(datasets.load("digits").test.x)
    first, second, finest = (
        log_px_by_quadrature(model, model_input(seen, CPU), Box(half_width=6, points_per_unit=n)).double() for n in (10, 20, 320)
    )
    n_moved = int(((second - first).abs() > QUADRATURE_TOLERANCE).sum())
    assert abs(float((second - first).mean())) > QUADRATURE_TOLERANCE
    monkeypatch.setattr("vae_core.log_px.DECODING_COST", {"mlp": 0})
    monkeypatch.setattr("vae_core.log_px.QUADRATURE_BUDGET", Box(half_width=6, points_per_unit=40).n_points_per_axis * (n_moved + 1))
    assert n_moved + 1 < len(seen)
    values, error = quadrature(model, seen)
    assert error < QUADRATURE_TOLERANCE
    assert values.mean() == pytest.approx(float(finest.mean()), abs=QUADRATURE_TOLERANCE)


def test_the_importance_weighted_bound_uses_every_sample_it_says() -> None:
    model = tiny_model("vae")
    x = model_input(binarised(datasets.load("digits").test.x[:20]), CPU)
    in_parts = iwae_bound(model, x, 60, torch.Generator().manual_seed(0), at_once=20)
    at_once = iwae_bound(model, x, 60, torch.Generator().manual_seed(0), at_once=60)
    torch.testing.assert_close(in_parts, at_once, rtol=0, atol=1e-3)


def test_one_sample_of_the_bound_is_the_elbo_on_average() -> None:
    model, images = tiny_model("vae"), datasets.load("digits")
    found = evaluate(model, images, n_samples=1)
    assert found.iwae_bound == pytest.approx(found.elbo, abs=4 * found.elbo_standard_error)


def test_two_dimensions_are_integrated_and_more_are_bounded() -> None:
    images = datasets.load("digits")
    two = evaluate(tiny_model("vae", 2), images)
    five = evaluate(tiny_model("vae", 5), images)
    assert two.log_px_method == "quadrature"
    assert two.log_px_error < 0.01
    assert two.elbo <= two.iwae_bound <= two.log_px + 0.05
    assert "bound" in five.log_px_method
    assert five.iwae_bound <= five.log_px


def test_every_figure_is_the_mean_over_its_images_with_the_standard_error_of_it() -> None:
    """Against SciPy, from numbers that are found here anew; of log p(x) from the grid itself."""
    model, images = tiny_model("vae"), datasets.load("digits")
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
        assert getattr(found, name) == pytest.approx(float(column.double().mean()), rel=1e-5), name
        assert getattr(found, f"{name}_standard_error") == pytest.approx(float(stats.sem(column.double())), rel=1e-3), name
    np.testing.assert_allclose(found.kl_per_dim_standard_error, stats.sem(kl.double()), rtol=1e-4)


def test_an_exact_log_px_has_no_bound_beside_it() -> None:
    model, images = tiny_model("ppca", 5), datasets.load("digits")
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
