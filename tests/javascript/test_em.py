"""What the picture of EM draws, in JavaScript, against NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from tests.javascript.engine import evaluate
from vae_core.explore.em_figure import staircase

EM = ("pages/elbo/gauss.js", "pages/elbo/em/em_picture/em.js")
BOUNDS, LOG_PX = [-9.0, -5.0, -3.2, -3.0, -2.9, -2.85], [-6.0, -6.0, -3.1, -3.1, -2.88, -2.84]


@pytest.mark.parametrize("t", [-1.0, 0.0, 0.25, 1.0, 2.5, 3.0])
def test_a_frame_stands_on_the_line_from_one_step_to_the_next(t: float) -> None:
    values = np.array([[1.0, 2.0], [3.0, -1.0], [0.0, 5.0]])
    found = evaluate(EM, "return frameOf(values, 2, t);", values=values.ravel().tolist(), t=t)
    np.testing.assert_allclose(found, [np.interp(t, range(3), column) for column in values.T], rtol=1e-6, atol=1e-12)


@pytest.mark.parametrize("exact", [None, -2.5])
def test_the_staircase_reaches_as_far_as_that_of_the_notebook(exact: float | None) -> None:
    charts = [staircase(np.array(BOUNDS), np.array(LOG_PX), at, exact=exact) for at in range(6)]
    ours = np.array([chart.layout["yaxis"]["range"] for chart in charts])
    lines = "return [0, 1, 3, 4, 5].map((at) => reachOf(bounds, logPx, at, exact)).concat([reachAt(bounds, logPx, 3.5, exact)]);"
    found = evaluate(EM, lines, bounds=BOUNDS, logPx=LOG_PX, exact=exact)
    np.testing.assert_allclose(found, [*ours[[0, 1, 3, 4, 5]], (ours[3] + ours[4]) / 2], rtol=1e-6)


def test_a_point_is_of_its_largest_share_and_paler_the_less_certain_that_is() -> None:
    q = np.array([[0.2, 0.5, 0.3], [1.0, 0.0, 0.0], [1 / 3, 1 / 3, 1 / 3]])
    found = evaluate(EM, "return groupsOf(q, 3);", q=q.ravel().tolist())
    assert [one["group"] for one in found] == q.argmax(1).tolist()
    np.testing.assert_allclose([one["certainty"] for one in found], (q.max(1) - 1 / 3) * 1.5, atol=1e-9)
    assert evaluate(EM, "return groupsOf([1], 1);") == [{"group": 0, "certainty": 1}]


def test_a_tube_is_as_wide_on_either_side_of_its_curve() -> None:
    z = np.linspace(-2, 2, 9)
    curve = np.stack([z, 0.3 * z**2], 1)
    tangent = np.gradient(curve, axis=0)
    normal = np.stack([-tangent[:, 1], tangent[:, 0]], 1) / np.linalg.norm(tangent, axis=1, keepdims=True)
    found = evaluate(EM, "return tubeOf(curve, 0.4);", curve=curve.tolist())
    np.testing.assert_allclose(found, [*(curve + 0.4 * normal), *(curve - 0.4 * normal)[::-1]], rtol=1e-6, atol=1e-9)
