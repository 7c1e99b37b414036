"""Means with their errors, the quality of a picture, and numbers as they are written."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from scipy import stats

from tests.harness import ROOT
from vae_core import statistics
from vae_core.units import minus, signed, times, tiny, with_interval

VALUES = np.random.default_rng(0).normal(size=37)


def test_the_standard_error_is_scipys() -> None:
    assert statistics.standard_error(VALUES) == pytest.approx(float(stats.sem(VALUES)), rel=1e-12)
    assert statistics.half_width(VALUES) == pytest.approx(float(stats.norm.ppf(0.975) * stats.sem(VALUES)), rel=1e-6)


def test_one_value_says_nothing_of_an_error_and_warns_of_nothing() -> None:
    """As where the first steps of an epoch are timed, and a batch is one image: of the test images, one is looked at."""
    assert math.isnan(statistics.standard_error(VALUES[:1]))


def test_the_error_of_a_difference_estimate_is_the_spread_of_such_estimates() -> None:
    """2,000 samples of 400 images from one population, the better measurement made on every tenth."""
    rng, estimates, errors = np.random.default_rng(1), [], []
    for _ in range(2000):
        everywhere = rng.normal(5, 2, 400)
        better = everywhere + rng.exponential(1, 400)
        value, error = statistics.difference_estimate(everywhere, better[::10], np.arange(0, 400, 10))
        estimates.append(value)
        errors.append(error)
    assert np.mean(estimates) == pytest.approx(6, abs=0.02)
    assert np.mean(errors) == pytest.approx(np.std(estimates), rel=0.06)


def test_the_interval_of_a_ratio_is_that_of_a_bootstrap() -> None:
    """Errors of two models on 400 images, most of which both find hard or both easy."""
    rng = np.random.default_rng(3)
    hard = rng.gamma(4, 5, 400)
    one, other = 0.5 * hard * rng.uniform(0.7, 1.3, 400), hard * rng.uniform(0.8, 1.2, 400)
    again = rng.integers(400, size=(4000, 400))
    low, high = np.quantile(one[again].mean(1) / other[again].mean(1), [0.025, 0.975])
    assert statistics.ratio_half_width(one, other) == pytest.approx((high - low) / 2, rel=0.05)
    as_others = one.mean() / other.mean() * np.hypot(*(statistics.half_width(x) / x.mean() for x in (one, other)))
    assert statistics.ratio_half_width(one, other) < 0.5 * as_others


def test_a_difference_estimate_on_all_images_is_their_mean() -> None:
    value, error = statistics.difference_estimate(np.zeros(37), VALUES, np.arange(37))
    assert (value, error) == (pytest.approx(VALUES.mean()), pytest.approx(statistics.standard_error(VALUES)))


def test_the_standard_error_of_a_share_is_that_of_zeros_and_ones() -> None:
    hits = np.repeat([0.0, 1.0], [30, 70])
    assert statistics.standard_error_of_share(0.7, 100) == pytest.approx(hits.std() / math.sqrt(100))


def test_what_makes_a_95_percent_interval_of_a_standard_error_stands_in_one_place() -> None:
    for folder in ("vae_core", "pages", "benchmarks"):
        found = [path for path in (ROOT / folder).rglob("*.py") if re.search(r"\b1\.9(?:6|59964)\b", path.read_text())]
        assert [path.name for path in found if path.name != "faults.py"] == (["statistics.py"] if folder == "vae_core" else [])
    in_browser = [path for path in (ROOT / "pages").rglob("*.js") if re.search(r"\b1\.9(?:6|59964)\b", path.read_text())]
    assert [path.name for path in in_browser] == ["gauss.js"]
    assert f"Z_95 = {statistics.Z_95}," in in_browser[0].read_text()


def test_psnr_is_in_decibels_and_infinite_where_nothing_differs() -> None:
    np.testing.assert_allclose(statistics.psnr(np.array([0.01, 1.0, 0.0])), [20, 0, np.inf])


@pytest.mark.parametrize(("value", "text"), [(-1.234, "−1.23"), (-0.001, "0.00"), (0.0, "0.00"), (5.0, "5.00")])
def test_a_number_has_a_true_minus_sign_and_zero_has_none(value: float, text: str) -> None:
    assert signed(value) == text


@pytest.mark.parametrize(
    ("value", "half_width", "text"),
    [
        (-91.6153, 0.5124, "−91.6 ± 0.5"),
        (7.518, 0.0993, "7.52 ± 0.10"),
        (26.936, 0.273, "26.94 ± 0.27"),
        (1.98, 0.139, "1.98 ± 0.14"),
        (523.64, 70.9, "520 ± 70"),
        (4829.1, 386.4, "4800 ± 400"),
        (3939.9, 132.0, "3940 ± 130"),
        (12345.6, 33.0, "12,346 ± 33"),
        (-0.004, 0.3, "0.00 ± 0.30"),
        (5.0, 0.0, "5.00"),
        (-5.125, None, "−5.12"),
        (1.5, math.nan, "1.50"),
        (5.04, 0.949, "5.0 ± 0.9"),
        (1.846e-28, 3.1e-30, "2 × 10⁻²⁸ ± 3 × 10⁻³⁰"),
        (0.0, 7e-28, "0 ± 7 × 10⁻²⁸"),
    ],
)
def test_a_value_is_written_to_the_digits_that_its_interval_earns(value: float, half_width: float | None, text: str) -> None:
    assert with_interval(value, half_width) == text


def test_a_ratio_is_written_to_two_digits() -> None:
    assert [times(ratio) for ratio in (0.7345, 1.04, 2.16, 12.4)] == ["0.73", "1.0", "2.2", "12"]


def test_a_small_amount_is_written_tiny_of_ten() -> None:
    assert [tiny(value) for value in (4.4e-16, 1e-12, 0.0)] == ["4 × 10⁻¹⁶", "10⁻¹²", "0"]


def test_every_sign_of_a_text_is_a_true_one() -> None:
    assert minus("-1.5 ± 0.2, -3") == "−1.5 ± 0.2, −3"
