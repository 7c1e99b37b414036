"""Codes of images: their planes, their neighbours, their mass in a cell."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from scipy.stats import norm

from tests.harness import tiny_spec
from vae_core import data
from vae_core.explore.codes import (
    Codes,
    aggregate_mass,
    gap_to_nearest,
    nearest_code,
    on_dims,
    on_principal_axes,
    per_image,
    share_beside_own_class,
    view_of,
)
from vae_core.explore.codes import codes as codes_of
from vae_core.explore.codes_figure import latent_scatter
from vae_core.models import LatentModel
from vae_core.store import Store


def test_the_aggregate_posterior_in_a_cell_agrees_with_draws_from_it(test_codes: Codes) -> None:
    rng = np.random.default_rng(0)
    edges = (np.array([-0.5, 0.2, 0.9]), np.array([-1.0, 0.0]))
    mass = aggregate_mass(test_codes, (0, 1), edges)
    i = rng.integers(0, len(test_codes.mean), 200_000)
    z = test_codes.mean[i] + test_codes.sd[i] * rng.standard_normal((len(i), 2))
    drawn = np.histogram2d(z[:, 1], z[:, 0], bins=(edges[1], edges[0]))[0] / len(z)
    assert np.abs(mass - drawn).max() < 4 * math.sqrt(0.25 / len(z))


def test_the_aggregate_posterior_in_a_cell_is_the_mean_of_products_of_the_normal_distribution(test_codes: Codes) -> None:
    edges = np.linspace(-2, 2, 6), np.linspace(-1, 3, 4)
    across, up = (
        np.diff(norm.cdf((e - test_codes.mean[:, [d]].astype(float)) / test_codes.sd[:, [d]])) for d, e in zip((0, 1), edges, strict=True)
    )
    assert aggregate_mass(test_codes, (0, 1), edges) == pytest.approx(up.T @ across / len(up), abs=1e-7)


def test_all_of_a_code_without_a_spread_lies_in_one_cell() -> None:
    codes = Codes(np.array([[0.5, -0.5], [2.5, 0.5]], np.float32), np.zeros((2, 2), np.float32), has_prior=False)
    assert aggregate_mass(codes, (0, 1), (np.arange(4.0), np.arange(-1.0, 2.0))).tolist() == [[0.5, 0, 0], [0, 0, 0.5]]


def test_dimensions_come_in_the_order_of_their_variance() -> None:
    mean = np.random.default_rng(0).standard_normal((500, 3)) * [0.1, 2.0, 1.0]
    codes = Codes(mean.astype(np.float32), np.ones((500, 3), np.float32), has_prior=True)
    assert codes.by_activity == (1, 2, 0)
    assert on_dims(codes, (1, 2)).explained > 0.99


@pytest.mark.parametrize(("has_prior", "low", "high"), [(False, 5.0, 995.0), (True, -3.1, 995.0)])
def test_a_view_leaves_out_half_a_percent_of_the_codes_at_either_end(has_prior: bool, low: float, high: float) -> None:
    """Codes at 0, 1 … 1000 along the second dimension, and a twentieth of the room beside what is held."""
    mean = np.stack([np.full(1001, 7.0), np.ones(1001), np.random.default_rng(0).permutation(1001)], axis=1).astype(np.float32)
    x, y, half_width = view_of(Codes(mean, np.ones_like(mean), has_prior), (1, 2))
    assert (y, half_width) == (pytest.approx((low + high) / 2), pytest.approx(1.05 * (high - low) / 2))
    assert x == pytest.approx(0 if has_prior else 1)


def test_the_nearest_code_is_the_one_at_the_least_distance() -> None:
    mean = np.array([[10.0, 0.0], [3.0, 4.0], [0.0, -6.0]], np.float32)
    codes = Codes(mean, np.ones_like(mean), has_prior=True)
    assert nearest_code(codes, np.zeros(2)) == (1, 5.0)
    assert nearest_code(codes, np.array([10.0, 1.0])) == (0, 1.0)


def test_principal_axes_hold_at_least_as_much_as_any_two_dimensions(tiny_store: Store, digits: data.Images) -> None:
    codes = codes_of(tiny_store.load(tiny_spec("vae", 5)), digits.test.x)
    best = on_principal_axes(codes)
    assert best.explained >= max(on_dims(codes, (i, j)).explained for i in range(5) for j in range(i)) - 1e-9
    assert best.points.shape == (len(digits.test), 2)


def test_codes_that_are_all_the_same_have_axes_that_hold_nothing() -> None:
    """As where the encoder gives the prior's mean whatever it is shown."""
    plane = on_principal_axes(Codes(np.zeros((7, 4), np.float32), np.ones((7, 4), np.float32), True))
    assert plane.explained == 0
    assert not plane.points.any()


def test_the_numbers_of_an_image_average_to_those_of_the_evaluation(vae: LatentModel, digits: data.Images, tiny_store: Store) -> None:
    metrics = tiny_store.find(tiny_spec("vae")).metrics
    found = per_image(vae, digits.test.x)
    assert found["ELBO"].mean() == pytest.approx(metrics["elbo"], rel=1e-6)
    assert found["rate"].mean() == pytest.approx(metrics["rate"], rel=1e-6)
    assert found["SSE"].mean() == pytest.approx(metrics["sse"], rel=1e-6)


def test_a_scatter_holds_every_point_once_with_its_number(test_codes: Codes, digits: data.Images) -> None:
    figure = latent_scatter(test_codes.mean, ("z1", "z2"), labels=digits.test.labels).figure()
    numbers = np.concatenate([trace.customdata for trace in figure.data])
    assert sorted(numbers) == list(range(len(digits.test)))
    assert len({trace.marker.symbol for trace in figure.data}) == 10
    coloured = latent_scatter(test_codes.mean, ("z1", "z2"), values=np.arange(len(test_codes.mean)), value_name="rate")
    assert len(coloured.data[0]["x"]) == len(digits.test)


def test_the_nearest_code_is_sought_among_all_and_not_among_the_first() -> None:
    rng = np.random.default_rng(0)
    mean = rng.normal(size=(2500, 2)).astype(np.float32)
    labels = np.where(np.arange(2500) < 1250, mean[:, 0] > 0, rng.random(2500) > 0.5).astype(int)  # only the first half is told apart
    away = cdist(mean, mean)
    np.fill_diagonal(away, np.inf)
    together = labels[away.argmin(1)] == labels
    share, chance = share_beside_own_class(Codes(mean, np.ones_like(mean), has_prior=True), labels)
    assert share.share == pytest.approx(together.mean(), abs=4 * math.sqrt(0.25 / share.n))
    assert chance == pytest.approx((np.bincount(labels) ** 2).sum() / len(labels) ** 2)
    assert gap_to_nearest(Codes(mean, np.ones_like(mean), has_prior=True)) == pytest.approx(np.median(away.min(1)), rel=0.1)
