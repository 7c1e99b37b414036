"""The answers to steps of lectures on sequences; what a part concludes stands with the part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pages.beyond.sequences import cached as caches
from vae_core.explore.beyond import grammar
from vae_core.explore.beyond.sentences import MODELS
from vae_core.explore.beyond.sequences import Cost
from vae_core.explore.means import Mean, Share


def largest_rate(costs: Mapping[str, Cost]) -> str:
    """The model whose codes say most."""
    return max(costs, key=lambda name: costs[name].rate.value)


def dropout_that_uses_z_most(state: Mapping[str, Any]) -> dict[str, float | Mean]:
    """For a lecture: the word dropout whose model has the largest rate of those trained with β = 1, and the rates of all."""
    costs = {name: cost for name, cost in caches.sentence_costs().items() if MODELS[name][1] == 1}
    rates = {MODELS[name][0]: cost.rate for name, cost in costs.items()}
    return {
        "value": MODELS[largest_rate(costs)][0],
        "none": rates[0.0],
        "half": rates[0.5],
        "all": rates[1.0],
        "entropy": grammar.entropy(),
    }


def notes_in_the_key(state: Mapping[str, Any]) -> dict[str, float | Share]:
    """For a lecture: how many notes that a model draws lie in the key, in per cent, and how many new tunes come back from their codes."""
    name = str(state["seq_notes"])
    share = caches.drawn_tunes(name)[1]
    return {"value": share.in_percent[0], "share": share, "rebuilt": caches.tune_costs()[name].rebuilt}
