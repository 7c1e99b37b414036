"""The optimum of linear maps, and other seeds, beside the models that are compared."""

from __future__ import annotations

from pages.shared import cached
from pages.shared.controls import Choice
from vae_core.explore import reconstructions
from vae_core.explore.autoencoders import seeds
from vae_core.explore.autoencoders.seeds import BySeed


@cached.recall(most=256)
def best_linear_sse(dataset: str, latent_dim: int) -> float | None:
    """`explore.reconstructions.discarded_variance`: the smallest training SSE of a linear map, exact; None where PCA is not cached."""
    spec = cached.specs(dataset, latent_dim).get("pca")
    return reconstructions.discarded_variance(cached.model(spec)) if spec is not None and cached.is_trained(spec) else None


@cached.keep(most=2, of=lambda: cached.written_at(seeds.SHIPPED))
def _other_seeds() -> dict[str, BySeed]:
    """`explore.autoencoders.seeds.read` of what came with the program."""
    return seeds.read()


def by_seed(choice: Choice, family: str) -> BySeed:
    """The figures of a family's model and of the other seeds of its recipe; none where it is not trained."""
    metrics = cached.metrics(choice.dataset, choice.latent_dim).get(family)
    spec = cached.specs(choice.dataset, choice.latent_dim).get(family)
    return {} if metrics is None or spec is None else seeds.of_every_seed(_other_seeds(), spec, metrics)
