"""PCA of points by hand: what is lost and what is kept, the derivation, the power iteration, points in a link."""

from __future__ import annotations

import numpy as np
import pytest

from vae_core.explore.linear.pca_by_hand import (
    ANY_CODES,
    BEST_CODES,
    GRID,
    N_POINTS,
    OUTLIER,
    REACH,
    cloud,
    code_of,
    codes,
    derivation,
    direction,
    from_best,
    lagrange_gradient,
    largest_gap,
    points_of,
    power_iteration,
    principal,
    sse,
    variance,
)

ANGLES = (0.0, 17.3, 45.0, 90.0, 133.7, 179.9)
CLOUDS = [cloud(seed) for seed in range(4)] + [np.vstack([cloud(0), OUTLIER]), np.array([[1.0, 2.0], [-3.0, 0.5]])]


@pytest.mark.parametrize("points", CLOUDS, ids=range(len(CLOUDS)))
@pytest.mark.parametrize("angle", ANGLES)
def test_the_error_is_the_total_less_the_scatter_along_v(points: np.ndarray, angle: float) -> None:
    covariance, n, v = np.cov(points.T, bias=True), len(points), direction(angle)
    total = n * np.trace(covariance)
    assert sse(points, angle) == pytest.approx(total - n * v @ covariance @ v, rel=1e-9, abs=1e-9 * total)
    assert sse(points, angle) / n + variance(points, angle) == pytest.approx(principal(points).total, rel=1e-9)
    assert variance(points, angle) == pytest.approx(codes(points, angle).var(), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("points", CLOUDS, ids=range(len(CLOUDS)))
@pytest.mark.parametrize("angle", ANGLES)
@pytest.mark.parametrize("scale", [1.0, 0.0, 1.7])
def test_all_lines_of_the_derivation_are_equal(points: np.ndarray, angle: float, scale: float) -> None:
    lines = derivation(points, angle, scale)
    size = len(points) * principal(points).total
    for what, error in ((ANY_CODES, sse(points, angle, scale)), (BEST_CODES, sse(points, angle))):
        losses = [line.value for line in lines if line.what == what]
        assert len(losses) >= 2
        np.testing.assert_allclose(losses, error, atol=1e-9 * size)
    assert largest_gap(lines) <= 1e-9 * size / max(sse(points, angle), 1e-9 * size)


@pytest.mark.parametrize("points", CLOUDS, ids=range(len(CLOUDS)))
def test_slopes_are_zero_at_the_best_codes_and_at_the_eigenvectors_only(points: np.ndarray) -> None:
    exact = principal(points)
    for angle in (exact.angle, exact.angle + 90):
        assert np.abs(lagrange_gradient(points, angle)).max() < 1e-9 * len(points) * exact.total
    assert np.abs(lagrange_gradient(points, exact.angle + 20)).max() > 1e-3
    slopes = [line.value for line in derivation(points, exact.angle) if line.what not in (ANY_CODES, BEST_CODES)]
    assert len(slopes) == 2
    np.testing.assert_allclose(slopes, 0, atol=1e-9 * len(points) * exact.total)
    assert derivation(points, exact.angle, 0.5)[2].value > 1e-3


@pytest.mark.parametrize("points", CLOUDS, ids=range(len(CLOUDS)))
def test_no_direction_loses_less_than_the_first_eigenvector(points: np.ndarray) -> None:
    exact = principal(points)
    errors = [sse(points, angle) for angle in np.arange(0, 180, 0.5)]
    assert sse(points, exact.angle) <= min(errors) + 1e-12
    assert sse(points, exact.angle) == pytest.approx(len(points) * exact.eigenvalues[1], abs=1e-9 * len(points) * exact.total)


@pytest.mark.parametrize("points", CLOUDS[:5], ids=range(5))
def test_each_power_step_shrinks_the_tangent_by_the_ratio_of_the_eigenvalues(points: np.ndarray) -> None:
    exact = principal(points)
    steps = power_iteration(points, exact.angle + 70, 5)
    tangents = np.tan(np.radians([step.away for step in steps]))
    np.testing.assert_allclose(tangents[1:] / tangents[:-1], exact.eigenvalues[1] / exact.eigenvalues[0], rtol=1e-6)
    assert all(np.diff([step.variance for step in steps]) > 0)


def test_the_power_iteration_stays_where_nothing_varies() -> None:
    assert [step.angle for step in power_iteration(np.zeros((3, 2)), 30.0, 2)] == [30.0, 30.0, 30.0]


def test_a_cloud_is_the_decks_and_its_seed_fixes_it() -> None:
    assert cloud(3).shape == (N_POINTS, 2)
    np.testing.assert_array_equal(cloud(3), cloud(3))
    assert np.abs(cloud(3) - cloud(4)).max() > GRID


@pytest.mark.parametrize("points", CLOUDS, ids=range(len(CLOUDS)))
def test_a_link_holds_points_exactly(points: np.ndarray) -> None:
    np.testing.assert_array_equal(points_of(code_of(points)), points)
    assert len(code_of(points)) == 4 * len(points)


def test_the_code_of_the_corners_is_theirs() -> None:
    corners = np.array([[-REACH, REACH], [0.0, -REACH], [0.01, -0.01]])
    np.testing.assert_array_equal(points_of(code_of(corners)), corners)


@pytest.mark.parametrize("code", ["", "0000", "0000000", "00000000x", "zzzzzzzz", "vvvvvvvv", "0000" * 61])
def test_a_code_that_holds_no_points_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="code must hold"):
        points_of(code)


def test_degrees_from_the_best_direction_are_at_most_ninety() -> None:
    points = cloud(0)
    best = principal(points).angle
    assert from_best(points, best) == pytest.approx(0, abs=1e-12)
    assert from_best(points, best + 180) == pytest.approx(0, abs=1e-9)
    assert from_best(points, best + 90) == pytest.approx(90)
    assert from_best(points, best - 30) == pytest.approx(30)
