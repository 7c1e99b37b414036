"""The ring's exact law."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import integrate, stats

from vae_core.explore.latent import morph
from vae_core.explore.latent.ring import (
    RadiusLaw,
    Ring,
    log_sphere_area,
    log_standard_normal,
    prior_samples,
    ring_estimates,
    share_in_the_hole,
    single_gaussian_kl,
)

DIMS = (2, 3, 10)
RINGS = [(10.0, 1.0), (3.0, 0.5), (1.0, 2.0)]


def samples(ring: Ring, n: int = 20_000, seed: int = 3) -> np.ndarray:
    return ring.forward(prior_samples(n, ring.dim, seed).astype(np.float64))


def test_the_lectures_ring_has_the_numbers_that_are_known_for_it() -> None:
    law = Ring(10, 1, 2).radius
    assert law.mean == pytest.approx(1.125331, abs=5e-7)
    assert law.sd == pytest.approx(0.065514, abs=5e-7)
    assert law.mode == pytest.approx(1.1, abs=1e-12)
    assert law.share(0, 1) == 0
    assert law.share(1, 1.2) == pytest.approx(1 - math.exp(-2), abs=1e-12)
    assert Ring(10, 1, 2).entropy()[0] == pytest.approx(0.593742, abs=5e-7)


@pytest.mark.parametrize("dim", DIMS)
@pytest.mark.parametrize(("a", "b"), RINGS)
def test_sampled_radii_follow_the_exact_law(dim: int, a: float, b: float) -> None:
    ring = Ring(a, b, dim)
    rho = np.linalg.norm(samples(ring), axis=1)
    assert stats.kstest(rho, ring.radius.cdf).pvalue > 1e-3
    assert abs(rho.mean() - ring.radius.mean) < 4 * ring.radius.sd / math.sqrt(len(rho))
    assert rho.std() == pytest.approx(ring.radius.sd, rel=4 / math.sqrt(2 * len(rho)) * 1.2)  # 4 standard errors, chi is near normal


@pytest.mark.parametrize("dim", DIMS)
def test_the_radius_density_is_the_slope_of_its_distribution_function_and_peaks_at_the_mode(dim: int) -> None:
    law = RadiusLaw(10, 1, dim)
    rho = np.linspace(1.01, 1.8, 2001)
    slope = (law.cdf(rho + 1e-6) - law.cdf(rho - 1e-6)) / 2e-6
    np.testing.assert_allclose(law.density(rho), slope, atol=1e-6)
    assert rho[law.density(rho).argmax()] == pytest.approx(law.mode, abs=1e-3)


@pytest.mark.parametrize("dim", DIMS)
@pytest.mark.parametrize(("a", "b"), RINGS)
def test_the_density_integrates_to_one(dim: int, a: float, b: float) -> None:
    ring = Ring(a, b, dim)

    def shell(rho: float) -> float:
        y = np.zeros((1, dim))
        y[0, 0] = rho
        return float(np.exp(ring.log_density(y)[0] + log_sphere_area(dim)) * rho ** (dim - 1))

    assert integrate.quad(shell, b, b + 12 / a, limit=200)[0] == pytest.approx(1, abs=1e-8)


def test_the_density_in_the_plane_is_the_formula_that_is_known_for_it() -> None:
    y = samples(Ring())[:1000]
    rho = np.linalg.norm(y, axis=1)
    exact = 100 * (rho - 1) * np.exp(-50 * (rho - 1) ** 2) / (2 * math.pi * rho)
    np.testing.assert_allclose(np.exp(Ring().log_density(y)), exact, rtol=1e-9)
    assert np.exp(Ring().log_density(np.array([[0.3, 0.4], [1.0, 0.0]]))).tolist() == [0, 0]


@pytest.mark.parametrize("dim", DIMS)
def test_the_density_is_the_priors_over_the_determinant(dim: int) -> None:
    ring, z = Ring(4, 0.7, dim), prior_samples(500, dim).astype(np.float64)
    by_change_of_variables = log_standard_normal(z) - ring.log_abs_det(z)
    np.testing.assert_allclose(ring.log_density(ring.forward(z)), by_change_of_variables, atol=1e-7)


def test_nothing_is_mapped_into_the_hole() -> None:
    assert np.isnan(Ring().inverse(np.array([[0.2, 0.1]]))).all()
    assert np.linalg.norm(samples(Ring()), axis=1).min() > 1


def test_a_density_too_small_for_a_float_still_has_its_logarithm() -> None:
    """By hand at ρ = 4.8 in the plane: r = 38, p(ρ) = 10·38·exp(−38²/2), over a circle of 2π·4.8."""
    expected = math.log(10 * 38) - 38**2 / 2 - math.log(2 * math.pi * 4.8)
    assert float(Ring().log_density(np.array([4.8, 0.0]))) == pytest.approx(expected, rel=1e-12)


def test_in_many_dimensions_the_quadrature_does_not_miss_the_peak() -> None:
    """As d grows ρ stays near b + √d/a, where log det J is nearly constant."""
    r = stats.chi(500).rvs(100_000, random_state=0)
    log_det = -math.log(10) + 499 * np.log(1 / 10 + 1 / r)
    by_sampling = 250 * (math.log(2 * math.pi) + 1) + log_det.mean()
    assert Ring(10, 1, 500).entropy()[0] == pytest.approx(by_sampling, abs=5 * log_det.std() / math.sqrt(len(r)))


@pytest.mark.parametrize("dim", DIMS)
def test_entropy_is_the_samples_mean_surprise(dim: int) -> None:
    ring = Ring(10, 1, dim)
    surprise = -ring.log_density(samples(ring))
    assert abs(surprise.mean() - ring.entropy()[0]) < 4 * surprise.std() / math.sqrt(len(surprise))
    assert ring.entropy()[1] < 1e-8


@pytest.mark.parametrize(("noise", "share"), [(0.05, 0.0509), (0.1, 0.1371), (0.2, 0.2467)])
def test_noise_brings_points_of_the_exact_ring_into_the_hole(noise: float, share: float) -> None:
    y = samples(Ring(), n=200_000)
    drawn = np.linalg.norm(y + noise * np.random.default_rng(5).standard_normal(y.shape), axis=1) < 1
    assert share_in_the_hole(Ring(), noise) == pytest.approx(share, abs=5e-5)
    assert drawn.mean() == pytest.approx(share, abs=4 * math.sqrt(share / len(y)))


def test_without_a_hole_the_entropy_is_a_gaussians() -> None:
    for dim in DIMS:
        assert Ring(2, 0, dim).entropy()[0] == pytest.approx(0.5 * dim * (math.log(2 * math.pi * math.e) - 2 * math.log(2.0)), abs=1e-8)


def test_the_standard_error_is_what_repetition_shows() -> None:
    ring = Ring()
    repeated = [ring_estimates(ring, samples(ring, 500, seed)) for seed in range(300)]
    for column in zip(*repeated, strict=True):
        spread = np.std([estimate.sample for estimate in column])
        assert np.mean([estimate.standard_error for estimate in column]) == pytest.approx(spread, rel=0.15)  # 300 repeats: s.e. 4 %


@pytest.mark.parametrize("dim", [2, 100])
def test_a_share_of_the_points_has_wilsons_interval_also_where_it_is_none(dim: int) -> None:
    ring, n = Ring(dim=dim), 500
    of_share = next(estimate for estimate in ring_estimates(ring, samples(ring, n)) if "ρ <" in estimate.name)
    assert (of_share.sample == 0) == (dim == 100)
    wilson = stats.binomtest(round(n * of_share.sample), n).proportion_ci(method="wilson")
    assert of_share.half_width == pytest.approx((wilson.high - wilson.low) / 2, rel=1e-6)


def test_one_gaussian_for_all_has_the_closed_form_kl() -> None:
    y = samples(Ring(), 200_000)
    variance = (y**2).mean()
    log_gaussian = -0.5 * (y**2).sum(1) / variance - math.log(2 * math.pi * variance)
    assert (Ring().log_density(y) - log_gaussian).mean() == pytest.approx(single_gaussian_kl(Ring()), abs=0.01)


@pytest.mark.parametrize(
    ("arguments", "sentence"), [({"a": 0}, "a must be above 0"), ({"b": -1}, "b must be at least 0"), ({"dim": 0}, "dim must")]
)
def test_bad_parameters_are_refused_with_a_sentence(arguments: dict, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Ring(**arguments)
    with pytest.raises(ValueError, match="map must be one of"):
        morph.named_map("torus", {}, 2)
    with pytest.raises(ValueError, match="n_points must be between 1 and 20000"):
        morph.cloud(50_000, 2)
