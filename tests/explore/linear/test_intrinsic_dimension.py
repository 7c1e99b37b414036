"""How many dimensions data fill: the estimator on what is known, and images that are shrunk."""

from __future__ import annotations

import numpy as np
import pytest

from vae_core.explore.linear import intrinsic_dimension
from vae_core.explore.linear.intrinsic_dimension import at_size, nearest, neighbours, shrunk, sizes, torus, two_nn


@pytest.mark.parametrize("dim", [1, 2, 3])
def test_a_curved_manifold_of_known_dimension_lies_within_the_interval(dim: int) -> None:
    estimate = neighbours(torus(1000, dim, 100, 0)).dimension
    assert estimate.low < dim < estimate.high
    assert estimate.low < estimate.value < estimate.high
    assert (estimate.high - estimate.low) / estimate.value == pytest.approx(2 * 1.96 / 1000**0.5, rel=0.05)


def test_the_interval_holds_the_dimension_of_independent_ratios_in_nineteen_of_twenty_cases() -> None:
    rng, held = np.random.default_rng(0), 0
    for _ in range(400):
        ratios = np.exp(rng.exponential(1 / 7, 60))  # ln μ is exponential with mean 1/d
        estimate = two_nn(np.stack([np.ones(60), ratios], 1))
        held += estimate.low < 7 < estimate.high
    assert 0.92 < held / 400 < 0.98


def test_a_torus_is_turned_into_many_dimensions_without_a_change_of_distances() -> None:
    few, many = torus(50, 2, 4, 0), torus(50, 2, 30, 0)
    for one, other in ((few, many), (few[:1], many[:1])):
        np.testing.assert_allclose(np.linalg.norm(one[0] - one, axis=1), np.linalg.norm(other[0] - other, axis=1), atol=1e-12)
    np.testing.assert_allclose(np.square(many).sum(1), 2)


def test_copies_of_a_point_are_no_neighbours() -> None:
    x = torus(300, 2, 4, 0)
    assert neighbours(np.concatenate([x, x])).dimension.n == 0
    assert neighbours(np.zeros((5, 3))).contrast == 0


def test_nearest_distances_are_those_of_a_loop() -> None:
    rng = np.random.default_rng(0)
    x, to = rng.random((7, 5)), rng.random((9, 5))
    np.testing.assert_allclose(nearest(x, to), [min(np.linalg.norm(a - b) for b in to) for a in x])
    every = np.array([[np.linalg.norm(a - b) for b in x] for a in x])
    np.fill_diagonal(every, np.nan)
    assert neighbours(x).contrast == pytest.approx(np.nanmin(every, axis=1).mean() / np.nanmean(every))


def test_shrinking_keeps_the_mean_of_every_area() -> None:
    x = np.random.default_rng(0).integers(0, 256, (3, 2, 6, 9), dtype=np.uint8)
    np.testing.assert_allclose(shrunk(x, 3, 3), x.reshape(3, 2, 3, 2, 3, 3).mean((3, 5)) / 255)
    np.testing.assert_allclose(shrunk(x, 4, 5).mean((2, 3)), x.mean((2, 3)) / 255)
    np.testing.assert_allclose(shrunk(x, 6, 9), x / 255)


def test_images_are_looked_at_up_to_their_own_size() -> None:
    assert sizes((1, 8, 8)) == [(1, 1, 1), (1, 2, 2), (1, 3, 3), (1, 4, 4), (1, 5, 5), (1, 7, 7), (1, 8, 8)]
    assert sizes((1, 28, 20))[-2:] == [(1, 20, 14), (1, 28, 20)]


def test_uniform_images_of_many_values_have_no_near_neighbour_and_are_near_no_image() -> None:
    rng = np.random.default_rng(1)
    strokes = np.zeros((260, 1, 8, 8), np.uint8)
    for image, (row, height) in zip(strokes, rng.integers((0, 1), (6, 4), (260, 2)), strict=True):
        image[0, row : row + height] = rng.integers(100, 256)
    small, large = (at_size(strokes[:200], strokes[200:], size) for size in ((1, 1, 1), (1, 8, 8)))
    assert large.uniform.contrast > 0.6 > 0.1 > small.uniform.contrast
    assert large.near == 0 < small.near
    assert large.images.dimension.value < 3 < large.uniform.dimension.value
    assert intrinsic_dimension.on_tori(200)[1].value == pytest.approx(1, rel=0.3)
