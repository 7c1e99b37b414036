"""Which of the trained models carries most in its code, in words."""

from __future__ import annotations

from pages.rates.doctor.controls import patients
from pages.shared import cached
from pages.shared.controls import Choice
from pages.shared.words import Words


def answer(choice: Choice, text: Words) -> str:
    """The patient of the largest rate, and how many have no active dimension at all, by their stored evaluations."""
    metrics = {name: cached.checkpoint(spec).metrics for name, spec in patients(choice).items()}
    name = max(metrics, key=lambda one: metrics[one]["rate"])
    most, n_collapsed = metrics[name], sum(one["active_units"] == 0 for one in metrics.values())
    values = {
        "n": len(metrics),
        "name": name,
        "rate": f"{most['rate']:.1f}",
        "active": most["active_units"],
        "dims": len(most["kl_per_dim"]),
    }
    return text.said("answer", **values, n_collapsed=n_collapsed or "None", verb="has" if n_collapsed == 1 else "have")
