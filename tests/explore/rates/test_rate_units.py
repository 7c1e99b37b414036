"""The units of the plane."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from scipy.stats import norm

from vae_core.explore.rates.rate_units import RateUnit, RateUnits


@pytest.mark.parametrize("sigma", [0.2, 1.0])
def test_a_distortion_in_nats_is_the_density_of_the_error_under_its_gaussian(sigma: float) -> None:
    x, x_hat = np.random.default_rng(0).random((2, 192))
    units = RateUnits("nats", "nats", sigma, n_features=192, n_pixels=64)
    assert units.of_distortion(((x - x_hat) ** 2).sum()) == pytest.approx(-norm.logpdf(x, x_hat, sigma).sum())
    assert replace(units, distortion="SSE").of_distortion(3.5) == 3.5


def test_bits_are_shared_by_pixels_and_not_by_their_colours() -> None:
    rate = 64 * math.log(2)
    found = [RateUnits(unit, "SSE", 1.0, n_features=192, n_pixels=64).of_rate(rate) for unit in get_args(RateUnit)]
    assert found == pytest.approx([rate, 64, 1])
