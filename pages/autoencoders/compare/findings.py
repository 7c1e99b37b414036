"""Whether two models find the same images hard, in words, and what few numbers lose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from pages.autoencoders.compare.view import ratio
from pages.shared import cached
from pages.shared.controls import Choice
from pages.shared.words import Words
from vae_core.data import available
from vae_core.drawing.theme import mark
from vae_core.explore.means import Mean, mean_of_metrics

PAIR = ("pca", "vae")
N_LOOKED_AT, N_HARDEST = 500, 10


@cached.recall(most=256)
def answer(choice: Choice, text: Words) -> str:
    """How many of the hardest images PCA and the VAE share, and the VAE's error at its smallest and largest d."""
    trained = cached.trained(cached.specs(choice.dataset, choice.latent_dim))
    by_dim = {c.spec.latent_dim: c.metrics for c in cached.recipes(choice.dataset) if c.spec.family == PAIR[1]}
    if not choice.has_data or not by_dim or not set(PAIR) <= set(trained):
        return text.said("answer-untrained")
    x = cached.dataset(choice.dataset).test.x[:N_LOOKED_AT]
    hardest = []
    for family in PAIR:
        x_hat = cached.reconstructions(trained[family], tuple(range(len(x))))
        errors = ((x / 255 - x_hat) ** 2).reshape(len(x), -1).sum(1)
        hardest.append(set(np.argsort(-errors)[:N_HARDEST].tolist()))
    small, large = min(by_dim), max(by_dim)
    values = {"n": len(x), "hardest": N_HARDEST, "shared": len(hardest[0] & hardest[1]), "name": mark(PAIR[1]).short}
    errors_of = {name: str(mean_of_metrics(by_dim[d])) for name, d in (("small_sse", small), ("large_sse", large))}
    return text.said("answer", **values, small=small, large=large, **errors_of)


def error_beside_pca(state: Mapping[str, Any]) -> dict[str, float | Mean]:
    """For a lecture: the mean test error of the family in focus, as a multiple of PCA's at the same d."""
    choice = Choice(str(state["dataset"]), int(state["latent_dim"]), str(state["family"]), available(str(state["dataset"])))
    metrics, times = cached.metrics(choice.dataset, choice.latent_dim), ratio(choice, choice.family, "pca")
    return {"value": times.value, "times": times} | {n: mean_of_metrics(metrics[f]) for n, f in (("own", choice.family), ("pca", "pca"))}
