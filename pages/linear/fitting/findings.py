"""The answers to steps of lectures on fitting p(x), which the page answers with, too; what a part of it concludes stands with the part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pages.linear.fitting import cached as caches
from vae_core.data import drawn
from vae_core.explore import odd_pictures
from vae_core.explore.means import Mean, Share, mean_of


def missed_by_one_gaussian(state: Mapping[str, Any]) -> dict[str, float | Mean]:
    """For a lecture: how far one Gaussian is below the most that is possible on new points, and the best mixture, in nats."""
    code = drawn.presets()[str(state["fit_points"])]
    test, most = caches.fits(code, int(state["fit_seed"]), False)[2], -drawn.entropy(code)
    best = int(test.mean(1).argmax())
    gap, left = (mean_of(most - test[k]) for k in (0, best))
    return {"value": gap.value, "gap": gap, "k": best + 1, "left": left}


def draws_that_are_near(state: Mapping[str, Any]) -> dict[str, float | Share]:
    """For a lecture: of the draws of one Gaussian, how many are as near to an image as test images are, here and with d = 2, in percent."""
    here, two = (near_with_one_gaussian(str(state["dataset"]), d) for d in (int(state["fit_dims"]), 2))
    return {"value": here.in_percent[0], "near": here, "two": two, "d": int(state["fit_dims"])}


def near_with_one_gaussian(dataset: str, d: int) -> Share:
    """Of the draws of one Gaussian with d directions, how many are as near to an image as test images are."""
    return caches.measured(dataset, d, 1, 0).near


def dimensions_of_images(state: Mapping[str, Any]) -> dict[str, float]:
    """For a lecture: how many dimensions the images fill, by their neighbours, with the interval, and the number of their values."""
    last = caches.at_sizes(str(state["dataset"]))[-1]
    own = last.images.dimension
    return {"value": own.value, "low": own.low, "high": own.high, "values": last.n_values, "near": last.near, "n": own.n}


def sure_of_noise(state: Mapping[str, Any]) -> dict[str, float | Share]:
    """For a lecture: how often Bayes' rule is sure of a label of uniform noise, how often logistic regression is, and how p(x) sees it."""
    told = caches.told(str(state["dataset"]), int(state["fit_dims"]))
    noise, n = told["noise"], len(told["noise"].log_px)
    sure, regression = (Share(odd_pictures.n_sure(p), n) for p in (noise.by_density, noise.by_regression))
    unlike = int((odd_pictures.share_below(told["test image"].log_px, noise.log_px) <= odd_pictures.UNLIKE).sum())
    return {"value": sure.in_percent[0], "sure": sure, "regression": regression, "unlike": unlike, "n": n}
