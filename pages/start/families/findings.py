"""Which of the models has the smallest error, as far as the test images tell it, and which can draw, in words; what more numbers buy."""

from __future__ import annotations

from pages.shared import cached
from pages.shared.controls import Choice, the
from pages.shared.words import Words, listed
from vae_core.explore.means import log_px_of_metrics, mean_of_metrics

FAMILY = "vae"


@cached.recall(most=256)
def conclusion(choice: Choice, text: Words) -> str:
    """The smallest test error of the trained models, whom the same images do not tell from it, and which have a prior to draw from."""
    metrics = cached.metrics(choice.dataset, choice.latent_dim)
    if not metrics:
        return text.said("conclusion-untrained")
    best = min(metrics, key=lambda family: metrics[family]["sse"])
    able = [family for family, one in metrics.items() if one["rate"] is not None]
    said = " and ".join(the(family, opens=k == 0) for k, family in enumerate(able)) or "None"
    ties = [the(family) for family in cached.undecided({f: cached.specs(choice.dataset, choice.latent_dim)[f] for f in metrics}, best)]
    values = {"n": len(metrics), "best": the(best), "sse": str(mean_of_metrics(metrics[best])), "dims": choice.latent_dim}
    values |= {"ties": f"; the same images do not tell {listed(ties)} from it" if ties else ""}
    return text.said("conclusion", **values, able=said, verb="has" if len(able) < 2 else "have")


@cached.recall(most=256)
def answer(choice: Choice, text: Words) -> str:
    """The VAE's error and log p(x) at its smallest and its largest d, by the stored evaluations."""
    by_dim = {c.spec.latent_dim: c.metrics for c in cached.recipes(choice.dataset) if c.spec.family == FAMILY}
    if len(by_dim) < 2:
        return text.said("answer-untrained")
    values: dict[str, object] = {}
    for name, d in (("small", min(by_dim)), ("large", max(by_dim))):
        values |= {name: d, f"{name}_sse": str(mean_of_metrics(by_dim[d])), f"{name}_log_px": log_px_of_metrics(by_dim[d])}
    return text.said("answer", **values)
