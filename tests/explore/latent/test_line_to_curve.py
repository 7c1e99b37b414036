"""A line that becomes a curve: length, tangents, density."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, stats

from vae_core.explore.latent.line_to_curve import CURVES, PRIORS, curve_samples, curve_table


@pytest.mark.parametrize("name", [name for name, curve in CURVES.items() if curve.length is not None])
def test_the_length_of_a_curve_is_its_closed_form(name: str) -> None:
    assert curve_table(name).arc[-1] == pytest.approx(CURVES[name].length, rel=1e-5)


@pytest.mark.parametrize("name", CURVES)
def test_tangents_are_derivatives(name: str) -> None:
    z = np.linspace(0.01, 0.99, 99)
    differences = (CURVES[name].point(z + 1e-6) - CURVES[name].point(z - 1e-6)) / 2e-6
    np.testing.assert_allclose(CURVES[name].tangent(z), differences, atol=1e-6)


@pytest.mark.parametrize("name", CURVES)
@pytest.mark.parametrize("prior", PRIORS)
def test_the_density_along_a_curve_integrates_to_one_and_fits_its_samples(name: str, prior: str) -> None:
    table = curve_table(name, prior, n=4001)
    cdf = integrate.cumulative_trapezoid(table.density, table.arc, initial=0)
    assert cdf[-1] == pytest.approx(1, abs=1e-4)
    z, _ = curve_samples(name, prior, 5000)
    arc = np.interp(z, table.z, table.arc)
    assert stats.kstest(arc, lambda s: np.interp(s, table.arc, cdf)).pvalue > 1e-3
