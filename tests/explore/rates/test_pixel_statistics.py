"""Moments of the pixels are what their names say, those that came with the program too."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import bernoulli

from vae_core import data as datasets
from vae_core.explore.rates import pixel_statistics
from vae_core.models.pca import spectrum


def test_the_statistics_of_the_pixels_are_what_their_names_say() -> None:
    x = datasets.load("digits").train.x
    found = pixel_statistics.pixel_statistics(x)
    rows = x.reshape(len(x), -1) / 255.0
    sd, p = rows.std(0), rows.mean(0)
    scaled = rows[:, sd > 0] / sd[sd > 0]
    assert found.standardised[: (sd > 0).sum()] == pytest.approx(spectrum(scaled).eigenvalues, abs=1e-9)
    assert sum(found.standardised) == pytest.approx((sd > 0).sum())
    assert found.spread == pytest.approx(rows.std())
    assert found.absolute_deviation == pytest.approx(np.abs(rows - np.median(rows, 0)).mean(0).sum(), rel=1e-9)
    assert found.binary_entropy == pytest.approx(bernoulli(p).entropy().sum())
    assert found.grey_entropy == pytest.approx(bernoulli(rows).entropy().sum(1).mean())


@pytest.mark.data
@pytest.mark.parametrize("name", ["mnist", "frey_faces", "olivetti_faces"])
def test_the_statistics_that_came_with_the_program_are_those_of_the_images(name: str) -> None:
    found, kept = pixel_statistics.pixel_statistics(datasets.load(name).train.x), pixel_statistics.shipped()[name]
    assert kept.eigenvalues == pytest.approx(found.eigenvalues, rel=1e-7, abs=1e-9)
    assert (kept.binary_entropy, kept.grey_entropy) == (pytest.approx(found.binary_entropy), pytest.approx(found.grey_entropy))
    assert (kept.spread, kept.absolute_deviation) == (pytest.approx(found.spread), pytest.approx(found.absolute_deviation))
