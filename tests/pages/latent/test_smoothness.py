"""Averages of training images at a code."""

from __future__ import annotations

import pytest

from pages.latent.smoothness.view import FEW
from tests.harness import assert_answers, opened

SMOOTHNESS = "latent/smoothness"
pytestmark = pytest.mark.usefixtures("more_models")


def test_a_wider_posterior_averages_more_images() -> None:
    sizes = []
    for widen in (1.0, 4.0):
        app = opened(SMOOTHNESS, dataset="digits", latent_dim=2, z="0.3,0.2", widen=widen)
        assert_answers(app)
        sizes.append(float(app.metric[0].value.split()[0].replace(",", "")))
    assert sizes[1] > sizes[0] >= 1


@pytest.mark.parametrize(("widen", "says"), [(0.5, "memorises"), (8.0, "explains the blur")])
def test_the_conclusion_follows_the_effective_sample_size(widen: float, says: str) -> None:
    app = opened(SMOOTHNESS, dataset="digits", latent_dim=2, z="2.5,2.5" if widen < 1 else "0,0", widen=widen)
    n_effective = float(app.metric[0].value.replace(",", ""))
    assert (n_effective < FEW) == (says == "memorises")
    (said,) = [element.value for element in app.main.markdown if "Here the formula" in element.value]
    assert says in said
