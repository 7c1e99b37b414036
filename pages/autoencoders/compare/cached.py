"""Errors of the models that are compared, on every test image and at the optimum of linear maps."""

from __future__ import annotations

import numpy as np

from pages.shared import cached
from vae_core.explore import reconstructions
from vae_core.specs import ModelSpec


@cached.of_model(most=64, spinner="Measuring every test image …")
def sse_per_image(spec: ModelSpec) -> np.ndarray:
    """`explore.reconstructions.sse_per_image` of every test image, float64 (N,)."""
    return cached.fixed(reconstructions.sse_per_image(cached.model(spec), cached.dataset(spec.dataset).test.x))


def best_linear_sse(dataset: str, latent_dim: int) -> float | None:
    """`explore.reconstructions.discarded_variance`: the smallest training SSE of a linear map, exact; None where PCA is not cached."""
    spec = cached.specs(dataset, latent_dim).get("pca")
    return reconstructions.discarded_variance(cached.model(spec)) if spec is not None and cached.is_trained(spec) else None
