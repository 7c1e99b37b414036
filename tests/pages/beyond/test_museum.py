"""The museum: what it says of each exhibit is what the numbers are, its links open what they name, and its own link restores it."""

from __future__ import annotations

import numpy as np
import pytest

from pages.beyond.museum.timeline.timeline import PEARSON, VIEWS
from tests.harness import PAGES, assert_answers, assert_sound, conclusion_of, link_of, opened, value_of
from vae_core.explore.beyond import timeline
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
    assert "Of 6 published numbers, **4 are reached**, and 7 works are illustrations only." in said
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
