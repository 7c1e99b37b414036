"""Which of the compared models the test images tell to be best, in words, and what a larger β has done to rate and distortion."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pages.shared import cached
from pages.shared.controls import Choice
from pages.shared.labels import label
from pages.shared.words import Words
from pages.training.numbers import named, unit
from vae_core.explore.means import Mean, as_earned, mean_of_metrics
from vae_core.explore.paired import Figure
from vae_core.explore.training.training_figure import terms_of
from vae_core.models import FAMILIES
from vae_core.specs import ModelSpec
from vae_core.store.checkpoints import Checkpoint
from vae_core.units import counted

LARGER = 4.0


def conclusion(compared: Sequence[Checkpoint], term: Figure, models: Sequence[Checkpoint], text: Words) -> str:
    """The model that ends with the largest ELBO, or with the least of another chosen curve; without any, how many models there are."""
    means = {c.spec: mean_of_metrics(c.metrics, term) for c in compared if term in terms_of(c.history)}
    if not means:
        return text.said("conclusion-none", n=counted(len(models), "model"), verb="is" if len(models) == 1 else "are") if models else ""
    extreme = "largest" if term == "elbo" else "smallest"
    values = {"n": len(means), "extreme": extreme, "term": named(term)}
    if (kind := _scales(means, term)) is not None:
        return text.said("conclusion-scales", **values, kind=kind)
    best = max(means, key=lambda spec: means[spec].value if term == "elbo" else -means[spec].value)
    ties = [label(spec) for spec in means if spec != best and not _is_told(spec, best, means, term)]
    values |= {"name": label(best), "value": f"{as_earned(means[best])}{unit(term)}"}
    section = "conclusion-tied" if ties else "conclusion" if len(means) > 1 else "conclusion-single"
    return text.said(section, **values, others=_listed(ties))


def _scales(specs: Iterable[ModelSpec], term: Figure) -> str | None:
    """What models differ in that gives a term scales of their own; None where it is of one scale, as nats of a code are."""
    if term == "rate":
        return None
    if len({spec.dataset for spec in specs}) > 1:
        return "data sets"
    if term != "sse" and len({FAMILIES[spec.family].needs_labels for spec in specs}) > 1:
        return "densities, p(x) and p(x | y)"
    return "likelihoods" if term != "sse" and len({spec.likelihood for spec in specs}) > 1 else None


def _is_told(one: ModelSpec, best: ModelSpec, means: Mapping[ModelSpec, Mean], term: Figure) -> bool:
    """Whether the test images tell a model from the best: as if they were of different images, or else image by image."""
    apart = means[one].less(means[best])
    if not apart.tells_apart and one.dataset == best.dataset and len(cached.trained({0: one, 1: best})) == 2:
        apart = cached.difference(term, one, best) or apart
    return apart.tells_apart


def _listed(names: Sequence[str]) -> str:
    """Of more than two only how many they are."""
    return " and ".join(f"*{name}*" for name in names) if len(names) <= 2 else f"{len(names)} of the others"


@cached.recall(most=256)
def answer(choice: Choice, text: Words) -> str:
    """Rate and distortion of the usual VAE, and of its twin with β = 4 where that is trained."""
    spec = cached.specs(choice.dataset, choice.latent_dim).get("vae")
    usual = None if spec is None else cached.checkpoint(spec)
    if usual is None:
        return text.said("answer-no-vae")
    values: dict[str, object] = {"dims": choice.latent_dim} | _ends(usual.metrics, "rate", "distortion")
    twin = next((c for c in cached.checkpoints() if _is_twin(c, choice)), None)
    if twin is None:
        return text.said("answer-untrained", **values)
    said = text.said("answer", **values, **_ends(twin.metrics, "less", "more"))
    return f"{said} {text.said(_trade(usual, twin))}"


def _ends(metrics: dict, rate: str, distortion: str) -> dict[str, object]:
    return {rate: mean_of_metrics(metrics, "rate"), distortion: mean_of_metrics(metrics, "distortion")}


def _trade(usual: Checkpoint, twin: Checkpoint) -> str:
    """The section for what the larger β has done to the rate, as far as the test images tell it."""
    means = {c.spec: mean_of_metrics(c.metrics, "rate") for c in (usual, twin)}
    if not _is_told(twin.spec, usual.spec, means, "rate"):
        return "answer-undecided"
    return "answer-fewer" if means[twin.spec].value < means[usual.spec].value else "answer-more"


def _is_twin(checkpoint: Checkpoint, choice: Choice) -> bool:
    """Whether it is a VAE of the same images and d, trained with the larger β."""
    spec = checkpoint.spec
    return (spec.family, spec.dataset, spec.latent_dim) == ("vae", choice.dataset, choice.latent_dim) and spec.beta == LARGER
