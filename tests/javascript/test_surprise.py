"""Average surprise in JavaScript, against NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from tests.javascript.engine import evaluate
from vae_core.explore.elbo.surprise import surprise

SURPRISE = ("pages/elbo/evidence/surprise/surprise_picture/surprise.js",)
PAIRS = [((9, 5, 2, 1), (5, 5, 5, 5)), ((0.1, 100, 3.14, 1), (20, 0.1, 1, 7)), ((3, 3, 3, 3), (2, 2, 2, 2))]


def test_what_an_average_surprise_is_made_of_is_numpys() -> None:
    found = evaluate(SURPRISE, "return pairs.map(([data, model]) => surpriseOf(data, model));", pairs=PAIRS)
    for pair, theirs in zip(PAIRS, found, strict=True):
        ours = surprise(*pair)
        np.testing.assert_allclose([theirs["pop"], theirs["model"]], [ours.pop, ours.model], rtol=1e-6)
        values = [theirs["cross"], theirs["entropy"], theirs["divergence"]]
        np.testing.assert_allclose(values, [ours.cross_entropy, ours.entropy, ours.divergence], rtol=1e-6, atol=1e-12)


@pytest.mark.parametrize("share", [0.01, 0.5, 0.9])
def test_a_bar_gets_the_share_to_which_it_is_dragged(share: float) -> None:
    weights = [9.0, 5.0, 2.0, 1.0]
    weights[2] = evaluate(SURPRISE, "return weightOf(weights, 2, share);", weights=weights, share=share)
    assert weights[2] / sum(weights) == pytest.approx(share, rel=1e-6)
