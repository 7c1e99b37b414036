"""The dials of the rate–distortion autoencoder and the β-VAE are one."""

from __future__ import annotations

import re

import numpy as np
import pytest

from tests.harness import assert_answers, link_of, numbers_of, opened, pictures

RDA = "rates/rda"
pytestmark = pytest.mark.usefixtures("gaussian_models")


def test_the_dials_are_welded() -> None:
    app = opened(RDA, dataset="digits", rda_sigma=0.5)
    assert_answers(app)
    for key in ("rda_lambda", "rda_beta"):
        dial = app.main.select_slider(key=key)
        dial.set_value(dial.options[len(dial.options) // 3]).run()
        value, beta = (float(app.main.select_slider(key=name).value) for name in ("rda_lambda", "rda_beta"))
        assert value * 2 * beta * 0.25 == pytest.approx(1, rel=2e-3)
    assert re.fullmatch(r"1 − (\d × )?10⁻([⁷⁸⁹]|¹\w)", numbers_of(app)["Cosine of the gradients"])


def test_moving_along_a_line_of_constant_lambda_changes_no_image() -> None:
    one, other = (opened(RDA, dataset="digits", rda_sigma=sigma) for sigma in (0.5, 2.0))
    assert link_of(one)["rda_lambda"] == link_of(other)["rda_lambda"]
    assert all(np.array_equal(a, b) for a, b in zip(pictures(one), pictures(other), strict=True))
    moved = opened(RDA, dataset="digits", rda_sigma=0.5)
    dial = moved.main.select_slider(key="rda_lambda")
    dial.set_value(dial.options[1]).run()
    assert not all(np.array_equal(a, b) for a, b in zip(pictures(one), pictures(moved), strict=True))
