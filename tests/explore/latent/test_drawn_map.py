"""The map to what is drawn: one-to-one, its samples even over what is painted, its determinant that of differences, its numbers exact."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from vae_core.data import drawn
from vae_core.explore.latent import morph
from vae_core.explore.latent.comparison_maps import density_grid
from vae_core.explore.latent.drawn_map import DrawnMap, drawn_estimates
from vae_core.explore.latent.ring import log_standard_normal, prior_samples

PRESETS = drawn.presets()


@pytest.mark.parametrize("name", PRESETS)
def test_the_inverse_undoes_the_map(name: str) -> None:
    g, z = DrawnMap(PRESETS[name]), prior_samples(5000, 2).astype(np.float64)
    np.testing.assert_allclose(g.inverse(g.forward(z)), z, atol=1e-6)
    assert np.isnan(g.inverse(np.array([[2.9, 2.9], [50.0, 0.0]]))).all()


@pytest.mark.parametrize("name", PRESETS)
def test_its_samples_fall_evenly_on_what_is_painted_and_nowhere_else(name: str) -> None:
    g = DrawnMap(PRESETS[name])
    y = g.forward(prior_samples(20_000, 2).astype(np.float64))
    column, row = np.floor((y.T + drawn.REACH) / drawn.CELL).astype(int)
    counts = np.zeros_like(g.cells, int)
    np.add.at(counts, (row, column), 1)
    assert counts[~g.cells].sum() == 0
    assert stats.chisquare(counts[g.cells]).pvalue > 1e-3
    assert (g.counts_in_cells(y) == counts[g.cells]).all()


def test_the_determinant_is_that_of_differences_within_a_cell() -> None:
    g, z, h = DrawnMap(PRESETS["clusters"]), prior_samples(4000, 2).astype(np.float64), 1e-5
    columns = [(g.forward(z + h * e) - g.forward(z - h * e)) / (2 * h) for e in np.eye(2)]
    found, exact = np.linalg.det(np.stack(columns, -1)), np.exp(g.log_abs_det(z))
    is_within = np.abs(found - exact) < 1e-4 * exact
    assert is_within.mean() > 0.99  # all but the few whose differences reach over the edge of a cell
    y = g.forward(z)
    np.testing.assert_allclose(g.log_density(y), log_standard_normal(z) - g.log_abs_det(z), rtol=1e-9)


def test_the_ends_of_the_prior_stay_on_what_is_painted() -> None:
    ends = np.array([[u, v] for u in (-40.0, -9.0, 0.0, 9.0, 40.0) for v in (-40.0, -9.0, 9.0, 40.0)])
    for code in PRESETS.values():
        y = DrawnMap(code).forward(ends)
        assert np.isfinite(y).all() and (np.abs(y) <= drawn.REACH).all()


@pytest.mark.parametrize("name", PRESETS)
def test_its_numbers_are_those_of_its_samples(name: str) -> None:
    g = DrawnMap(PRESETS[name])
    for estimate in drawn_estimates(g, g.forward(prior_samples(20_000, 2).astype(np.float64))):
        assert abs(estimate.deviation) < 4, estimate
    axis, density = density_grid(g, drawn.REACH, 10 * drawn.SIDE)
    area = (axis[1] - axis[0]) ** 2
    assert density.sum() * area == pytest.approx(1)
    squared = axis[:, None] ** 2 + axis**2
    assert g.mean_squared_radius() == pytest.approx((density * squared).sum() * area, abs=drawn.CELL**2 / 50)  # by the midpoint rule
    assert g.entropy() == pytest.approx(math.log(g.area)) == pytest.approx(drawn.entropy(PRESETS[name]))


def test_its_cloud_carries_its_image() -> None:
    cloud = morph.cloud(500, 2, DrawnMap(PRESETS["circle"]))
    assert cloud.image["y"].shape == (500, 2) and cloud.image["lines_y"].shape == cloud.lines.shape
    histogram = morph.radius_histogram(cloud.image["y"], DrawnMap(PRESETS["circle"]))
    assert np.trapezoid(histogram.density, histogram.rho) == pytest.approx(1, abs=0.03)
    share = histogram.heights * np.diff(histogram.edges)
    width = np.diff(histogram.edges)
    for k, count in enumerate(np.round(500 * share).astype(int).tolist()):
        wilson = stats.binomtest(count, 500).proportion_ci(method="wilson")
        assert (histogram.low[k] * width[k], histogram.high[k] * width[k]) == pytest.approx((wilson.low, wilson.high), abs=1e-9)
