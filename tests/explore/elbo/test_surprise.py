"""The average surprise is entropy plus divergence, each by a formula of its own."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import jensenshannon
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


@pytest.mark.parametrize("weights", [((9, 5, 2, 1), (5, 5, 5, 5)), ((1, 1, 1, 20), (20, 1, 3, 1)), ((3, 2, 9, 1), (3, 2, 9, 1))])
def test_no_discriminator_tells_data_from_model_better(weights: tuple) -> None:
    here, d = surprise(*weights), np.linspace(0.0005, 0.9995, 2000)
    value = here.pop[:, None] * np.log(d) + here.model[:, None] * np.log1p(-d)  # of a GAN: E_Pop ln D + E_P ln(1 − D), outcome by outcome
    assert here.discriminator == pytest.approx(d[value.argmax(1)], abs=0.0005)
    best = (here.pop * np.log(here.discriminator) + here.model * np.log1p(-here.discriminator)).sum()
    assert best == pytest.approx(2 * jensenshannon(here.pop, here.model) ** 2 - 2 * np.log(2), abs=1e-12)
    is_called_data = here.discriminator >= 0.5
    right = 0.5 * here.pop[is_called_data].sum() + 0.5 * here.model[~is_called_data].sum()
    assert here.told_apart == pytest.approx(right)
    assert here.told_apart == pytest.approx(0.5 + 0.25 * np.abs(here.pop - here.model).sum())


def test_a_weight_of_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="weights must be above 0"):
        surprise((1, 0, 1, 1), (1, 1, 1, 1))
