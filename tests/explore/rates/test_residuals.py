"""Residuals: best widths in closed form are the numerical ones, costs are those of SciPy's densities, bits those of grey levels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.special import entr
from scipy.stats import laplace, norm, sem

from vae_core import data
from vae_core.evaluation import evaluate
from vae_core.explore.rates import doctor, residuals
from vae_core.explore.rates.residuals import LAWS, Law, Residuals
from vae_core.models import build, default_spec

PARENT = {"gaussian": norm, "laplace": laplace}


@pytest.fixture(scope="module", params=LAWS)
def measured(request: pytest.FixtureRequest) -> tuple[Residuals, float]:
    spec = replace(default_spec("vae", "digits", 2), likelihood=request.param, scale=0.3)
    model = build(spec).eval().requires_grad_(False)
    images = data.load("digits")
    return residuals.residuals(model, images), doctor.pressure(model, images.test.x)


def of_noise(law: Law = "gaussian", claimed: float = 0.25, n: int = 400) -> tuple[Residuals, np.ndarray]:
    """Residuals that are Gaussian noise of width 0.2 on 9 pixels, and the noise."""
    left = np.random.default_rng(0).normal(0, 0.2, (n, 9))
    sizes: dict[Law, np.ndarray] = {"gaussian": (left**2).mean(1), "laplace": np.abs(left).mean(1)}
    return Residuals(law, claimed, np.array([-1.0, 1.0]), np.array([0.5]), sizes, 9, 1), left


def test_the_best_width_is_the_minimum_and_agrees_with_the_doctors_pressure(measured: tuple[Residuals, float]) -> None:
    found, pressure = measured
    power = 2 if found.claimed == "gaussian" else 1
    assert found.scale == pytest.approx(0.3)
    assert pressure == pytest.approx(found.scale**power / found.best(found.claimed).value ** power, rel=1e-5)
    for law in LAWS:
        lowest = minimize_scalar(lambda log, law=law: float(found.cost(law, np.exp(log))))
        assert np.exp(lowest.x) == pytest.approx(found.best(law).value, rel=1e-6)


def test_the_best_width_is_that_of_the_models_evaluation() -> None:
    model, images = build(default_spec("ppca", "digits", 4)), data.load("digits")
    model.solve(images.train.x)
    found, stored = residuals.residuals(model.eval(), images), evaluate(model, images, n_samples=1)
    assert found.claimed == "gaussian"
    assert found.scale == pytest.approx(stored.scale, rel=1e-6)
    assert found.best("gaussian").value == pytest.approx(stored.scale_closed_form, abs=found.best("gaussian").half_width / 3)
    assert found.best("gaussian").half_width == pytest.approx(1.96 * stored.expected_sse_standard_error / 64 / (2 * stored.scale), rel=0.1)


@pytest.mark.parametrize("law", LAWS)
def test_the_cost_is_minus_log_p_of_the_residuals(law: Law) -> None:
    found, left = of_noise()
    assert found.cost(law, 0.07) == pytest.approx(-PARENT[law].logpdf(left, scale=0.07).sum(1).mean())


@pytest.mark.parametrize("law", LAWS)
def test_the_gain_is_what_the_best_width_saves_of_minus_log_p_and_its_interval_that_of_the_width(law: Law) -> None:
    found, left = of_noise(law)
    best = np.sqrt((left**2).mean()) if law == "gaussian" else np.abs(left).mean()
    saved = (PARENT[law].logpdf(left, scale=best) - PARENT[law].logpdf(left, scale=0.25)).sum(1)
    assert found.is_told_apart
    assert found.gain.value == pytest.approx(saved.mean())
    assert 0 < found.gain.low < found.gain.value < found.gain.high
    assert (found.gain.high - found.gain.low) / 2 == pytest.approx(1.96 * sem(saved), rel=0.05)


def test_a_claim_within_the_interval_of_the_best_width_is_not_told_apart_from_it() -> None:
    found, _ = of_noise(claimed=0.2)
    low, high = found.best("gaussian").interval
    assert low < 0.2 < high
    assert not found.is_told_apart
    at_ends = [9 * (0.5 * (end**2 / 0.04 - 1) - np.log(end / 0.2)) for end in (low, high)]
    assert (found.gain.low, found.gain.high) == (0, pytest.approx(max(at_ends)))


def test_a_gain_that_is_told_from_none_has_no_interval_that_reaches_below_it() -> None:
    low = of_noise()[0].best("gaussian").interval[0]
    found, _ = of_noise(claimed=low - 1e-4)
    assert found.is_told_apart
    assert 0 < found.gain.low < found.gain.value < found.gain.high


def test_gaussian_noise_fits_itself_better_than_laplace_noise_does_by_the_paired_difference() -> None:
    found, left = of_noise()
    costs = [-PARENT[law].logpdf(left, scale=found.best(law).value).sum(1) for law in LAWS]
    assert (found.apart.value, found.apart.half_width) == pytest.approx(
        ((costs[0] - costs[1]).mean(), 1.96 * sem(costs[0] - costs[1])), 1e-4
    )
    assert found.apart.tells_apart
    assert found.apart.value < 0


def test_half_the_best_width_costs_more_than_twice() -> None:
    found, _ = of_noise()
    assert found.rise("gaussian", 0.5) == pytest.approx(9 * (1.5 - np.log(2)))
    assert found.rise("gaussian", 2) == pytest.approx(9 * (np.log(2) - 0.375))


def test_every_density_sums_to_1(measured: tuple[Residuals, float]) -> None:
    found, _ = measured
    assert (found.density * np.diff(found.edges)).sum() == pytest.approx(1)
    at = np.linspace(-8, 8, 400_001)
    for law in LAWS:
        assert np.trapezoid(residuals.density(law, 0.3, at), at) == pytest.approx(1, abs=1e-7)
        assert np.allclose(residuals.density(law, 0.3, at), PARENT[law].pdf(at, scale=0.3))


def test_bits_per_pixel_are_those_of_the_probabilities_of_levels_where_the_noise_is_wide() -> None:
    left = np.random.default_rng(0).normal(0, 0.2, (400, 12))
    sizes: dict[Law, np.ndarray] = {"gaussian": (left**2).mean(1), "laplace": np.abs(left).mean(1)}
    found = Residuals("gaussian", 0.25, np.array([-1.0, 1.0]), np.array([0.5]), sizes, n_pixels=12, n_channels=3)
    half = 0.5 / 255
    of_levels = -np.log2(norm.cdf(left + half, scale=0.25) - norm.cdf(left - half, scale=0.25)).sum(1) / 4
    assert (found.bits.value, found.bits.half_width) == pytest.approx((of_levels.mean(), 1.96 * sem(of_levels)), rel=1e-4)


def test_a_bernoulli_claims_no_noise_and_its_cross_entropy_with_grey_pixels_has_a_floor() -> None:
    images = data.load("digits")
    found = residuals.residuals(build(default_spec("vae", "digits", 2)).eval(), images)
    assert (found.claimed, found.scale, found.gain, found.bits) == (None, None, None, None)
    assert found.best("gaussian").value > found.best("laplace").value > 0
    assert residuals.curves(found)["claimed"] is None
    x = images.test.x.reshape(len(images.test.x), -1) / 255
    entropies = (entr(x) + entr(1 - x)).sum(1)
    floor = residuals.grey_floor(images)
    assert (floor.value, floor.half_width, floor.n) == pytest.approx((entropies.mean(), 1.96 * sem(entropies), len(x)), rel=1e-4)


@pytest.mark.skipif(not data.available("mnist"), reason="needs MNIST")
def test_the_floor_of_mnist_is_45_53_nats() -> None:
    assert str(residuals.grey_floor(data.load("mnist"))) == "45.53 ± 0.21"


def test_a_model_without_a_density_is_refused() -> None:
    with pytest.raises(ValueError, match="model must have a density"):
        residuals.residuals(build(default_spec("pca", "digits", 2)), data.load("digits"))
