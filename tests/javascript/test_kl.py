"""The divergence of two Gaussians in JavaScript, against NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from tests.javascript.engine import evaluate
from vae_core.explore.elbo import kl as subject
from vae_core.explore.elbo.gaussian import PRIOR, Gaussian, kl

KL = ("pages/elbo/gauss.js", "pages/elbo/kl/kl_picture/kl.js")
QS = [(mean, width) for mean in (-3.0, -0.5, 0.0, 2.0) for width in (0.01, 0.4, 1.0, 3.0)]


def test_every_way_to_the_divergence_is_numpys() -> None:
    eps = subject.draws(100, 3)
    lines = """
    const both = (q, p) => [klOf(q, p), quadratureOf(q, p), monteCarlo(q, p, eps).value, monteCarlo(q, p, eps).error,
      ...integralsOf(q, p)["q log q"], ...integralsOf(q, p)["q log p"]];
    return qs.map((q) => [both(q, PRIOR), both(PRIOR, q)]);
    """
    found = evaluate(KL, lines, qs=QS, eps=eps.tolist())
    for q, theirs in zip(QS, found, strict=True):
        one = Gaussian(*q)
        for pair, values in zip(((one, PRIOR), (PRIOR, one)), theirs, strict=True):
            drawn, parts = subject.monte_carlo(*pair, eps), subject.integrals(*pair)
            ours = [kl(*pair), subject.quadrature(*pair), drawn.value, drawn.standard_error, *parts["q log q"], *parts["q log p"]]
            np.testing.assert_allclose(values, ours, rtol=1e-6, atol=1e-9, err_msg=str(q))


@pytest.mark.parametrize("swapped", [False, True])
def test_contours_are_numpys(swapped: bool) -> None:
    widths = np.geomspace(*subject.WIDTHS, 40)
    lines = "return widths.map((s) => { const m = contourOf(1.3, s, swapped); return Number.isNaN(m) ? -1 : m; });"
    found = evaluate(KL, lines, widths=widths.tolist(), swapped=swapped)
    np.testing.assert_allclose(found, np.nan_to_num(subject.contour(1.3, widths, swapped=swapped), nan=-1.0), rtol=1e-6)


def test_the_way_round_is_numpys() -> None:
    found = evaluate(KL, "return qs.map((q) => { const r = betweenOf(q, PRIOR); return klOf(q, r) + klOf(r, PRIOR); });", qs=QS)
    rounds = [(Gaussian(*q), subject.between(Gaussian(*q), PRIOR)) for q in QS]
    np.testing.assert_allclose(found, [kl(q, r) + kl(r, PRIOR) for q, r in rounds], rtol=1e-6, atol=1e-9)


def test_the_costs_of_a_width_are_numpys() -> None:
    widths = np.geomspace(*subject.WIDTHS, 9)
    found = evaluate(KL, "return [widths.map((s) => shrinkingOf(s, 24)), bestWidth(24)];", widths=widths.tolist())
    ours = subject.shrinking(widths, 24.0)
    np.testing.assert_allclose(np.array(found[0]).T, [ours.error, ours.divergence], rtol=1e-6)
    assert found[1] == pytest.approx(subject.best_width(24.0)) == pytest.approx(0.2)
