"""Which of the trained models carries most in its code, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pages.rates.cached import examination
from pages.rates.doctor.controls import patients
from pages.shared import cached
from pages.shared.controls import Choice
from pages.shared.words import Words
from vae_core.explore.means import part_of_metrics


@cached.recall(most=256)
def answer(choice: Choice, text: Words) -> str:
    """The patient of the largest rate, and how many have no active dimension at all, by their stored evaluations."""
    metrics = {name: cached.checkpoint(spec).metrics for name, spec in patients(choice).items()}
    name = max(metrics, key=lambda one: metrics[one]["rate"])
    most, n_collapsed = metrics[name], sum(one["active_units"] == 0 for one in metrics.values())
    values = {
        "n": len(metrics),
        "name": name,
        "rate": part_of_metrics(most, "rate"),
        "active": most["active_units"],
        "dims": len(most["kl_per_dim"]),
    }
    section = "answer-collapsed" if n_collapsed else "answer-all"
    return text.said("answer", **values, others=text.said(section, n=n_collapsed, verb="has" if n_collapsed == 1 else "have"))


def cost_of_a_wrong_code(state: Mapping[str, Any]) -> dict[str, float | str]:
    """For a lecture: how many nats an image costs more when it is decoded from another image's code."""
    spec = cached.specs(str(state["dataset"]), int(state["latent_dim"]))["vae"]
    measured = examination(spec)
    rate = part_of_metrics(cached.checkpoint(spec).metrics, "rate")
    gain = {"value": measured.shuffle_gain, "gain": measured.shuffle_words}
    return {**gain, "active": float(measured.is_active.sum()), "dims": spec.latent_dim, "rate": rate}
