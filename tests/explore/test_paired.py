"""Differences of two models on the same images: what is kept, and how much narrower their intervals are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from tests.harness import tiny_model, tiny_spec
from vae_core import data
from vae_core.explore import paired
from vae_core.explore.means import Mean, log_px_method, log_px_of_metrics, mean_of, mean_of_metrics, part_of_metrics, ratio_of, to_earned
from vae_core.store import Store

DIGITS = data.load("digits")


def test_the_interval_of_a_difference_is_that_of_paired_images() -> None:
    pca, ppca = (tiny_model(family) for family in ("pca", "ppca"))
    one, other = (paired.figure_per_image(model, DIGITS, "sse") for model in (pca, ppca))
    difference = mean_of(one - other)
    low, high = stats.ttest_rel(one, other).confidence_interval(0.95)
    assert difference.value == pytest.approx(one.mean() - other.mean())
    assert difference.half_width == pytest.approx((high - low) / 2, rel=0.01)
    assert difference.half_width < 0.2 * mean_of(one).less(mean_of(other)).half_width


def test_the_figure_of_each_image_has_the_stored_mean(tiny_store: Store) -> None:
    model, metrics = tiny_store.load(tiny_spec("vae")), tiny_store.find(tiny_spec("vae")).metrics
    for figure in ("sse", "elbo"):
        own, stored = mean_of(paired.figure_per_image(model, DIGITS, figure)), mean_of_metrics(metrics, figure)
        assert (own.value, own.half_width, own.n) == (pytest.approx(stored.value), pytest.approx(stored.half_width), stored.n)


def test_a_difference_is_found_in_either_order_and_only_of_these_weights(tiny_store: Store, tmp_path: Path) -> None:
    pca, ppca, vae = (tiny_store.find(tiny_spec(family)) for family in ("pca", "ppca", "vae"))
    path = tmp_path / "paired.json"
    paired.add(path, {paired.name_of("sse", pca, ppca): Mean(-0.25, 0.0123456789, 359)})
    paired.add(path, {paired.name_of("sse", pca, vae): Mean(1.5, 0.1, 359)})
    kept = paired.read(path)
    assert paired.known(kept, "sse", pca, ppca) == Mean(-0.25, 0.0123457, 359)
    assert paired.known(kept, "sse", ppca, pca) == Mean(0.25, 0.0123457, 359)
    assert paired.known(kept, "sse", vae, ppca) is None
    assert paired.known(kept, "elbo", pca, ppca) is None
    assert paired.read(tmp_path / "nowhere.json") == {}


METRICS = {"log_px": -90.655, "log_px_standard_error": 0.263, "n_images": 10_000, "n_samples": 100, "log_px_rise": 0.2}
WIDER = {"log_px_method": "bound from a wider proposal", "log_px_n_samples": 1000, "log_px_n_images": 400}

OWN = {**WIDER, "log_px_method": "importance-weighted bound", "log_px_n_samples": None, "log_px_standard_error": None}


@pytest.mark.parametrize(
    ("changes", "value", "method"),
    [
        (WIDER, "≥ −90.7 ± 0.5", "bound from 1,000 samples of a wider q, on 400 of the images"),
        ({**WIDER, "n_images": 400, "log_px_rise": 3.0}, "≥ −90.7 ± 0.5", "bound from 1,000 samples of a wider q, loose"),
        (OWN, "≥ −90.66", "importance-weighted bound from 100 samples of z"),
        ({**WIDER, "log_px_method": "exact", "log_px_n_samples": None, "log_px_rise": None}, "−90.7 ± 0.5", "exact"),
    ],
)
def test_log_px_is_said_with_its_interval_and_how_it_was_obtained(changes: dict, value: str, method: str) -> None:
    metrics = {**METRICS, **changes}
    assert log_px_of_metrics(metrics) == value
    assert log_px_method(metrics) == method


def test_two_means_of_which_no_more_is_known_differ_by_both_their_intervals() -> None:
    assert Mean(5.0, 3.0, 10).less(Mean(1.0, 4.0, 12)) == Mean(4.0, 5.0, 10)
    assert str(mean_of(np.array([1.0, 2.0, 4.0]))) == "2.3 ± 1.7"


def test_a_ratio_of_means_has_the_same_interval_from_images_and_from_what_is_stored() -> None:
    pca, vae = (paired.figure_per_image(tiny_model(family), DIGITS, "sse") for family in ("pca", "vae"))
    own, stored = ratio_of(vae, pca), mean_of(vae).over(mean_of(pca), mean_of(vae - pca))
    assert own.value == stored.value == pytest.approx(vae.mean() / pca.mean())
    assert own.half_width == pytest.approx(stored.half_width)
    apart = mean_of(vae).over(mean_of(pca), None)
    assert apart.half_width == pytest.approx(own.value * np.hypot(*(mean_of(x).half_width / x.mean() for x in (pca, vae))))
    assert own.half_width < 0.8 * apart.half_width
    assert str(Mean(6.0, None, 1).over(Mean(4.0, 0.2, 100), None)) == "1.50 ± 0.08"


def test_a_share_is_said_in_per_cent_with_its_interval() -> None:
    assert str(Mean(0.1234, 0.01, 100).in_percent) == "12.3 ± 1.0"
    assert str(Mean(0.1234, None, 1).in_percent) == "12.34"


def test_a_difference_tells_two_models_apart_where_its_interval_leaves_nought_out() -> None:
    told = [
        Mean(value, half_width, 10).tells_apart for value, half_width in ((1.0, 0.5), (-1.0, 0.5), (0.4, 0.5), (-0.4, 0.5), (0.1, None))
    ]
    assert told == [True, True, False, False, True]


def test_a_mean_without_an_interval_is_printed_to_the_digits_that_another_like_it_earns() -> None:
    assert [to_earned(-97.634, half_width) for half_width in (0.21, 1.9, 25.0, None)] == ["−97.63", "−97.6", "−98", "−97.6"]
    known = {"elbo": -97.6, "elbo_standard_error": 0.3, "n_images": 1000, "rate": 27.1234}
    assert part_of_metrics(known, "rate") == "27.1"
    assert part_of_metrics(known | {"rate_standard_error": 0.05}, "rate") == "27.12 ± 0.10"
