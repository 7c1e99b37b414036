"""Caches of the paths through latent space: the images along them, and how well the model knows these."""

from __future__ import annotations

from typing import Literal

import numpy as np

from pages.shared import cached
from pages.shared.latent_pad.cached import decoded
from vae_core.explore.latent import paths
from vae_core.specs import ModelSpec


@cached.of_model(most=128)
def path_images(spec: ModelSpec, ends: tuple[int, int], n: int, way: paths.Way | Literal["pixels"]) -> np.ndarray:
    """Images along a path between two test images, float (n, C, H, W)."""
    if way == "pixels":
        start, end = (cached.dataset(spec.dataset).test.x[i] / 255.0 for i in ends)
        return cached.fixed(paths.straight(start, end, np.linspace(0, 1, n)))
    mean = cached.test_codes(spec).mean
    return cached.fixed(decoded(spec, paths.interpolation(mean[ends[0]], mean[ends[1]], n, way)))


@cached.of_model(most=128, spinner="Following the path …")
def path_scores(spec: ModelSpec, ends: tuple[int, int], n: int, way: paths.Way | Literal["pixels"]) -> np.ndarray:
    """`explore.latent.paths.score_along` of the images of a path, (n,)."""
    return cached.fixed(paths.score_along(cached.model(spec), path_images(spec, ends, n, way)))


def traversal(spec: ModelSpec, z: np.ndarray, dims: list[int], values: np.ndarray) -> np.ndarray:
    """`explore.latent.paths.traversal`; too quick to be kept."""
    return paths.traversal(cached.model(spec), z, dims, values)
