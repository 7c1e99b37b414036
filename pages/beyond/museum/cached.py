"""Caches of the museum: what the shipped models reach of published numbers, and forecasts of a ball at a fork."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pages.shared import cached
from vae_core.explore.beyond import forecasts, timeline
from vae_core.explore.beyond.forecasts import Forecast
from vae_core.explore.means import Mean
from vae_core.specs import ModelSpec


@cached.keep(most=2, of_models=True)
def numbers() -> dict[str, Mean]:
    """`explore.beyond.timeline.ours` of the models that are here."""
    return timeline.ours(metrics)


def metrics(spec: ModelSpec) -> Mapping[str, Any] | None:
    """The stored evaluation of a trained model; None where there is none."""
    known = cached.checkpoint(spec)
    return None if known is None else known.metrics


@cached.keep(most=64)
def forecast(p: float, n: int, seed: int) -> Forecast:
    """`explore.beyond.forecasts.forecast` of the networks that come along."""
    return forecasts.forecast(p, n, seed)
