"""What the museum answers to steps of lectures; what an exhibit concludes stands with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pages.beyond.museum import cached as museum
from vae_core.explore.means import Mean, Share

N_DRAWS = 400
"""Draws when the exhibit opens."""


def error_of_thirty_numbers(_: Mapping[str, Any]) -> dict[str, float | Mean]:
    """For a lecture: the squared error that the autoencoder with 30 numbers per digit leaves, and PCA's."""
    numbers = museum.numbers()
    ours = numbers["autoencoder"]
    return {"value": ours.value, "ours": ours, "pca": numbers["pca"]}


def where_regression_ends(state: Mapping[str, Any]) -> dict[str, float | Share]:
    """For a lecture: where regression says that the ball ends, how probable that is, and how many draws of the conditional VAE go left."""
    told = museum.forecast(int(state["fork_left"]) / 100, N_DRAWS, 0)
    return {"value": float(told.regression[-1]), "possible": 100 * told.possible, "left": told.left, "p": 100 * told.p}


def overlap_of_a_function(state: Mapping[str, Any]) -> dict[str, float]:
    """For a lecture: the overlap of the function with the shape, and that of the pixels that it was made of, in percent."""
    told = museum.shape(float(state["shape_r"]), float(state["shape_n"]))
    return {"value": 100 * told.overlap, "pixels": 100 * told.of_picture}
