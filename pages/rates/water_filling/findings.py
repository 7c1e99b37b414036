"""What the water level leaves, in words, and when bars come out of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from pages.rates import cached as rates
from pages.rates.water_filling.controls import Water
from pages.shared.words import Words
from vae_core.explore.water_filling import optimum

LIMIT = 10
"""Dimensions that the page asks one to try."""


def conclusion(water: Water, text: Words) -> str:
    """How many dimensions are kept at this level, what they cost, and how much of the variance is still lost."""
    best, total = water.optimum, float(water.eigenvalues.sum())
    values = {"tau": f"{water.tau:.3g}", "first": f"{water.eigenvalues[0]:.3g}", "total": f"{total:.3g}"}
    if best.n_active == 0:
        return text.said("conclusion-drowned", **values)
    lost = 100 * best.expected_sse / total
    return text.said("conclusion", **values, n_active=best.n_active, rate=f"{best.rate:.3g}", lost=f"{lost:.0f}")


def answer(water: Water, text: Words) -> str:
    """The level at which the first bar comes out, and the one below which ten dimensions are too few."""
    first, following = float(water.eigenvalues[0]), water.eigenvalues[LIMIT:]
    if not len(following) or following[0] <= 1e-9 * first:
        return text.said("answer-few", first=f"{first:.3g}", limit=LIMIT)
    leaves = optimum(water.eigenvalues, float(following[0]), LIMIT)
    return text.said(
        "answer", first=f"{first:.3g}", limit=LIMIT, leaves=f"{leaves.tau:.3g}", rate=f"{leaves.rate:.3g}", n_active=leaves.n_active
    )


def kept_at(state: Mapping[str, Any]) -> dict[str, float]:
    """For a lecture: how many dimensions a linear model keeps at the water level of the link, and what they cost."""
    known = eigenvalues(str(state["dataset"]))
    best = optimum(known, float(state["tau"]))
    return {"value": best.n_active, "rate": best.rate, "first": float(known[0]), "error": best.expected_sse, "total": float(known.sum())}


def eigenvalues(dataset: str) -> np.ndarray:
    """λ of a data set's training images, (P,), largest first."""
    statistics = rates.statistics(dataset)
    if statistics is None:
        raise ValueError(f"dataset must be on this machine, got {dataset!r}")
    return np.array(statistics.eigenvalues)
