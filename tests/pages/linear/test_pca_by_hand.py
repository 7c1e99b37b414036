"""PCA by hand on its page: a link holds direction and points, numbers and lines follow them."""

from __future__ import annotations

import re

import numpy as np
import pytest

from tests.harness import assert_answers, assert_sound, link_of, opened, value_of, words
from vae_core.explore.linear import pca_by_hand as explore

PAGE = "linear/pca_by_hand"


def test_a_link_holds_direction_and_points() -> None:
    points = np.vstack([explore.cloud(2)[:5], explore.OUTLIER])
    code = f"2.{explore.code_of(points)}"
    app = opened(PAGE, hand_seed=2, hand_angle=33.5, hand_points=code)
    assert_answers(app)
    link = link_of(app)
    assert (link["hand_seed"], link["hand_angle"], link["hand_points"]) == ("2", "33.5", code)
    assert value_of(app, "Squared error") == f"{explore.sse(points, 33.5) / 6:.4f}"
    assert value_of(app, "Projected variance") == f"{explore.variance(points, 33.5):.4f}"


@pytest.mark.parametrize("code", ["", "3.0000", "2.zz", "7", "a.b.c"])
def test_points_that_are_none_or_another_seeds_are_the_clouds(code: str) -> None:
    app = opened(PAGE, hand_seed=2, hand_angle=10, hand_points=code)
    assert_sound(app)
    assert value_of(app, "Squared error") == f"{explore.sse(explore.cloud(2), 10) / 20:.4f}"
    assert "hand_points" not in link_of(app)


def test_the_derivation_shows_as_many_lines_as_asked_for_and_each_with_its_value() -> None:
    app = opened(PAGE, hand_beside="derivation", hand_lines=4, hand_angle=20, hand_scale=0.5)
    assert_answers(app)
    shown = re.findall(r"& (\d+\.\d{4})(?= )", words(app))
    assert shown == [f"{line.value:.4f}" for line in explore.derivation(explore.cloud(0), 20, 0.5)[:4]]
    assert shown[0] == shown[1] != shown[3]


def test_the_power_iteration_begins_where_v_is() -> None:
    app = opened(PAGE, hand_beside="power iteration", hand_angle=120)
    assert_answers(app)
    steps = explore.power_iteration(explore.cloud(0), 120, 2)
    assert all(f"{step.angle:.4f}°" in words(app) for step in steps)


def test_the_conclusion_is_what_the_numbers_say() -> None:
    best = explore.principal(explore.cloud(0)).angle
    assert "v is there." in words(opened(PAGE, hand_angle=f"{best:.6f}"))
    turned = words(opened(PAGE, hand_angle=f"{(best + 30) % 180:.6f}"))
    assert "v is 30.0° from it" in turned
    assert "v is there." not in turned
