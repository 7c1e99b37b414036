"""EM: the E step closes the gap, the M step lifts the bound, the likelihood never falls, and ends where closed forms say."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from scipy.stats import multivariate_normal
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA

from vae_core.data import drawn
from vae_core.explore import em

N = 30


def points(name: str = "clusters") -> np.ndarray:
    return drawn.points(drawn.presets()[name]).train.x[:160].astype(np.float64)


@pytest.mark.parametrize("name", drawn.presets())
@pytest.mark.parametrize("path", [lambda x: em.mixture_path(x, 3, 0, N), lambda x: em.ppca_path(x, 0, N)], ids=["mixture", "pPCA"])
def test_an_e_step_closes_the_gap_and_no_step_lowers_bound_or_likelihood(path, name: str) -> None:
    states = path(points(name))
    assert [state.step for state in states[:4]] == ["start", "E", "M", "E"]
    for before, after in itertools.pairwise(states):
        assert after.bound >= before.bound - 1e-12
        assert after.log_px >= before.log_px - 1e-12
        assert after.bound <= after.log_px + 1e-12
        if after.step == "E":
            assert after.log_px - after.bound < 1e-9
            assert after.log_px == before.log_px


def test_a_mixture_is_the_density_that_scipy_computes_and_its_bound_misses_the_kl() -> None:
    x = points()
    state = em.mixture_path(x, 3, 0, 6)[-1]
    parts = zip(state.model.weights, state.model.means, state.model.covariances, strict=True)
    joint = np.stack([w * multivariate_normal(m, c).pdf(x) for w, m, c in parts], 1)
    np.testing.assert_allclose(state.model.log_px(x), np.log(joint.sum(1)), atol=1e-10)
    posterior = joint / joint.sum(1, keepdims=True)
    np.testing.assert_allclose(state.model.posterior(x), posterior, atol=1e-10)
    kl = np.where(state.q > 0, state.q * (np.log(np.maximum(state.q, 1e-300)) - np.log(posterior)), 0).sum(1).mean()
    assert state.log_px - state.bound == pytest.approx(kl, abs=1e-10)


def test_an_m_step_fits_each_gaussian_to_its_share_of_the_points() -> None:
    x = points()
    state = em.mixture_path(x, 3, 0, 2)[-1]
    assert state.step == "M"
    for share, mean, covariance in zip(state.q.T, state.model.means, state.model.covariances, strict=True):
        np.testing.assert_allclose(mean, np.average(x, axis=0, weights=share), atol=1e-12)
        np.testing.assert_allclose(covariance, np.cov(x.T, aweights=share, bias=True), atol=1e-12)
    np.testing.assert_allclose(state.model.weights, state.q.mean(0), atol=1e-12)


def test_one_gaussian_ends_at_once_at_its_closed_form() -> None:
    x = points("two moons")
    log_det = np.linalg.slogdet(np.cov(x.T, bias=True))[1]
    assert em.mixture_path(x, 1, 0, 2)[-1].log_px == pytest.approx(-0.5 * (2 * math.log(2 * math.pi) + log_det + 2), abs=1e-10)


def test_a_gaussian_of_a_mixture_does_not_shrink_onto_a_point() -> None:
    x = np.vstack([points()[:10], [[2.9, 2.9]]])
    covariances = em.mixture_path(x, 6, 1, 60)[-1].model.covariances
    assert np.linalg.eigvalsh(covariances).min() >= em.LEAST_VARIANCE * (1 - 1e-9)


def test_k_means_never_rises_and_ends_where_scikit_learn_does() -> None:
    x = points()
    states = em.k_means_path(x, 3, 0, N)
    assert (np.diff([state.bound for state in states]) >= -1e-12).all()
    start = em._picked(x, 3, 0)
    known = KMeans(3, init=start, n_init=1).fit(x)
    assert -states[-1].bound == pytest.approx(known.inertia_ / len(x), abs=1e-9)


def test_k_means_is_the_limit_of_a_mixture_of_ever_narrower_gaussians() -> None:
    x, states = points(), em.k_means_path(points(), 3, 0, 3)
    means, squares = states[2].model.means, -states[3].bound
    for width, tolerance in ((0.1, 0.1), (0.01, 1e-3)):
        narrow = em.Mixture(np.full(3, 1 / 3), means, np.tile(width**2 * np.eye(2), (3, 1, 1)))
        constant = -math.log(3) - 2 * math.log(width) - math.log(2 * math.pi)
        assert -2 * width**2 * (narrow.log_px(x).mean() - constant) == pytest.approx(squares, rel=tolerance)


def test_probabilistic_pca_by_em_and_by_gradient_ends_at_the_closed_form() -> None:
    x = points("two moons")
    exact = em.closed_form(x).log_px(x).mean()
    assert exact == pytest.approx(PCA(1).fit(x * math.sqrt(160 / 159)).score(x), abs=0.02)  # its covariance divides by N − 1
    gaussian = multivariate_normal(x.mean(0), np.outer(*[em.closed_form(x).direction] * 2) + em.closed_form(x).noise * np.eye(2))
    assert exact == pytest.approx(gaussian.logpdf(x).mean(), abs=1e-10)
    assert em.ppca_path(x, 0, 400)[-1].log_px == pytest.approx(exact, abs=1e-9)
    ascent = em.gradient_path(x, 0, 1000)
    assert (np.diff(ascent) >= -1e-12).all()
    assert ascent[-1] == pytest.approx(exact, abs=1e-6)
    assert ascent[0] == em.ppca_path(x, 0, 0)[0].log_px


def test_the_bound_of_probabilistic_pca_misses_the_kl_to_its_posterior() -> None:
    x = points("spiral")
    state = em.ppca_path(x, 3, 4)[-1]
    (m, v), (pm, pv) = state.q.T, state.model.posterior(x).T
    kl = 0.5 * (np.log(pv / v) + (v + (m - pm) ** 2) / pv - 1)
    assert state.log_px - state.bound == pytest.approx(kl.mean(), abs=1e-10)


def test_more_gaussians_than_points_are_refused() -> None:
    with pytest.raises(ValueError, match="k must be from 1 to 4"):
        em.mixture_path(points()[:5], 5, 0, 1)
