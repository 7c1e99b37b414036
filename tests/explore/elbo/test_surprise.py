"""The average surprise is entropy plus divergence, each by a formula of its own."""

from __future__ import annotations

import pytest
from scipy.special import rel_entr
from scipy.stats import entropy

from vae_core.explore.elbo.surprise import surprise
from vae_core.explore.elbo.surprise_figure import surprise_bars


@pytest.mark.parametrize("weights", [((9, 5, 2, 1), (5, 5, 5, 5)), ((1, 1, 1, 20), (20, 1, 3, 1)), ((3, 2, 9, 1), (3, 2, 9, 1))])
def test_average_surprise_is_entropy_plus_divergence(weights: tuple) -> None:
    here = surprise(*weights)
    assert here.entropy + here.divergence == pytest.approx(here.cross_entropy, abs=1e-12)
    assert here.entropy == pytest.approx(entropy(weights[0]))
    assert here.divergence == pytest.approx(rel_entr(here.pop, here.model).sum(), abs=1e-12)
    assert here.divergence >= 0
    chart = surprise_bars("ABCD", here.pop, here.model, here.entropy, here.divergence, here.cross_entropy)
    assert chart.data[3]["base"][0] + chart.data[3]["y"][0] == pytest.approx(chart.data[4]["y"][0])


def test_a_weight_of_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="weights must be above 0"):
        surprise((1, 0, 1, 1), (1, 1, 1, 1))
