"""Averages of training images at a code."""

from __future__ import annotations

import pytest

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
