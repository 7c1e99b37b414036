"""A shape as a function: exact areas, and a network that is measured against them."""

from __future__ import annotations

import math
from itertools import islice

import numpy as np
import pytest
from scipy.integrate import quad

from vae_core.explore.beyond import occupancy, shapes
from vae_core.explore.number_files import read_rows


@pytest.mark.parametrize(("r", "n"), [(0.6, 1.0), (0.5, 2.0), (0.8, 3.0), (0.7, 8.0)])
def test_areas_are_those_of_an_integral_and_of_the_shapes_that_have_names(r: float, n: float) -> None:
    integral = 4 * quad(lambda u: (r**n - u**n) ** (1 / n), 0, r)[0]
    assert shapes.area(r, n) == pytest.approx(integral, rel=1e-6)
    assert shapes.area(r, 2) == pytest.approx(math.pi * r**2)
    assert shapes.area(r, 1) == pytest.approx(2 * r**2)
    cells = shapes.grid(400)
    assert 4 * shapes.inside(cells, r, n).mean() == pytest.approx(shapes.area(r, n), rel=5e-3)
    edge = shapes.outline(r, n)
    assert shapes.inside(0.999 * edge, r, n).all()
    assert not shapes.inside(1.001 * edge, r, n).any()


def test_a_picture_has_the_area_of_its_shape() -> None:
    r, n = np.array([0.45, 0.8]), np.array([2.0, 6.0])
    for picture, one, exponent in zip(shapes.pictures(r, n), r, n, strict=True):
        assert 4 * picture.mean() == pytest.approx(shapes.area(one, exponent), rel=0.01)
        np.testing.assert_array_equal(picture, picture.T)


def test_an_overlap_is_intersection_over_union() -> None:
    one, other = np.array([True, True, False, False]), np.array([True, False, True, False])
    assert shapes.overlap(one, other) == pytest.approx(1 / 3)
    assert shapes.overlap(one, one) == 1


@pytest.mark.parametrize("n", [1.0, 2.0, 4.0, 8.0])
def test_the_function_overlaps_more_than_the_pixels_that_it_saw_and_has_the_area(n: float) -> None:
    told = occupancy.shape(0.6, n)
    cells = shapes.grid(300)
    by_function = occupancy.probabilities(told.z, cells) > 0.5
    assert shapes.overlap(by_function, shapes.inside(cells, 0.6, n)) == pytest.approx(told.overlap, abs=5e-3)
    assert told.overlap > 0.96
    assert told.overlap > told.of_picture
    assert told.area == pytest.approx(shapes.area(0.6, n), rel=0.03)


def test_new_shapes_are_told_as_well() -> None:
    r, n = shapes.drawn(occupancy.N_NEW, np.random.default_rng(1))
    kept = read_rows(occupancy.NEW_SHAPES)
    for k in (0, 50, 99):
        told = occupancy.shape(r[k], n[k])
        assert (kept["network"][k], kept["pixels"][k]) == pytest.approx((told.overlap, told.of_picture), abs=2e-4)
    network, pixels = occupancy.means_on_new_shapes()
    assert network.n == pixels.n == occupancy.N_NEW
    assert network.value - network.half_width > pixels.value + pixels.half_width
    assert network.value > 0.96


def test_the_edge_is_smooth_between_pixels() -> None:
    told = occupancy.shape(0.6, 2.0)
    window = occupancy.probabilities(told.z, shapes.grid(96, occupancy.corner(told), 1 / 16)) > 0.5
    lowest = window.argmin(0)  # of each column, the first cell that is outside
    assert (np.diff(lowest) <= 0).all()
    assert len(set(lowest.tolist())) > 40


def test_training_begins_with_its_seed() -> None:
    once, again = ([*islice(occupancy.training(3, 20), 20)][-1] for _ in range(2))
    assert all((a == b).all() for a, b in zip(once.parameters(), again.parameters(), strict=True))


def test_the_picture_shows_what_the_function_says() -> None:
    told = occupancy.shape(0.6, 8.0)
    chart = occupancy.occupancy_chart(told, 8).figure()
    lines = {(trace.name, trace.xaxis): trace for trace in chart.data}
    np.testing.assert_allclose(lines["picture", "x"].z, told.picture, atol=6e-4)
    middle = np.array(occupancy.corner(told))
    cells = shapes.grid(occupancy.N_WINDOW, tuple(middle), 1 / 8)
    np.testing.assert_allclose(lines["window", "x3"].z, occupancy.probabilities(told.z, cells), atol=6e-4)
    np.testing.assert_allclose(chart.layout.xaxis3.range, [middle[0] - 1 / 8, middle[0] + 1 / 8])
    edges = np.stack([lines["edge of the pixels", "x3"].x, lines["edge of the pixels", "x3"].y], 1).astype(float)
    there = edges[~np.isnan(edges[:, 0])]
    np.testing.assert_allclose(there * 8, np.round(there * 8), atol=1e-9)  # between pixels of a width of 1/8
