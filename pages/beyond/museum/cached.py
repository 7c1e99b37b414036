"""Caches of the museum: what the shipped models reach of published numbers, forecasts of a ball at a fork, shapes as functions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pages.shared import cached
from vae_core.explore.beyond import forecasts, occupancy, timeline
from vae_core.explore.beyond.forecasts import Forecast
from vae_core.explore.beyond.occupancy import Shape
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


@cached.keep(most=128)
def shape(r: float, n: float) -> Shape:
    """`explore.beyond.occupancy.shape` of the network that comes along."""
    return occupancy.shape(r, n)


@cached.keep(most=1)
def on_new_shapes() -> tuple[Mean, Mean]:
    """`explore.beyond.occupancy.means_on_new_shapes`."""
    return occupancy.means_on_new_shapes()
