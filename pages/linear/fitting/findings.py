"""The answers to steps of lectures on fitting p(x), which the page answers with, too; what a part of it concludes stands with the part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pages.linear.fitting import cached as caches
from vae_core.data import drawn


def missed_by_one_gaussian(state: Mapping[str, Any]) -> dict[str, float]:
    """For a lecture: how far one Gaussian is below the most that is possible on new points, and the best mixture, in nats."""
    code = drawn.presets()[str(state["fit_points"])]
    test, most = caches.fits(code, int(state["fit_seed"]), False)[2], -drawn.entropy(code)
    return {"value": most - float(test[0]), "one": float(test[0]), "k": int(test.argmax()) + 1, "left": most - float(test.max())}


def draws_that_are_near(state: Mapping[str, Any]) -> dict[str, float]:
    """For a lecture: of the draws of one Gaussian, how many are as near to an image as test images are, here and with d = 2, in percent."""
    here, two = (caches.measured(str(state["dataset"]), d, 1, 0) for d in (int(state["fit_dims"]), 2))
    return {"value": 100 * here.near, "two": 100 * two.near, "d": int(state["fit_dims"])}


def dimensions_of_images(state: Mapping[str, Any]) -> dict[str, float]:
    """For a lecture: how many dimensions the images fill, by their neighbours, with the interval, and the number of their values."""
    last = caches.at_sizes(str(state["dataset"]))[-1]
    own = last.images.dimension
    return {"value": own.value, "low": own.low, "high": own.high, "values": last.n_values, "near": last.near, "n": own.n}
