"""Means with their errors, the quality of a picture, and numbers as they are written."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from vae_core import statistics
from vae_core.units import minus, signed

VALUES = np.random.default_rng(0).normal(size=37)


def test_the_standard_error_is_scipys() -> None:
    assert statistics.standard_error(VALUES) == pytest.approx(float(stats.sem(VALUES)), rel=1e-12)
    assert statistics.half_width(VALUES) == pytest.approx(float(stats.norm.ppf(0.975) * stats.sem(VALUES)), rel=1e-6)


def test_the_standard_error_of_a_share_is_that_of_zeros_and_ones() -> None:
    hits = np.repeat([0.0, 1.0], [30, 70])
    assert statistics.standard_error_of_share(0.7, 100) == pytest.approx(hits.std() / math.sqrt(100))


def test_psnr_is_in_decibels_and_infinite_where_nothing_differs() -> None:
    np.testing.assert_allclose(statistics.psnr(np.array([0.01, 1.0, 0.0])), [20, 0, np.inf])


@pytest.mark.parametrize(("value", "text"), [(-1.234, "−1.23"), (-0.001, "0.00"), (0.0, "0.00"), (5.0, "5.00")])
def test_a_number_has_a_true_minus_sign_and_zero_has_none(value: float, text: str) -> None:
    assert signed(value) == text


def test_every_sign_of_a_text_is_a_true_one() -> None:
    assert minus("-1.5 ± 0.2, -3") == "−1.5 ± 0.2, −3"
