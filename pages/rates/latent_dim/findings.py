"""How far the criteria disagree, in words, and what has levelled off where the active units bend away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from pages.rates.latent_dim.cached import recipes, spectrum
from pages.shared import cached
from pages.shared.controls import Choice
from pages.shared.words import Words
from vae_core.explore.means import mean_of_metrics, to_earned
from vae_core.explore.rates import latent_dim as explore
from vae_core.units import with_interval


def conclusion(asked_for: Mapping[str, int | str], text: Words) -> str:
    """The smallest and the largest d that a criterion asks for; nothing where fewer than two speak.

    Args:
        asked_for: criterion → d, or "> K" where it is beyond what was kept.
    """
    known = {name: d for name, d in asked_for.items() if isinstance(d, int)}
    if len(known) < 2:
        return text.said("conclusion-unknown")
    least, most = min(known, key=lambda name: known[name]), max(known, key=lambda name: known[name])
    section = "conclusion" if known[least] < known[most] else "conclusion-agreed"
    return text.said(section, n=len(known), least=least, smallest=known[least], most=most, largest=known[most])


@cached.recall(most=256)
def answer(choice: Choice, text: Words) -> str:
    """The first d at which the VAE leaves dimensions unused, and what rate, ELBO and PCA's error still do beyond it."""
    vaes = recipes(choice.dataset, "vae")
    by_dim = {d: checkpoint.metrics for d, checkpoint in sorted(vaes.items())}
    if len(by_dim) < 2:
        return text.said("answer-untrained")
    bent = next((d for d, metrics in by_dim.items() if metrics["active_units"] < d), None)
    largest = max(by_dim)
    if bent is None or bent == largest:
        start = min(by_dim) if bent is None else max(d for d in by_dim if d < largest)
        section = "answer-all" if bent is None else "answer-last"
    else:
        start, section = bent, "answer"
    here, there = by_dim[start], by_dim[largest]
    axes = spectrum(choice.dataset)
    errors = None if axes is None else explore.pca_sse(axes)
    falls = "not known" if errors is None or largest > len(errors) else _falls(choice, errors, start, largest)
    values = {"start": start, "largest": largest, "active": by_dim[bent or start]["active_units"], "falls": falls}
    changes = {name: mean_of_metrics(there, name).less(mean_of_metrics(here, name)) for name in ("rate", "elbo")}
    changes["elbo"] = cached.difference("elbo", vaes[largest].spec, vaes[start].spec) or changes["elbo"]
    return text.said(section, **values, **changes)


def _falls(choice: Choice, errors: np.ndarray, start: int, largest: int) -> str:
    """By how much PCA's error falls from one d to another, image by image where both models and the images are here."""
    value = float(errors[start - 1] - errors[largest - 1])
    both = [cached.specs(choice.dataset, d).get("pca") for d in (start, largest)]
    specs = [spec for spec in both if spec is not None and cached.is_trained(spec)]
    known = cached.difference("sse", *specs) if len(specs) == 2 else None
    return to_earned(value, None) if known is None else with_interval(value, known.half_width)


def active_of(state: Mapping[str, Any]) -> dict[str, float]:
    """For a lecture: how many of its dimensions the VAE uses at the d of the link, in percent."""
    d = int(state["latent_dim"])
    active = recipes(str(state["dataset"]), "vae")[d].metrics["active_units"]
    return {"value": 100 * active / d, "active": active, "dims": d}
