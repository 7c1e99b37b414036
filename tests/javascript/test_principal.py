"""PCA of points in the browser against NumPy: eigenvalues, error and variance of a direction, power step, points in a link."""

from __future__ import annotations

import numpy as np
import pytest

from tests.javascript.engine import evaluate
from vae_core.explore.linear import pca_by_hand as exact

FILES = ("pages/linear/pca_by_hand/cloud_plot/principal.js",)
ANGLES = [0.0, 12.5, 61.0, 90.0, 146.2]
CLOUDS = [exact.cloud(seed) for seed in range(3)] + [np.vstack([exact.cloud(1), exact.OUTLIER]), np.array([[0.0, 0.0], [2.0, 1.0]])]


@pytest.mark.parametrize("points", CLOUDS, ids=range(len(CLOUDS)))
def test_the_browser_computes_what_numpy_does(points: np.ndarray) -> None:
    lines = """
    const p = principal(points);
    return [p.eigenvalues, p.best, p.total, angles.map((a) => [errorAt(p, a), varianceAt(p, a), powerStep(p, a), apart(a, p.best)])];
    """
    eigenvalues, best, total, rows = evaluate(FILES, lines, points=points.tolist(), angles=ANGLES)
    expected = exact.principal(points)
    np.testing.assert_allclose(eigenvalues, expected.eigenvalues, rtol=1e-6, atol=1e-9 * expected.total)
    assert (best, total) == pytest.approx((expected.angle, expected.total), rel=1e-6)
    for angle, row in zip(ANGLES, rows, strict=True):
        step = exact.power_iteration(points, angle, 1)[1].angle
        numbers = [exact.sse(points, angle) / len(points), exact.variance(points, angle), step, exact.from_best(points, angle)]
        np.testing.assert_allclose(row, numbers, rtol=1e-6, atol=1e-9 * expected.total)


@pytest.mark.parametrize("scale", [1.0, 0.4])
def test_the_browser_puts_points_back_where_numpy_does(scale: float) -> None:
    points = CLOUDS[0]
    found = evaluate(FILES, "return projected(points, principal(points), angle, scale);", points=points.tolist(), angle=33.0, scale=scale)
    np.testing.assert_allclose(found, exact.reconstructions(points, 33.0, scale), rtol=1e-6, atol=1e-9)


def test_the_browser_writes_points_as_a_link_reads_them() -> None:
    for points in CLOUDS:
        assert evaluate(FILES, "return codeOf(points);", points=points.tolist()) == exact.code_of(points)
    far = evaluate(FILES, "return points.map((p) => p.map(onGrid));", points=[[-7.0, 7.0], [0.123, -0.126]])
    np.testing.assert_array_equal(far, exact.on_grid(np.array([[-7.0, 7.0], [0.123, -0.126]])))


def test_points_of_no_extent_have_no_direction_and_no_number_that_is_none() -> None:
    lines = "const p = principal(points); return [p.eigenvalues, p.best, errorAt(p, 40), varianceAt(p, 40), powerStep(p, 40)];"
    assert evaluate(FILES, lines, points=[[1.0, 1.0], [1.0, 1.0]]) == [[0, 0], 0, 0, 0, 40]
