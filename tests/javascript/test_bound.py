"""The bound's integrals in JavaScript, against NumPy; panels and ticks of the section's pictures."""

from __future__ import annotations

import numpy as np
import pytest

from tests.javascript.engine import evaluate
from vae_core.explore.elbo import bound
from vae_core.explore.elbo.bound import WORLDS
from vae_core.explore.elbo.derivations import GENERAL, NOTATIONS, lines, value
from vae_core.explore.elbo.gaussian import Gaussian

BOUND = (
    "pages/elbo/gauss.js",
    "pages/elbo/bound/bound_picture/bound.js",
)
PLOT = ("pages/elbo/plot.js",)
QS = [(mean, width) for mean in (-3.0, -0.7, 0.0, 1.3, 3.0) for width in (0.05, 0.4, 2.0)]


def decoder(name: str) -> dict:
    return {"coefficients": WORLDS[name].coefficients, "noise": WORLDS[name].noise}


@pytest.mark.parametrize("name", WORLDS)
def test_every_integral_is_that_of_numpy_over_a_grid_of_q(name: str) -> None:
    world, x = WORLDS[name], 0.9
    found = evaluate(BOUND, "return qs.map((q) => quantities(world, x, q));", world=decoder(name), x=x, qs=QS)
    for q, theirs in zip(QS, found, strict=True):
        ours = bound.quantities(world, x, Gaussian(*q))
        assert list(theirs) == list(ours)
        np.testing.assert_allclose(list(theirs.values()), list(ours.values()), rtol=1e-6, atol=1e-9, err_msg=str(q))


@pytest.mark.parametrize("name", WORLDS)
def test_the_ascent_takes_the_same_steps_to_the_same_best_gaussian(name: str) -> None:
    world, x = WORLDS[name], WORLDS[name].x
    start = [world.q.mean, world.q.width]
    run = "let q = start; const steps = Array.from({ length: 8 }, () => (q = ascended(world, x, q)));"
    run += "return [steps, bestOf(world, x), ascentEnd(world, x, start)];"
    steps, best, end = evaluate(BOUND, run, world=decoder(name), x=x, start=start)
    path = bound.ascent(world, x, world.q)
    np.testing.assert_allclose(steps, [(q.mean, q.width) for q in path[1:9]], rtol=1e-6)
    np.testing.assert_allclose(best, [bound.best(world, x).mean, bound.best(world, x).width], rtol=1e-5)
    np.testing.assert_allclose(end, [path[-1].mean, path[-1].width], rtol=1e-5)


@pytest.mark.parametrize("name", WORLDS)
def test_weights_under_the_logarithm_spread_as_numpys(name: str) -> None:
    world, x, q = WORLDS[name], 0.9, (0.7, 0.5)
    run = "return jensenOfWeights(world, x, q, quantities(world, x, q));"
    theirs, ours = evaluate(BOUND, run, world=decoder(name), x=x, q=q), bound.jensen_of_weights(world, x, Gaussian(*q))
    np.testing.assert_allclose([theirs["high"], theirs["gap"]], [ours.edges[-1], ours.gap], rtol=1e-6)
    np.testing.assert_allclose(theirs["shares"], ours.shares, atol=1e-3)  # a weight on an edge may be rounded to either side


@pytest.mark.parametrize("s", [0.05, 0.8, 1.5])
def test_the_gap_of_a_log_normal_is_half_its_variance(s: float) -> None:
    theirs, ours = evaluate(BOUND, "return jensenOfLognormal(s);", s=s), bound.jensen_of_lognormal(s)
    assert theirs["gap"] == pytest.approx(s**2 / 2, rel=1e-9)
    np.testing.assert_allclose(theirs["shares"], ours.shares, atol=1e-3)


def test_a_line_of_a_derivation_is_worth_the_sum_of_its_parts() -> None:
    named = bound.quantities(WORLDS["bend"], 0.9, Gaussian(0.7, 0.5))
    known = [line for title in NOTATIONS for derivation in GENERAL for line in lines(derivation, title)]
    theirs = evaluate(BOUND, "return all.map((parts) => lineValue(parts, named));", all=[line.parts for line in known], named=named)
    assert theirs == pytest.approx([value(line, named) for line in known], rel=1e-12)


def test_a_panel_turns_numbers_into_pixels_and_back() -> None:
    lines = """
    const panel = new Panel({ left: 40, top: 10, width: 300, height: 200 }, [-3, 3], [0, 2]);
    const there = [panel.px(0), panel.py(0), panel.py(2)], back = [panel.x(panel.px(1.3)), panel.y(panel.py(0.7))];
    return [...there, ...back, panel.holds(39, 50), panel.holds(41, 50)];
    """
    assert evaluate(PLOT, lines) == pytest.approx([190, 210, 10, 1.3, 0.7, False, True])


@pytest.mark.parametrize(("ends", "about", "ticks"), [((-3.4, 3.4), 8, [-3, -2, -1, 0, 1, 2, 3]), ((-7, 0), 5, [-6, -4, -2, 0])])
def test_ticks_are_round_and_within_the_ends(ends: tuple[float, float], about: int, ticks: list[float]) -> None:
    assert evaluate(PLOT, "return roundTicks(...ends, about);", ends=ends, about=about) == ticks
