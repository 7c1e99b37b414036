"""What is said of a chart to who does not see it is what its traces hold."""

from __future__ import annotations

import numpy as np
import pytest

from vae_core.drawing.alternative import alternative
from vae_core.drawing.chart import Chart, axis, trace


def test_a_line_is_told_by_its_ends_and_its_highest_point() -> None:
    line = trace("scatter", x=[0, 1, 2, 3], y=[-7.5, None, 4.0, 2.25], mode="lines", name="test <b>ELBO</b>")
    words = alternative(Chart([line], {"xaxis": axis("epoch"), "yaxis": axis("nats")}))
    assert words == "epoch, nats. test ELBO: from −7.5 at 0 to 2.25 at 3, highest 4."


def test_the_words_follow_the_numbers() -> None:
    x, y = np.arange(50), np.random.default_rng(0).normal(size=50)
    for k in (3, 41):
        moved = y.copy()
        moved[k] = 9.0
        assert f"the highest 9 at {k}" in alternative(Chart([trace("bar", x=x, y=moved, name="counts")], {}))


def test_points_maps_images_and_what_has_no_numbers_are_told_too() -> None:
    dots = trace("scatter", x=[1.0, -2.0], y=[0.5, 3.0], mode="markers", name="codes")
    heat = trace("heatmap", x=[0.0, 1.0], y=[5.0, 6.0], z=np.array([[0, 1], [2, 0]]), name="p(x)")
    others = trace("surface", name="g(z)"), trace("bar", x=["a"], y=[2], name="R")
    words = alternative(Chart([dots, heat, *others], {"images": [{}, {}]}))
    assert words.startswith("2 images. codes: 2 points, 0.5 to 3 upwards, −2 to 1 across. p(x): 0 to 2, the largest at (0, 6).")
    assert words.endswith("g(z). R: 1 bar, the highest 2 at a.")


TITLED = {"title": {"text": "The <i>frontier</i>"}, "xaxis": axis("R"), "yaxis": axis("R"), "yaxis2": axis("D")}


@pytest.mark.parametrize(("layout", "words"), [({}, "Chart."), (TITLED, "The frontier. R, D.")])
def test_title_and_axes_come_once_each(layout: dict, words: str) -> None:
    assert alternative(Chart([], layout)) == words


def test_of_many_traces_the_first_are_told_and_the_others_counted() -> None:
    words = alternative(Chart([trace("scatter", x=[0], y=[k], name=f"line {k}") for k in range(30)], {}))
    assert words.count("line ") == 8 and words.endswith("22 more.")
