"""The museum: what it says of each exhibit is what the numbers are, its links open what they name, and its own link restores it."""

from __future__ import annotations

import re

import numpy as np
import pytest
from scipy.stats import binomtest

from pages.beyond.museum import findings
from pages.beyond.museum.timeline.timeline import PEARSON, VIEWS
from pages.shared.words import listed
from tests.harness import PAGES, answer_of, assert_answers, assert_sound, conclusion_of, link_of, opened, value_of
from vae_core.explore.beyond import forecasts, occupancy, shapes, timeline
from vae_core.explore.linear.pca_by_hand import points_of, principal
from vae_core.store import Store
from vae_core.units import minus, with_interval

MUSEUM = "beyond/museum"
pytestmark = pytest.mark.usefixtures("checkpoints")


def test_the_timeline_counts_what_is_reached_and_names_what_is_not() -> None:
    app = opened(MUSEUM)
    metrics = Store().checkpoint(timeline.spec_of("autoencoder")).metrics
    assert value_of(app, "Here: reached") == with_interval(metrics["sse"], 1.959964 * metrics["sse_standard_error"])
    said = conclusion_of(app)
    assert "Of 6 published numbers, **4 are reached**, and 8 works are illustrations only." in said
    assert "Missed by the shipped models: *2016 VAE, log p(x)*." in said
    assert "Not tried: *2017 VQ-VAE*." in said


@pytest.mark.parametrize("work", timeline.WORKS, ids=lambda work: work.name)
def test_a_work_tells_its_number_with_source_and_condition_or_that_it_is_an_illustration(work: timeline.Work) -> None:
    label = f"{work.year} {work.title}"
    app = opened(MUSEUM, museum_work=label)
    assert_sound(app)
    assert link_of(app)["museum_work"] == label
    captions = " ".join(caption.value for caption in app.caption)
    assert work.source in captions
    if work.published is None:
        assert value_of(app, "Published number") == "illustration only"
    else:
        assert value_of(app, f"Published, {work.published.unit}") == minus(work.published.printed)
        assert work.published.condition in captions


def test_the_views_that_it_opens_are_there_and_the_first_holds_the_ten_points() -> None:
    assert {view.folder for view in VIEWS.values()} <= set(PAGES)
    assert set(VIEWS) <= {work.name for work in timeline.WORKS}
    points = points_of(PEARSON)
    np.testing.assert_allclose(points, timeline.PEARSON - timeline.PEARSON.mean(0), atol=1e-9)
    assert np.tan(np.radians(principal(points).angle)) == pytest.approx(timeline.slope(timeline.PEARSON))
    assert float(VIEWS["line"].query["hand_angle"]) == pytest.approx(principal(points).angle, abs=0.005)


def test_each_exhibit_answers() -> None:
    assert_answers(opened(MUSEUM, museum_work="2016 VAE, log p(x)"))


@pytest.mark.parametrize(("percent", "n"), [(50, 400), (30, 100), (10, 4000)])
def test_at_a_fork_the_page_says_what_the_networks_say(percent: int, n: int) -> None:
    query = {"museum_part": "At a fork", "fork_left": str(percent), "fork_n": str(n), "fork_draw": "3"}
    app = opened(MUSEUM, **query)
    assert_answers(app)
    assert {key: link_of(app)[key] for key in query} == query
    told = forecasts.forecast(percent / 100, n, 3)
    interval = binomtest(told.left.count, n).proportion_ci(method="wilson")
    assert value_of(app, "Conditional VAE, left") == str(told.left)
    assert value_of(app, "Regression ends at") == f"{told.regression[-1]:.2f}".replace("-", "−").replace("−0.00", "0.00")
    assert value_of(app, "log p(x) below the exact") == f"{told.below} nats"
    said = conclusion_of(app)
    assert ("it splits as the balls do" in said) == (interval.low <= percent / 100 <= interval.high)
    assert ("where no ball ends" in said) == (percent != 10)


def test_the_answer_at_a_fork_names_where_a_ball_can_end() -> None:
    answer = answer_of(opened(MUSEUM, museum_part="At a fork"))
    possible = [p for p in (0.1, 0.3, 0.5, 0.7, 0.9) if forecasts.forecast(p, 10, 0).possible >= 0.01]
    assert f"at {listed([f'{100 * p:.0f} %' for p in possible])}. Elsewhere" in answer
    rows = re.findall(r"\| (\d+) % \| ([\d.]+) % \(", answer)
    assert [row[0] for row in rows] == ["10", "30", "50", "70", "90"]
    assert all(abs(float(p) - float(share)) < 4 for p, share in rows)


def test_the_steps_of_the_lecture_are_answered_by_the_numbers_of_the_views() -> None:
    thirty = findings.error_of_thirty_numbers({})
    assert thirty["value"] == Store().checkpoint(timeline.spec_of("autoencoder")).metrics["sse"]
    told = findings.where_regression_ends({"fork_left": 50})
    assert told["value"] == pytest.approx(0, abs=0.05)
    assert told["left"] == forecasts.forecast(0.5, 400, 0).left


@pytest.mark.parametrize(("n", "r"), [(2.0, 0.6), (8.0, 0.5)])
def test_in_function_space_the_page_says_what_the_function_does(n: float, r: float) -> None:
    query = {"museum_part": "Function space", "shape_n": str(n), "shape_r": str(r), "shape_zoom": "4"}
    app = opened(MUSEUM, **query)
    assert_answers(app)
    assert {key: link_of(app)[key] for key in query} == query
    told, exact = occupancy.shape(r, n), shapes.area(r, n)
    assert value_of(app, "Overlap with the shape") == f"{100 * told.overlap:.1f} %"
    assert value_of(app, "Area inside") == f"{told.area:.4f}"
    assert f"{exact:.4f}" in " ".join(caption.value for caption in app.caption)
    off = 100 * abs(told.area - exact) / exact
    assert f"Its area is {off:.2f} % {'above' if told.area > exact else 'below'} the exact one" in conclusion_of(app)
    worst = min((1.0, 2.0, 4.0, 8.0), key=lambda one: occupancy.shape(r, one).overlap)
    assert f"Least well at n = {worst:g}" in answer_of(app)
    assert findings.overlap_of_a_function({"shape_n": n, "shape_r": r})["value"] == 100 * told.overlap
