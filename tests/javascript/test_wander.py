"""Where the point of home wanders before it is taken, in JavaScript."""

from __future__ import annotations

import numpy as np

from tests.javascript.engine import evaluate

WANDER = ("pages/start/home/diagram/wander.js",)


def test_the_point_wanders_slowly_round_the_middle_and_stays_on_the_inner_half_of_the_plane() -> None:
    lines = "return Array.from({ length: 6000 }, (_, k) => wandered(k / 60));"
    places = np.array(evaluate(WANDER, lines))
    reach = np.hypot(*places.T)
    assert 0.15 < reach.min() < reach.max() <= 0.5
    assert np.hypot(*np.diff(places, axis=0).T).max() * 60 < 0.2  # of the half width, per second
    turned = np.unwrap(np.arctan2(places[:, 1], places[:, 0]))
    assert turned[-1] - turned[0] > 4 * 2 * np.pi
