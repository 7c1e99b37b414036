"""The divergence of two Gaussians: closed form, quadrature and draws agree; no metric; what it makes of a width; a prior absorbed."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import nn

from vae_core.explore.elbo import kl as subject
from vae_core.explore.elbo.any_prior import absorbed, shifted
from vae_core.explore.elbo.gaussian import PRIOR, Gaussian, kl
from vae_core.explore.elbo.kl_figure import densities
from vae_core.models import default_spec
from vae_core.store import Store

QS = [Gaussian(mean, width) for mean in (-3.0, -0.5, 0.0, 2.0) for width in (0.01, 0.4, 1.0, 3.0)]


@pytest.mark.parametrize("q", QS, ids=str)
def test_closed_form_and_quadrature_agree_both_ways(q: Gaussian) -> None:
    assert kl(q, PRIOR) == pytest.approx(0.5 * (q.mean**2 + q.width**2 - 1 - math.log(q.width**2)), abs=1e-12)
    for one, other in ((q, PRIOR), (PRIOR, q), (q, Gaussian(0.7, 0.6))):
        assert subject.quadrature(one, other) == pytest.approx(kl(one, other), rel=1e-8, abs=1e-8)
    assert subject.both_ways(q) == (kl(q, PRIOR), kl(PRIOR, q))


@pytest.mark.parametrize("q", QS, ids=str)
def test_the_two_integrals_of_the_slide_are_what_quadrature_finds_and_their_difference_is_the_divergence(q: Gaussian) -> None:
    both = subject.integrals(q, PRIOR)
    assert both["q log q"][0] == pytest.approx(-0.5 * math.log(2 * math.pi) - 0.5 * (1 + math.log(q.width**2)))
    assert both["q log p"][0] == pytest.approx(-0.5 * math.log(2 * math.pi) - 0.5 * (q.mean**2 + q.width**2))
    for closed, found in both.values():
        assert found == pytest.approx(closed, rel=1e-8, abs=1e-8)
    assert both["q log q"][0] - both["q log p"][0] == pytest.approx(kl(q, PRIOR))


def test_draws_agree_within_their_error_which_shrinks_with_their_root() -> None:
    q = Gaussian(1.2, 0.5)
    deviations = []
    for seed in range(200):
        one = subject.monte_carlo(q, PRIOR, subject.draws(100, seed))
        deviations.append((one.value - kl(q, PRIOR)) / one.standard_error)
    assert abs(np.mean(deviations)) < 4 / math.sqrt(200) and 0.8 < np.std(deviations) < 1.3
    errors = [subject.monte_carlo(q, PRIOR, subject.draws(n, 0)).standard_error for n in (100, 10_000)]
    assert errors[0] / errors[1] == pytest.approx(10, rel=0.25)


@pytest.mark.parametrize("swapped", [False, True])
def test_a_contour_is_where_the_divergence_is_its_level(swapped: bool) -> None:
    widths = np.geomspace(*subject.WIDTHS, 60)
    for level in subject.LEVELS:
        means = subject.contour(level, widths, swapped=swapped)
        assert np.isfinite(means).any()
        for mean, width in zip(means, widths, strict=True):
            q = Gaussian(0.0 if np.isnan(mean) else float(mean), float(width))
            found = subject.both_ways(q)[swapped]
            assert found == pytest.approx(level, rel=1e-9) if np.isfinite(mean) else found > level


def test_the_divergence_is_no_metric() -> None:
    q = Gaussian(2.0, 0.5)
    assert abs(kl(q, PRIOR) - kl(PRIOR, q)) > 1
    for one in QS:
        direct, r = kl(one, PRIOR), subject.between(one, PRIOR)
        if direct > 1e-9:
            assert kl(one, r) + kl(r, PRIOR) < 0.95 * direct
    r = subject.between(Gaussian(2.0, 1.0), PRIOR)
    rivals = [Gaussian(mean, width) for mean in np.linspace(0, 2, 41) for width in np.geomspace(0.5, 2, 41)]
    least = min(kl(Gaussian(2.0, 1.0), one) + kl(one, PRIOR) for one in rivals)
    assert kl(Gaussian(2.0, 1.0), r) + kl(r, PRIOR) <= least + 1e-9


@pytest.mark.parametrize("sharpness", [0.0, 1.0, 24.0, 1000.0])
def test_a_width_that_shrinks_gains_up_to_a_plateau_and_costs_without_end(sharpness: float) -> None:
    widths = np.geomspace(1e-4, 3, 20_001)
    costs = subject.shrinking(widths, sharpness)
    assert widths[costs.total.argmin()] == pytest.approx(subject.best_width(sharpness), rel=1e-3)
    assert costs.error[0] < 1e-5 * (1 + sharpness)
    slope = np.diff(costs.divergence) / np.diff(np.log(widths))
    assert slope[0] == pytest.approx(-1, abs=1e-6)
    assert slope[9000] == pytest.approx(widths[9000] ** 2 - 1, abs=1e-3)
    with pytest.raises(ValueError, match="sharpness must be at least 0"):
        subject.best_width(-1.0)


@pytest.mark.parametrize(("mean", "width"), [(0.0, 1.0), (3.0, 0.2), (-2.0, 5.0)])
def test_a_prior_is_taken_up_by_the_first_layer_of_a_shipped_decoder(mean: float, width: float) -> None:
    model = Store().load(default_spec("vae", "digits", 2))
    both = absorbed(model, mean, width, 200)
    assert both.largest_difference < 1e-5
    assert np.ptp(both.standard, axis=0).max() > 0.5  # the draws differ, and so do the pictures
    z = torch.zeros(1, 2)
    unlike = (shifted(model, mean + 1.0, width).decode(z).mean - shifted(model, mean, width).decode(z).mean).abs().max()
    assert float(unlike) > 1e-2  # a decoder for another prior is another decoder
    with pytest.raises(ValueError, match="width must be above 0"):
        absorbed(model, 0.0, 0.0, 2)


def test_a_decoder_that_begins_otherwise_is_refused() -> None:
    model = Store().load(default_spec("vae", "digits", 2))
    model.decoder = nn.Sequential(nn.Tanh(), *model.decoder)
    with pytest.raises(ValueError, match="decoder must begin with a linear layer"):
        absorbed(model, 0.0, 1.0, 2)


def test_densities_and_the_integrand_are_drawn() -> None:
    q = Gaussian(1.0, 0.5)
    z = np.linspace(-4, 4, 801)
    chart = densities(z, q.log_density(z), PRIOR.log_density(z)).figure()
    assert [one.name for one in chart.data] == ["p", "q", "q log(q/p)"]
    assert np.trapezoid(chart.data[2].y, chart.data[2].x) == pytest.approx(kl(q, PRIOR), abs=1e-3)
