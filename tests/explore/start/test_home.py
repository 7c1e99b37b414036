"""What lies between two classes of codes."""

from __future__ import annotations

import numpy as np

from vae_core.explore.start.home import classes_on_the_way


def test_the_classes_on_a_straight_way_are_those_of_the_nearest_codes_in_their_order() -> None:
    codes = np.array([[-3.0, 0.1], [-3.0, -0.1], [0.0, 0.5], [0.0, 5.0], [1.5, -0.4], [3.0, 0.0]])
    labels = np.array([4, 4, 9, 1, 8, 7])
    assert classes_on_the_way(codes, labels, 4, 7) == [4, 9, 8, 7]
    assert classes_on_the_way(codes, labels, 7, 4) == [7, 8, 9, 4]
    assert classes_on_the_way(codes, labels, 4, 4) == [4]
