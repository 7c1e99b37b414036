"""The bound on one latent dimension: both splits, the closed form, the best Gaussian, Jensen, and every line of the derivations."""

from __future__ import annotations

import numpy as np
import pytest

from vae_core.explore.elbo import bound
from vae_core.explore.elbo.bound import WORLDS, World
from vae_core.explore.elbo.bound_figure import densities
from vae_core.explore.elbo.derivations import GENERAL, NOTATIONS, lines, value
from vae_core.explore.elbo.gaussian import MEANS, WIDTHS, Gaussian

QS = [Gaussian(mean, width) for mean in np.linspace(*MEANS, 7) for width in np.geomspace(*WIDTHS, 5)]
XS = (-2.0, -0.4, 0.9, 2.4)


@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS)
def test_elbo_and_kl_to_the_posterior_sum_to_the_evidence_for_every_q(world: World) -> None:
    for x in XS:
        evidence = bound.log_evidence(world, x)
        sums = [bound.elbo(world, x, q) + bound.kl_to_posterior(world, x, q) for q in QS]
        np.testing.assert_allclose(sums, evidence, rtol=0, atol=1e-6)
        assert min(bound.kl_to_posterior(world, x, q) for q in QS) > -1e-9


@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS)
def test_both_splits_of_the_bound_are_equal(world: World) -> None:
    for q in QS:
        named = bound.quantities(world, 0.9, q)
        assert named["evidence"] - named["gap"] == pytest.approx(-(named["rate"] - named["likelihood"]), abs=1e-6)
        assert named["rate"] == pytest.approx(-named["prior ratio"], abs=1e-9)


@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS)
def test_half_as_many_points_find_the_same_evidence(world: World) -> None:
    for x in XS:
        assert bound.log_evidence(world, x, bound.N_Z // 2 + 1) == pytest.approx(bound.log_evidence(world, x), abs=1e-3)


@pytest.mark.parametrize("x", XS)
def test_the_posterior_of_a_linear_decoder_is_its_closed_form(x: float) -> None:
    world, z = WORLDS["line"], bound.grid()
    exact = bound.linear_posterior(world, x)
    difference = np.exp(bound.log_posterior(world, x, z)) - np.exp(exact.log_density(z))
    assert 0.5 * np.abs(difference).sum() * (z[1] - z[0]) < 1e-3
    found = bound.best(world, x)
    assert (found.mean, found.width) == (pytest.approx(exact.mean, abs=1e-6), pytest.approx(exact.width, abs=1e-6))
    assert bound.kl_to_posterior(world, x, found) < 1e-9
    assert bound.matched(world, x).width == pytest.approx(exact.width, abs=1e-9)
    variance = world.coefficients[1] ** 2 + world.noise
    assert bound.log_evidence(world, x) == pytest.approx(float(Gaussian(world.coefficients[0], variance**0.5).log_density(np.array(x))))


def test_the_bend_has_two_modes_and_no_gaussian_closes_its_gap() -> None:
    world = WORLDS["bend"]
    assert bound.n_modes(world, world.x) == 2
    best = bound.best(world, world.x)
    most = bound.elbo(world, world.x, best)
    assert most == pytest.approx(bound.log_evidence(world, world.x) - bound.kl_to_posterior(world, world.x, best))
    assert bound.kl_to_posterior(world, world.x, best) > 0.3
    assert all(bound.elbo(world, world.x, q) <= most + 1e-9 for q in [*QS, bound.matched(world, world.x)])
    with pytest.raises(ValueError, match="world must have a linear g"):
        bound.linear_posterior(world, 0.0)


@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS)
def test_no_density_is_above_one_so_that_no_bar_turns_over(world: World) -> None:
    assert world.noise > 1 / (2 * np.pi)
    assert all(bound.distortion(world, x, q) > 0 for x in XS for q in QS)


@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS)
def test_the_gradient_is_the_difference_quotient_and_an_ascent_never_descends(world: World) -> None:
    q, step = Gaussian(0.7, 0.5), 1e-5
    in_mean, in_log = bound.gradient(world, 0.9, q)
    ends = [bound.elbo(world, 0.9, Gaussian(q.mean + sign * step, q.width)) for sign in (1, -1)]
    assert in_mean == pytest.approx((ends[0] - ends[1]) / (2 * step), rel=1e-6)
    ends = [bound.elbo(world, 0.9, Gaussian(q.mean, q.width * np.exp(sign * step))) for sign in (1, -1)]
    assert in_log == pytest.approx((ends[0] - ends[1]) / (2 * step), rel=1e-6)
    up = bound.ascended(world, 0.9, q)  # along s² in the mean and ½ in ln s
    assert (up.mean - q.mean) / np.log(up.width / q.width) == pytest.approx(q.width**2 * in_mean / (0.5 * in_log))
    for start in (Gaussian(-3, 2), Gaussian(3, 0.05), world.q):
        path = bound.ascent(world, 0.9, start)
        assert (np.diff([bound.elbo(world, 0.9, one) for one in path]) > 0).all()
        assert np.abs(bound.gradient(world, 0.9, path[-1])).max() < 1e-4


@pytest.mark.parametrize("s", [0.05, 0.5, 1.5])
def test_jensens_gap_of_a_log_normal_is_half_its_variance(s: float) -> None:
    one = bound.jensen_of_lognormal(s)
    assert one.gap == pytest.approx(s**2 / 2, rel=1e-9)
    assert 0.9 < one.shares.sum() <= 1 + 1e-12


def test_jensens_gap_of_the_weights_is_the_kl_to_the_posterior() -> None:
    for world in WORLDS.values():
        for q in QS:
            gap = bound.jensen_of_weights(world, 0.9, q).gap
            assert gap == pytest.approx(bound.kl_to_posterior(world, 0.9, q), abs=1e-6)


@pytest.mark.parametrize("derivation", GENERAL)
@pytest.mark.parametrize("notation", NOTATIONS)
def test_each_line_of_a_derivation_relates_to_the_line_before_as_it_says(derivation: str, notation: str) -> None:
    for q in (Gaussian(0.7, 0.5), Gaussian(-1.0, 1.0)):
        named = bound.quantities(WORLDS["bend"], 1.2, q)
        values = [value(line, named) for line in lines(derivation, notation)]
        relations = [line.relation for line in lines(derivation, notation)]
        assert relations[0] == "" and sum(relation in ("≥", "≤") for relation in relations) <= 1
        for relation, before, after in zip(relations[1:], values, values[1:], strict=False):
            step = before - after
            is_said = {"=": abs(step) < 1e-8, "≥": step > 0.1, "≤": step < -0.1}[relation]
            assert is_said, (relation, before, after)


def test_densities_are_drawn_by_name() -> None:
    z, q = bound.grid(), Gaussian(0.5, 0.4)
    chart = densities(z, {"q": q.log_density(z), "posterior": bound.log_posterior(WORLDS["bend"], 1.2, z)}).figure()
    assert [one.name for one in chart.data] == ["q", "posterior"]
    assert np.trapezoid(chart.data[1].y, chart.data[1].x) == pytest.approx(1, abs=1e-6)
