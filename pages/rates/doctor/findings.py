"""Which of the trained models carries most in its code, in words; and what lectures ask of a code, of its widths, and of residuals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pages.rates.cached import examination
from pages.rates.doctor.cached import measured_residuals, measured_widths
from pages.rates.doctor.controls import patients
from pages.shared import cached
from pages.shared.controls import Choice
from pages.shared.words import Words
from vae_core.explore.means import part_of_metrics
from vae_core.explore.rates.posterior_widths import NARROW, WIDE
from vae_core.specs import ModelSpec


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
    spec = _patient(state)
    measured = examination(spec)
    rate = part_of_metrics(cached.checkpoint(spec).metrics, "rate")
    gain = {"value": measured.shuffle_gain, "gain": measured.shuffle_words}
    return {**gain, "active": float(measured.is_active.sum()), "dims": spec.latent_dim, "rate": rate}


def cost_of_narrow_noise(state: Mapping[str, Any]) -> dict[str, float | str]:
    """For a lecture: how many times as much Gaussian noise of half the best width costs as that of twice the best."""
    measured = measured_residuals(_patient(state))
    half, twice = (measured.rise("gaussian", factor) for factor in (0.5, 2.0))
    return {"value": half / twice, "half": half, "twice": twice, "best": str(measured.best("gaussian"))}


def saved_by_laplace_noise(state: Mapping[str, Any]) -> dict[str, float | str]:
    """For a lecture: how many nats per image Laplace noise costs less than Gaussian noise, each of its best width."""
    apart = measured_residuals(_patient(state)).apart
    return {"value": apart.value, "saved": str(apart)}


def narrow_dimensions(state: Mapping[str, Any]) -> dict[str, float | str]:
    """For a lecture: in how many dimensions q is less than half as wide as the prior."""
    mean = measured_widths(_patient(state)).widths.mean(0)
    return {"value": float((mean < NARROW).sum()), "dims": len(mean), "wide": int((mean > WIDE).sum()), "near": WIDE}


def _patient(state: Mapping[str, Any]) -> ModelSpec:
    return cached.specs(str(state["dataset"]), int(state["latent_dim"]))[str(state["family"])]
