"""Caches of the paths through latent space: the images along them, and how well the model knows these."""

from __future__ import annotations

from typing import Literal

import numpy as np

from pages.shared import cached
from pages.shared.latent_pad.cached import decoded
from vae_core.explore.latent import paths
from vae_core.explore.latent.paths_figure import PATHS
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
    """`explore.latent.paths.scores_along` of the images of a path, (K, n)."""
    return cached.fixed(paths.scores_along(cached.model(spec), path_images(spec, ends, n, way)).astype(np.float64))


def all_scores(spec: ModelSpec, ends: tuple[int, int], n: int) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Of every path the mean scores, (n,), and those of each draw, (K, n)."""
    scores = {way: path_scores(spec, ends, n, way) for way in PATHS}
    return {way: of.mean(0) for way, of in scores.items()}, scores


def traversal(spec: ModelSpec, z: np.ndarray, dims: list[int], values: np.ndarray) -> np.ndarray:
    """`explore.latent.paths.traversal`; too quick to be kept."""
    return paths.traversal(cached.model(spec), z, dims, values)
