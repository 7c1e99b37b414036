"""Which model keeps most, in words, whether two find the same images hard, and what few numbers lose."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any

import numpy as np

from pages.autoencoders.compare.cached import by_seed
from pages.shared import cached
from pages.shared.controls import Choice, the
from pages.shared.words import Words, listed
from vae_core.data import available
from vae_core.drawing.theme import mark
from vae_core.explore.autoencoders.seeds import mean_over_seeds
from vae_core.explore.means import Mean, mean_of_metrics

PAIR = ("pca", "vae")
N_LOOKED_AT, N_HARDEST = 500, 10


@cached.recall(most=256)
def conclusion(choice: Choice) -> str:
    """Which model keeps most, and how the VAE compares, in words; nothing where fewer than two are trained."""
    means = {family: mean_of_metrics(metrics) for family, metrics in cached.metrics(choice.dataset, choice.latent_dim).items()}
    if len(means) < 2:
        return ""
    best = min(means, key=lambda family: means[family].value)
    ties = _ties(choice, best, means)
    said = f"At d = {choice.latent_dim}, **{the(best)}** has the smallest mean test error (SSE {means[best]}){ties}."
    beside = [family for family in ("autoencoder", "pca") if "vae" in means and family in means and means[family].value > 0]
    ratios = " and ".join(f"{ratio(choice, 'vae', family)} times {the(family)}'s" for family in beside)
    return f"{said} The VAE's is {ratios}." if ratios else said


def ratio(choice: Choice, one: str, other: str) -> Mean:
    """The mean error of a family as a multiple of another's, on the same images."""
    metrics, specs = cached.metrics(choice.dataset, choice.latent_dim), cached.specs(choice.dataset, choice.latent_dim)
    own, its = (mean_of_metrics(metrics[family]) for family in (one, other))
    are_sound = {one, other} <= cached.trained({family: specs[family] for family in (one, other)}).keys()
    return own.over(its, cached.difference("sse", specs[one], specs[other]) if are_sound else None)


def _ties(choice: Choice, best: str, means: dict[str, Mean]) -> str:
    """Which others the same images, or the seeds of their trainings, do not tell from the best, as the end of a sentence."""
    specs = {family: cached.specs(choice.dataset, choice.latent_dim)[family] for family in means}
    by_images = [the(family) for family in cached.undecided(specs, best)]
    n_seeds, by_seeds = _tied_by_seeds(choice, best, cached.trained(specs).keys() - {best})
    if by_images and set(by_images) == set(by_seeds):
        return f"; neither the same images nor {n_seeds} seeds of each tell {listed(by_images)} from it"
    of_images = f"; the same images do not tell {listed(by_images)} from it" if by_images else ""
    return f"{of_images}; {n_seeds} seeds of each do not tell {listed(by_seeds)} from it" if by_seeds else of_images


def _tied_by_seeds(choice: Choice, best: str, others: Set[str]) -> tuple[int, list[str]]:
    """How many seeds the best was trained with, and which others these do not tell from it."""
    means = {family: mean_over_seeds(by_seed(choice, family), "sse") for family in (best, *sorted(others))}
    own = means.pop(best)
    if own is None:
        return 1, []
    return own.n, [the(family) for family, mean in means.items() if mean is not None and not mean.less(own).tells_apart]


@cached.recall(most=256)
def answer(choice: Choice, text: Words) -> str:
    """How many of the hardest images PCA and the VAE share, and the VAE's error at its smallest and largest d."""
    trained = cached.trained(cached.specs(choice.dataset, choice.latent_dim))
    by_dim = {c.spec.latent_dim: c.metrics for c in cached.recipes(choice.dataset) if c.spec.family == PAIR[1]}
    if not choice.has_data or not by_dim or not set(PAIR) <= set(trained):
        return text.said("answer-untrained")
    indices = cached.dataset(choice.dataset).test.spread(N_LOOKED_AT)
    x = cached.dataset(choice.dataset).test.x[list(indices)]
    hardest = []
    for family in PAIR:
        x_hat = cached.reconstructions(trained[family], indices)
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
