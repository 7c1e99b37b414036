"""Gradients of what can be moved to the input, and of a relaxed Bernoulli, in JavaScript, against NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from tests.javascript.engine import evaluate
from vae_core.explore.elbo import movable
from vae_core.explore.elbo.movable import BERNOULLI, SCALE, TARGET

NOISE = ("pages/elbo/inside/noise/noise_picture/noise.js",)
AT = [-3.0, -0.4, 0.0, 1.0, 3.0]


def test_the_relaxed_gradient_and_its_spread_are_numpys() -> None:
    pairs = [(odds, temperature) for odds in AT for temperature in (0.1, 0.5, 2.0)]
    found = evaluate(NOISE, "return pairs.map(([l, t]) => Object.values(relaxedMoments(l, t)));", pairs=pairs)
    np.testing.assert_allclose(found, [movable.relaxed_moments(*pair) for pair in pairs], rtol=1e-6)


def test_a_step_its_relaxation_and_their_estimates_are_numpys() -> None:
    u = movable.uniforms(400, 2)
    lines = """
    const of = (value) => at.map((l) => { const { mean, error } = estimateOf(u.map((one) => value(l, one))); return [mean, error]; });
    const relaxed = at.map((l) => Object.values(relaxedEstimate(l, 0.3, fallsOf(u.map(logit), 0.3))));
    return [of(stepOf), of((l, one) => relaxedOf(l, 0.3, logit(one))), relaxed, of(scoreOf)];
    """
    found = evaluate(NOISE, lines, u=u.tolist(), at=AT)
    ways = (
        lambda odds: movable.moved(BERNOULLI, odds, u),
        lambda odds: movable.relaxed(odds, 0.3, u),
        lambda odds: movable.pathwise_relaxed(odds, 0.3, u),
        lambda odds: movable.by_score(odds, u),
    )
    for theirs, way in zip(found, ways, strict=True):
        ours = [(one.mean, one.standard_error) for one in (movable.estimate(way(odds)) for odds in AT)]
        np.testing.assert_allclose(theirs, ours, rtol=1e-6, atol=1e-12)


@pytest.mark.parametrize("law", movable.LAWS)
def test_the_exact_gradient_is_numpys_and_so_is_what_is_moved(law: str) -> None:
    found = evaluate(NOISE, "return at.map((one) => exactOf(isStep, one));", at=AT, isStep=law == BERNOULLI)
    np.testing.assert_allclose(found, [movable.exact_gradient(law, one) for one in AT], rtol=1e-6)
    if law != BERNOULLI:
        u = movable.uniforms(50, 3)
        lines = "return [TARGET, SCALE, noise.map((one) => movedOf(1.5, one)), noise.map((one) => pathwiseOf(1.5, one))];"
        target, scale, moved, pathwise = evaluate(NOISE, lines, noise=movable.standard(law, u).tolist())
        assert (target, scale) == (TARGET, SCALE)
        np.testing.assert_allclose([moved, pathwise], [movable.moved(law, 1.5, u), movable.pathwise(law, 1.5, u)], rtol=1e-6)
