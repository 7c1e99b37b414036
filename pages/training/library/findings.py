"""Which of the compared models ends with the best score, in words, and what a larger β has done to rate and distortion."""

from __future__ import annotations

from collections.abc import Sequence

from pages.shared import cached
from pages.shared.controls import Choice
from pages.shared.labels import label
from pages.shared.words import Words
from pages.training.numbers import named, unit
from vae_core.explore.means import mean_of_metrics
from vae_core.explore.training.training_figure import Run, curve
from vae_core.store.checkpoints import Checkpoint
from vae_core.units import with_interval

LARGER = 4.0


def conclusion(runs: Sequence[Run], term: str, models: Sequence[Checkpoint], text: Words) -> str:
    """The model that ends with the largest ELBO, or with the least of another chosen curve; without any, how many models there are."""
    ends = {
        run.name: float(curve(run.history, term, "test")[-1]) for run in runs if run.history and term in (*run.history[-1]["test"], "elbo")
    }
    ends = {name: value for name, value in ends.items() if value == value}  # NaN: a term that the family has not
    if not ends:
        return text.said("conclusion-none", n=len(models))
    best = max(ends, key=lambda name: ends[name] if term == "elbo" else -ends[name])
    metrics = next(checkpoint.metrics for checkpoint in models if label(checkpoint.spec) == best)
    value = with_interval(ends[best], mean_of_metrics(metrics, term).half_width)
    extreme = "largest" if term == "elbo" else "smallest"
    return text.said("conclusion", n=len(ends), name=best, extreme=extreme, term=named(term), value=f"{value}{unit(term)}")


@cached.recall(most=256)
def answer(choice: Choice, text: Words) -> str:
    """Rate and distortion of the usual VAE, and of its twin with β = 4 where that is trained."""
    usual = cached.specs(choice.dataset, choice.latent_dim).get("vae")
    known = {c.spec.fingerprint: c.metrics for c in cached.checkpoints()}
    if usual is None or usual.fingerprint not in known:
        return text.said("answer-no-vae")
    one = known[usual.fingerprint]
    values = {"rate": mean_of_metrics(one, "rate"), "distortion": mean_of_metrics(one, "distortion"), "dims": choice.latent_dim}
    twins = [c.metrics for c in cached.checkpoints() if _is_twin(c, choice)]
    if not twins:
        return text.said("answer-untrained", **values)
    return text.said("answer", **values, less=mean_of_metrics(twins[0], "rate"), more=mean_of_metrics(twins[0], "distortion"))


def _is_twin(checkpoint: Checkpoint, choice: Choice) -> bool:
    """Whether it is a VAE of the same images and d, trained with the larger β."""
    spec = checkpoint.spec
    return (spec.family, spec.dataset, spec.latent_dim) == ("vae", choice.dataset, choice.latent_dim) and spec.beta == LARGER
