"""The density of a noisy curve is one, its likelihood is largest where the noise equals the residuals, and JavaScript finds the same."""

from __future__ import annotations

import numpy as np
import pytest

from tests.javascript.engine import evaluate
from vae_core.explore.elbo import noisy_curve
from vae_core.explore.elbo.noisy_curve import CURVES, STEP, Noise

DENSITY = ("pages/elbo/evidence/curve/noisy_curve/density.js",)


@pytest.mark.parametrize("name", CURVES)
@pytest.mark.parametrize(("noise", "scale"), [("Gaussian", 0.1), ("Gaussian", 0.5), ("Laplace", 0.3)])
def test_the_density_integrates_to_one(name: str, noise: Noise, scale: float) -> None:
    reach, n = (5.0, 201) if noise == "Gaussian" else (7.0, 281)
    side = np.linspace(-reach, reach, n)
    cells = np.stack(np.meshgrid(side, side), -1).reshape(-1, 2)
    total = sum(np.exp(noisy_curve.log_density(CURVES[name], noise, scale, part)).sum() for part in np.array_split(cells, 20))
    assert total * (side[1] - side[0]) ** 2 == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("name", CURVES)
@pytest.mark.parametrize("noise", STEP)
def test_the_likelihood_is_largest_where_the_noise_is_the_mean_residual(name: str, noise: Noise) -> None:
    curve, points = CURVES[name], noisy_curve.test_points(name)
    best = noisy_curve.best_scale(curve, noise, points)
    expected = noisy_curve.expected_residual(curve, noise, best, points)
    assert (best**2 if noise == "Gaussian" else best) == pytest.approx(expected, rel=1e-6)
    means = [noisy_curve.log_density(curve, noise, best * factor, points).mean() for factor in (0.95, 1, 1.05)]
    assert means[1] > max(means[0], means[2])
    slope = (means[2] - means[0]) / 0.1
    assert abs(slope) < 0.05


def test_less_noise_raises_the_density_on_the_curve_without_end_and_takes_it_away_elsewhere() -> None:
    curve = CURVES["arc"]
    on, off = curve.points(np.zeros(1)), 0.5 * curve.points(np.zeros(1))
    densities = [[float(noisy_curve.log_density(curve, "Gaussian", s, x)[0]) for x in (on, off)] for s in (0.3, 0.1, 0.03)]
    assert (np.diff(densities, axis=0) * [1, -1] > 0).all()


@pytest.mark.parametrize("name", CURVES)
@pytest.mark.parametrize(("noise", "scale"), [("Gaussian", 0.05), ("Gaussian", 1.0), ("Laplace", 0.05), ("Laplace", 1.5)])
def test_the_density_in_the_browser_is_that_of_numpy(name: str, noise: Noise, scale: float) -> None:
    side = np.linspace(-1.6, 1.6, 9)
    points = np.stack(np.meshgrid(side, side), -1).reshape(-1, 2)
    curve = {"turn": CURVES[name].turn, "grow": CURVES[name].grow}
    run = "return [...densityMap(curveNodes(curve, noise, scale), noise, scale, side, side)];"
    theirs = evaluate(DENSITY, run, curve=curve, noise=noise, scale=scale, side=side.tolist())
    ours = np.exp(noisy_curve.log_density(CURVES[name], noise, scale, points))
    np.testing.assert_allclose(theirs, ours, rtol=1e-6, atol=1e-12)


def test_a_curve_between_its_places_is_numpys() -> None:
    xs, ys, at = [-3.0, -2.0, -0.5, 0.0], [1.0, -4.0, 2.0, 7.0], [-3.0, -2.7, -2.0, -0.1, 0.0]
    theirs = evaluate(DENSITY, "return at.map((x) => heightAt(xs, ys, x));", xs=xs, ys=ys, at=at)
    np.testing.assert_allclose(theirs, np.interp(at, xs, ys), rtol=1e-6)


def test_noise_in_the_browser_is_of_the_scale_that_is_asked_for() -> None:
    run = "return us.map(([u, v]) => [noiseOf('Gaussian', 0.5, u, v), noiseOf('Laplace', 0.5, u, v)]);"
    us = 1 - np.random.default_rng(0).random((4000, 2))
    gaussian, laplace = np.array(evaluate(DENSITY, run, us=us.tolist())).T
    assert gaussian.std() == pytest.approx(0.5, rel=0.05)
    assert np.abs(laplace).mean() == pytest.approx(0.5, rel=0.05)
    ends = evaluate(DENSITY, "return [0, 0.6, 1, 2].map((t) => samplePlace([0, 0], [1, 0], [1, 3], t));")
    assert ends == [[0, 0], [1, 0], [1, 3], [1, 3]]
