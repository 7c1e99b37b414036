"""Which posterior: the rule over the plane has converged, no q exceeds log p(x), draws agree with it, and gaps fall into parts that sum."""

from __future__ import annotations

import itertools
import math
from dataclasses import astuple
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.stats import multivariate_normal

from benchmarks.posterior_maps import DATASETS
from vae_core import data
from vae_core.bounds import Box, log_px_by_quadrature
from vae_core.explore.elbo import beyond_the_plane, gaps, posterior_draws, posterior_maps
from vae_core.explore.elbo.ascent import Ascent, ascent, derivatives, split
from vae_core.explore.elbo.posterior import Gaussian, Plane, encoded, halved, log_joint, plane, raster
from vae_core.explore.elbo.posterior_maps import PosteriorMap
from vae_core.models import LatentModel, build, default_spec
from vae_core.models.ppca import PPCASpec
from vae_core.store import Store

TOLERANCE = 1e-3
"""Nats."""


@cache
def vae(dataset: str = "digits", latent_dim: int = 2) -> LatentModel:
    return Store().load(default_spec("vae", dataset, latent_dim))


@cache
def seen(dataset: str, n: int) -> torch.Tensor:
    images = data.load(dataset)
    return posterior_maps.observed(vae(dataset), images, gaps.chosen_images(images, n))


@cache
def at(index: int) -> tuple[torch.Tensor, Gaussian, Plane, Ascent]:
    """One of five test digits, the encoder's q, the plane, and the way up."""
    x = seen("digits", 5)[[index]]
    q, here = encoded(vae(), x)[0], plane(vae(), x)
    return x, q, here, ascent(here, q)


def bowl(mean: np.ndarray, covariance: np.ndarray, *, log_px: float = -3.0) -> Plane:
    """The plane of an image whose posterior is this Gaussian."""
    density = multivariate_normal(mean, covariance)

    def look(z: np.ndarray) -> np.ndarray:
        return log_px + density.logpdf(z)

    axis = np.arange(-4, 4, 0.05)
    z = np.stack(np.meshgrid(axis, axis, indexing="ij"), -1).reshape(-1, 2)
    return Plane(look, z, look(z), 0.05)


def ppca() -> tuple[LatentModel, torch.Tensor]:
    model, images = build(PPCASpec(dataset="digits", latent_dim=2)), data.load("digits")
    model.solve(images.train.x)
    return model, torch.tensor(images.test.x[:3]) / 255


def test_the_plane_knows_what_probabilistic_pca_has_in_closed_form() -> None:
    model, x = ppca()
    for image, exact, q in zip(x.split(1), model.log_px(x), encoded(model, x), strict=True):
        here = plane(model, image)
        assert here.log_px == pytest.approx(float(exact), abs=TOLERANCE)
        np.testing.assert_allclose(here.mean, q.mean, atol=TOLERANCE)
        assert here.posterior.sum() == pytest.approx(1)
        assert 0.5 * np.abs(here.posterior - here.under(q).weights).sum() < TOLERANCE  # total variation
        assert here.log_px - here.elbo(q) < TOLERANCE  # the encoder's q is the posterior itself


@pytest.mark.parametrize("index", [0, 3])
def test_halving_the_squares_moves_log_px_by_less_than_a_thousandth(index: int) -> None:
    x, q, here, _ = at(index)
    finer = halved(here, most=10**6)
    assert abs(finer.log_px - here.log_px) < TOLERANCE
    assert abs(finer.elbo(q) - here.elbo(q)) < TOLERANCE
    assert here.log_px == pytest.approx(float(log_px_by_quadrature(vae(), x, Box(6, 20))[0]), abs=TOLERANCE)


def assert_in_order(here: Plane, way: Ascent) -> None:
    encoder, diagonal, full = way.elbos[0], way.elbos[way.n_diagonal], way.elbos[-1]
    assert encoder <= diagonal <= full <= here.log_px
    assert (np.diff(way.elbos) > 0).all()
    assert all(q.covariance[0, 1] == 0 for q in way.path[: way.n_diagonal + 1])


def all_in_order(dataset: str, n: int) -> None:
    x = seen(dataset, n)
    for image, q in zip(x.split(1), encoded(vae(dataset), x), strict=True):
        here = plane(vae(dataset), image, tolerance=0.01)  # which no inequality needs
        assert_in_order(here, ascent(here, q))


def test_no_q_exceeds_log_px_and_each_step_gains_for_twenty_images() -> None:
    all_in_order("faces_25", 15)
    for index in range(5):
        assert_in_order(*at(index)[2:])


@pytest.mark.slow
@pytest.mark.parametrize("dataset", ["digits"])
def test_no_q_exceeds_log_px_and_each_step_gains_for_two_hundred_images(dataset: str) -> None:
    all_in_order(dataset, 200)


def test_what_is_kept_of_shipped_models_is_in_order_and_is_what_is_measured() -> None:
    recipes = [default_spec("vae", dataset, 2) for dataset in DATASETS]
    for spec in recipes:
        maps = posterior_maps.read(posterior_maps.path_of(Store().checkpoint(spec).weights_sha256))
        assert len(maps) >= {"faces_25": 40, "olivetti_faces": 80}.get(spec.dataset, 200)  # of these faces all
        known = gaps.of_maps(maps)
        assert min(known.amortization.min(), known.diagonal.min()) >= 0
        # A q that is too narrow for the squares is looked at on nodes of its own, not quite under log p(x).
        assert known.gaussian.min() >= (-0.05 if spec.dataset == "olivetti_faces" else 0)
        ends = np.array([(one.way.elbos[0], one.way.elbos[one.way.n_diagonal]) for one in maps.values()])  # of the encoder's q, of the best
        np.testing.assert_allclose(known.log_px[:, None] - np.stack([known.gap, known.approximation], 1), ends, atol=1e-3)
        assert known.move.max() < 2 * TOLERANCE  # by the last halving; by the next one a fourth of it
        assert all((np.diff(one.way.elbos) > 0).all() and one.heat.max() == 255 for one in maps.values())
    kept = posterior_maps.read(posterior_maps.path_of(Store().checkpoint(vae().spec).weights_sha256))
    images = list(kept)[:2]
    again = posterior_maps.posterior_maps(vae(), data.load("digits"), images)
    for image in images:
        assert_same(again[image], kept[image], atol=TOLERANCE)


def assert_same(one: PosteriorMap, other: PosteriorMap, *, atol: float) -> None:
    np.testing.assert_allclose(astuple(one.split), astuple(other.split), atol=atol)
    np.testing.assert_allclose(one.way.elbos, other.way.elbos, atol=atol)
    for q, p in zip(one.way.path, other.way.path, strict=True):
        np.testing.assert_allclose(q.mean, p.mean, atol=atol)
        np.testing.assert_allclose(q.covariance, p.covariance, atol=atol)
    np.testing.assert_allclose(one.ends, other.ends, atol=atol)
    np.testing.assert_allclose(one.heat.astype(int), other.heat, atol=3)
    assert (one.n_nodes, one.way.n_diagonal) == (other.n_nodes, other.way.n_diagonal)


def test_a_file_of_maps_gives_back_what_was_put_in(tmp_path: Path) -> None:
    measured = posterior_maps.posterior_maps(vae(), data.load("digits"), [3, 260])
    posterior_maps.write(tmp_path / "maps.npz", measured)
    back = posterior_maps.read(tmp_path / "maps.npz")
    assert list(back) == [3, 260]
    for image, one in measured.items():
        assert_same(one, back[image], atol=1e-5)
        assert (one.heat == back[image].heat).all()
    assert posterior_maps.read(tmp_path / "none.npz") is None


@pytest.mark.parametrize("index", [0, 3])
def test_importance_weights_agree_with_quadrature_within_their_error(index: int) -> None:
    x, q, here, _ = at(index)
    draws = posterior_draws.weighted_draws(vae(), x, 5_000, seed=1)
    assert abs(draws.log_px - here.log_px) < 3.5 * draws.standard_error < 0.2
    spread = np.sqrt(np.square(draws.shares[:, None] * (draws.z - draws.mean)).sum(0))
    assert (np.abs(draws.mean - here.mean) < 4 * spread).all()
    one = draws.log_weights
    assert one.mean() == pytest.approx(here.elbo(q), abs=4 * one.std() / math.sqrt(5_000))
    assert draws.effective_size < 5_000


def test_bounds_by_more_draws_climb_to_log_px() -> None:
    x, _, here, _ = at(1)
    steps = posterior_draws.ladder(posterior_draws.weighted_draws(vae(), x, 10_000, seed=0))
    assert steps.counts.tolist() == posterior_draws.COUNTS.tolist()
    assert all(after > before - 0.02 for before, after in itertools.pairwise(steps.bounds))
    assert steps.bounds[-1] == pytest.approx(here.log_px, abs=0.1)
    assert steps.bounds[0] < here.log_px


def test_a_chain_wanders_through_the_posterior() -> None:
    x, _, here, _ = at(2)
    visited, accepted = posterior_draws.chain(vae(), x, seed=0, n=1_500)
    widths = np.sqrt(here.posterior @ np.square(here.z - here.mean))
    assert 0.15 < accepted < 0.6
    assert (np.abs(visited.mean(0) - here.mean) < 0.35 * widths).all()
    np.testing.assert_allclose(visited.std(0), widths, rtol=0.3)


def test_the_ascent_ends_at_a_posterior_that_is_gaussian_and_its_diagonal_gap_is_in_closed_form() -> None:
    covariance = np.array([[0.3, 0.18], [0.18, 0.25]])
    here = bowl(np.array([0.4, -0.7]), covariance)
    way = ascent(here, Gaussian(np.array([-0.5, 0.2]), np.diag([0.2, 0.5])))
    np.testing.assert_allclose(way.full.mean, [0.4, -0.7], atol=2e-3)
    np.testing.assert_allclose(way.full.covariance, covariance, atol=2e-3)
    one, precision = split(here, way), np.linalg.inv(covariance)
    np.testing.assert_allclose(np.diag(way.diagonal.covariance), 1 / np.diag(precision), atol=2e-3)
    log_det = math.log(np.linalg.det(precision))
    assert one.diagonal == pytest.approx(0.5 * (np.log(np.diag(precision)).sum() - log_det), abs=1e-4)  # ½[Σ ln M_jj − ln det M]
    assert one.gaussian == pytest.approx(0, abs=1e-4)
    assert one.log_px == pytest.approx(-3, abs=1e-6)


def test_derivatives_by_parts_are_those_of_a_quadratic() -> None:
    mean, covariance = np.array([0.1, 0.2]), np.array([[0.4, 0.1], [0.1, 0.3]])
    here, q = bowl(mean, covariance), Gaussian(np.array([0.3, -0.1]), np.diag([0.1, 0.2]))
    gradient, curvature = derivatives(here.under(q), q)
    np.testing.assert_allclose(gradient, -np.linalg.solve(covariance, q.mean - mean), atol=1e-6)
    np.testing.assert_allclose(curvature, -np.linalg.inv(covariance), atol=1e-6)


def test_a_q_that_the_nodes_do_not_hold_is_looked_at_on_its_own() -> None:
    here = bowl(np.zeros(2), 0.3 * np.eye(2))
    narrow, away = Gaussian(np.zeros(2), 1e-6 * np.eye(2)), Gaussian(np.array([30.0, 0]), 0.3 * np.eye(2))
    for q in (narrow, away):
        assert len(here.under(q).z) == 169
        s = q.covariance[0, 0]
        kl = s / 0.3 - 1 - math.log(s / 0.3) + q.mean @ q.mean / 0.6
        assert here.log_px - here.elbo(q) == pytest.approx(kl, rel=1e-4)


def test_two_hills_are_both_found_and_the_higher_one_is_taken() -> None:
    low, high = multivariate_normal([-2, 0], 0.02 * np.eye(2)), multivariate_normal([2, 1], 0.02 * np.eye(2))

    def look(z: np.ndarray) -> np.ndarray:
        return np.logaddexp(math.log(0.2) + low.logpdf(z), math.log(0.8) + high.logpdf(z))

    axis = np.arange(-4, 4, 0.05)
    z = np.stack(np.meshgrid(axis, axis, indexing="ij"), -1).reshape(-1, 2)
    here = Plane(look, z, look(z), 0.05)
    way = ascent(here, Gaussian(np.array([-2.0, 0.0]), 0.03 * np.eye(2)))
    np.testing.assert_allclose(way.full.mean, [2, 1], atol=1e-3)
    assert split(here, way).gaussian == pytest.approx(-math.log(0.8), abs=1e-3)


def test_a_raster_holds_the_mass_of_the_posterior() -> None:
    here = at(0)[2]
    cells = raster(here, here.z.min(0) - 0.1, here.z.max(0) + 0.1)
    assert cells.density.sum() * cells.side**2 == pytest.approx(1, abs=1e-6)
    row, column = np.unravel_index(cells.density.argmax(), cells.density.shape)
    top = here.z[here.log_joint.argmax()]
    assert (np.abs(cells.low + cells.side * (np.array([column, row]) + 0.5) - top) < 0.1).all()


def test_the_spread_of_one_draw_is_that_of_many() -> None:
    x, q, _, way = at(4)
    z = np.random.default_rng(0).multivariate_normal(q.mean, q.covariance, 20_000)
    log_likelihood = log_joint(vae(), x, z) + 0.5 * np.square(z).sum(1) + math.log(2 * math.pi)
    assert way.draw == pytest.approx(log_likelihood.std(), rel=0.04)


def test_without_an_encoder_ascent_reaches_what_the_encoder_does_and_its_clock_counts_only_steps() -> None:
    x, q, here, way = at(0)
    ticks = itertools.count()
    run = posterior_draws.race(vae(), x, 0, n=96, clock=lambda: float(next(ticks)))
    assert run.encoder_seconds == 1
    assert run.seconds.tolist() == list(range(8, 97, 8))
    assert run.encoder_elbo == pytest.approx(here.elbo(q), abs=0.2)
    assert run.elbos[-1] == pytest.approx(way.elbos[way.n_diagonal], abs=0.5)
    assert run.elbos[0] < run.elbos[-1]


def test_beyond_the_plane_bounds_are_bounds_and_agree_with_the_plane_where_both_are_known() -> None:
    x, _, here, way = at(3)
    bounded = beyond_the_plane.bounded(vae(), x)
    one, exact = bounded.split, split(here, way)
    assert (np.diff(bounded.elbos) >= 0).all()
    assert one.log_px == pytest.approx(exact.log_px, abs=0.05)
    assert one.gap == pytest.approx(exact.gap, abs=0.1)
    assert one.amortization == pytest.approx(exact.amortization, abs=0.1)
    assert one.draw == pytest.approx(exact.draw, rel=0.1)
