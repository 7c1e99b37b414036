"""What the museum answers to steps of lectures; what an exhibit concludes stands with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pages.beyond.museum import cached as museum
from vae_core.explore.means import Mean


def error_of_thirty_numbers(_: Mapping[str, Any]) -> dict[str, float | Mean]:
    """For a lecture: the squared error that the autoencoder with 30 numbers per digit leaves, and PCA's."""
    numbers = museum.numbers()
    ours = numbers["autoencoder"]
    return {"value": ours.value, "ours": ours, "pca": numbers["pca"]}
