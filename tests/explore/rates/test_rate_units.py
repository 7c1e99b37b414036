"""The units of the plane."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from scipy.stats import norm

from vae_core.explore.rates.frontier import Axes, Dot
from vae_core.explore.rates.frontier_numbers import ModelNumbers
from vae_core.explore.rates.rate_units import RateUnit, RateUnits
from vae_core.models.vae import VAESpec


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


def test_the_frontiers_plane_counts_pixels_as_the_exact_curve_does() -> None:
    """A colour image's pixels share its bits over their channels on both pages, as in files of photographs."""
    spec = VAESpec(dataset="patches_8", latent_dim=2, likelihood="gaussian")
    assert (spec.identity.n_features, spec.identity.n_pixels) == (192, 64)
    exact = RateUnits("bits per pixel", "SSE", 1.0, n_features=192, n_pixels=64).of_rate(10.0)
    dot = ModelNumbers(spec, {"rate": 10.0, "distortion": 1.0, "expected_sse": 1.0}, {}, "")
    across, _ = Dot(spec, dot, (dot,), has_weights=False).point(Axes(rate="bits per pixel"))
    assert across == exact == 10 / (64 * math.log(2))
