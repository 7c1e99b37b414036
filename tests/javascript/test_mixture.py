"""An image moved along its components in the browser, against NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from tests.javascript.engine import evaluate
from vae_core.explore.linear.pca_images import Mixture

FILES = ("pages/linear/pca_images/mixer/mixture.js",)
RNG = np.random.default_rng(0)
MIXTURE = Mixture(RNG.uniform(size=12), RNG.normal(size=(3, 12)), np.array([0.5, -1.0, 2.0]))
VALUES = {"base": MIXTURE.base.tolist(), "steps": MIXTURE.steps.ravel().tolist(), "origin": MIXTURE.origin.tolist()}


@pytest.mark.parametrize("a", [[0.5, -1.0, 2.0], [0.0, 0.0, 0.0], [3.0, -3.0, 1.25]])
def test_the_browser_mixes_what_numpy_does(a: list[float]) -> None:
    lines = (
        "return [...mixed({ base: Float32Array.from(base), steps: Float32Array.from(steps), origin }, a, new Float32Array(base.length))];"
    )
    found = evaluate(FILES, lines, a=a, **VALUES)
    np.testing.assert_allclose(found, MIXTURE.at(np.array(a)), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("channels", [1, 3])
def test_pixels_are_rounded_and_kept_within_a_byte(channels: int) -> None:
    x = RNG.uniform(-0.2, 1.2, (channels, 2, 2))
    lines = "return [...rgbaOf({ channels, height: 2, width: 2 }, values)];"
    found = np.reshape(evaluate(FILES, lines, channels=channels, values=x.ravel().tolist()), (2, 2, 4))
    exact = np.rint(np.clip(255 * x, 0, 255)).transpose(1, 2, 0)
    assert (found[..., :3] == exact).all()
    assert (found[..., 3] == 255).all()


def test_a_component_is_drawn_about_a_middle_grey() -> None:
    found = evaluate(FILES, "return [...asPicture(Float32Array.from(steps), 1, 12)];", steps=VALUES["steps"])
    step = MIXTURE.steps[1]
    np.testing.assert_allclose(found, 0.5 + 0.5 * step / np.abs(step).max(), rtol=1e-6)
