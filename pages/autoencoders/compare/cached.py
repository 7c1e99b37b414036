"""The optimum of linear maps, beside the models that are compared."""

from __future__ import annotations

from pages.shared import cached
from vae_core.explore import reconstructions


@cached.recall(most=256)
def best_linear_sse(dataset: str, latent_dim: int) -> float | None:
    """`explore.reconstructions.discarded_variance`: the smallest training SSE of a linear map, exact; None where PCA is not cached."""
    spec = cached.specs(dataset, latent_dim).get("pca")
    return reconstructions.discarded_variance(cached.model(spec)) if spec is not None and cached.is_trained(spec) else None
