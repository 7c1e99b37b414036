"""The way of a q in JavaScript, against NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from tests.javascript.engine import evaluate

ASCENT = ("pages/elbo/by_hand.js", "pages/elbo/gauss.js", "pages/elbo/posterior/ascent_film/ascent.js")
MEANS = np.array([[0.0, 1.0], [0.5, -1.0], [2.0, 0.25]])
COVARIANCES = np.array([[[1.0, 0.0], [0.0, 0.25]], [[0.5, 0.2], [0.2, 0.3]], [[0.2, -0.1], [-0.1, 0.9]]])
GAPS = [3.0, 1.0, 0.5]
WAY = {"means": MEANS.ravel().tolist(), "covariances": COVARIANCES[:, [0, 0, 1], [0, 1, 1]].ravel().tolist(), "gaps": GAPS}


@pytest.mark.parametrize("t", [0.0, 0.3, 1.0, 1.75, 2.0])
def test_q_is_on_the_line_from_one_step_to_the_next_and_its_gap_in_words_is_that_of_the_step_before(t: float) -> None:
    found = evaluate(ASCENT, "return placeOf(way, t);", way=WAY, t=t)
    between = [np.interp(t, range(3), column) for column in (*MEANS.T, *COVARIANCES[:, [0, 0, 1], [0, 1, 1]].T)]
    np.testing.assert_allclose([*found["mean"], *found["covariance"]], between, rtol=1e-6)
    assert (found["gap"], found["height"]) == (GAPS[int(t)], pytest.approx(np.interp(t, range(3), GAPS)))


@pytest.mark.parametrize(("mean", "covariance"), list(zip(MEANS, COVARIANCES, strict=True)))
def test_an_outline_is_so_many_widths_away_and_closes(mean: np.ndarray, covariance: np.ndarray) -> None:
    a, b, c = covariance[[0, 0, 1], [0, 1, 1]].tolist()
    found = np.array(evaluate(ASCENT, "return outlineOf(mean, [a, b, c], 2, 72);", mean=mean.tolist(), a=a, b=b, c=c))
    turn = 2 * np.pi * np.arange(73) / 72
    circle = 2 * np.stack([np.cos(turn), np.sin(turn)])
    np.testing.assert_allclose(found, mean + (np.linalg.cholesky(covariance) @ circle).T, rtol=1e-6, atol=1e-9)


def test_an_ascent_leads_to_the_best_diagonal_and_then_to_the_best_full_q_slow_at_both_ends() -> None:
    assert evaluate(ASCENT, "return [0, 2, 3, 4, 5].map((t) => targetOf(t, 3, 5));") == [3, 3, 5, 5, 5]
    assert evaluate(ASCENT, "return [0, 0.5, 1].map(easedOf);") == [0, 0.5, 1]
    assert evaluate(ASCENT, "return easedOf(0.1);") < 0.05


def test_labels_stay_apart_and_within_their_panel() -> None:
    assert evaluate(ASCENT, "return apart([10, 50, 90], 17, 0, 100);") == [10, 50, 90]
    assert evaluate(ASCENT, "return apart([10, 12, 90], 17, 0, 100);") == [10, 27, 90]
    assert evaluate(ASCENT, "return apart([97, 98, 99], 17, 0, 100);") == [66, 83, 100]
