"""Mean log p(x) over a split by the best method that a model allows, with its errors. Nats."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
import torch

from vae_core.bounds import PARTS, Box, log_px_by_quadrature, wider_bound
from vae_core.models.base import LatentModel
from vae_core.passes import per_image
from vae_core.statistics import difference_estimate, half_width, standard_error

QUADRATURE_TOLERANCE = 0.01
QUADRATURE_BUDGET = 3e9
"""Largest number of (image, grid point) pairs that a refinement of the quadrature may cost: of 10,000 images at 40 points a unit."""
DECODING_COST = {"conv": 10_000}
"""What decoding one grid point costs, in such pairs; 2,500 for other networks."""
MOST_WIDENED = 400
"""Images at most, evenly spaced among all, on which a wider proposal is tried."""
LOOSE_ABOVE = 1.0
"""A bound that ten times as many samples raised by more nats than this is still far from log p(x)."""

LogPxMethod = Literal["exact", "quadrature", "importance-weighted bound", "bound from a wider proposal"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogPx:
    """Mean log p(x) over a split; a lower bound if the method is one.

    Attributes:
        value: the mean.
        standard_error: of the mean, over images.
        method: how it was obtained.
        error: for quadrature, how far halving the spacing and widening the box moved the mean.
        n_samples: k of a bound.
        n_images: on which the proposal of a bound was tried; of the others what it gained there is taken to be the same.
        rise: by how much the wider proposal's bound rose, on those images, when its samples became ten times as many.
    """

    value: float
    standard_error: float
    method: LogPxMethod
    error: float | None = None
    n_samples: int | None = None
    n_images: int | None = None
    rise: float | None = None

    def figures(self) -> dict[str, Any]:
        """All of it by the names that it has in an evaluation."""
        others = {f"log_px_{name}": value for name, value in asdict(self).items() if name != "value"}
        return {"log_px": self.value, **others}


def is_bound(metrics: Mapping[str, Any]) -> bool:
    """Whether a stored evaluation's log p(x) is a lower bound."""
    return "bound" in (metrics["log_px_method"] or "")


def is_loose(metrics: Mapping[str, Any]) -> bool:
    """Whether a stored evaluation's bound on log p(x) is known to lie far below it."""
    return is_bound(metrics) and (metrics["log_px_rise"] or 0.0) > LOOSE_ABOVE


@torch.no_grad()
def log_px(model: LatentModel, seen: np.ndarray, labels: np.ndarray | None = None, *, bound: np.ndarray, n_samples: int) -> LogPx:
    """Exact where the family is, by quadrature up to two latent dimensions, else the better of two bounds.

    Args:
        model: a model with a density that is not exact.
        seen: images as observed, (N, *shape).
        labels: of the images, (N,), for a family that needs them.
        bound: the importance-weighted bound of each image, (N,).
        n_samples: k of that bound.
    """
    if model.spec.latent_dim <= 2:
        values, error = quadrature(model, seen, labels)
        if error < QUADRATURE_TOLERANCE:
            return LogPx(value=float(values.mean()), standard_error=standard_error(values), method="quadrature", error=error)
    return better_bound(model, seen, labels, bound=bound, n_samples=n_samples)


@torch.no_grad()
def exact_log_px(model: LatentModel, seen: np.ndarray, labels: np.ndarray | None = None) -> LogPx:
    """In closed form."""
    values = per_image(model, seen, lambda model, part, _: model.log_px(part), labels)
    return LogPx(value=float(values.mean()), standard_error=standard_error(values), method="exact")


@torch.no_grad()
def better_bound(model: LatentModel, seen: np.ndarray, labels: np.ndarray | None, *, bound: np.ndarray, n_samples: int) -> LogPx:
    """The bound that was given, or the one of a wider proposal with `PARTS` times the samples, where that gains more than its noise.

    The wider one is of some images, evenly spaced; the mean over all is its difference estimate.
    """
    chosen, k = np.arange(0, len(seen), math.ceil(len(seen) / MOST_WIDENED)), PARTS * n_samples
    wider, rise = per_image(
        model,
        seen[chosen],
        lambda model, part, noise: wider_bound(model, part, k, noise),
        None if labels is None else labels[chosen],
        at_once=MOST_WIDENED,
    ).T
    gain = wider - bound[chosen]
    is_better = bool(gain.mean() > half_width(gain))
    value, error = difference_estimate(bound, wider, chosen) if is_better else (float(bound.mean()), standard_error(bound))
    return LogPx(
        value=value,
        standard_error=error,
        method="bound from a wider proposal" if is_better else "importance-weighted bound",
        n_samples=k if is_better else n_samples,
        n_images=len(chosen),
        rise=float(rise.mean()),
    )


def quadrature(model: LatentModel, seen: np.ndarray, labels: np.ndarray | None = None) -> tuple[np.ndarray, float]:
    """log p(x) of each image by the trapezoid rule, (N,), and how far halving the spacing and widening the box moved their mean.

    While that is not below the tolerance, the grid is refined for the images that the last refinement moved by more than it: those whose
    posterior is too narrow for the spacing. It ends where the next grid would cost more than the budget.
    """

    def over(box: Box, chosen: np.ndarray) -> np.ndarray:
        own = None if labels is None else labels[chosen]
        return per_image(model, seen[chosen], lambda model, part, _: log_px_by_quadrature(model, part, box), own)

    box, chosen, moves = Box(half_width=6, points_per_unit=10), np.arange(len(seen)), np.zeros(len(seen))
    values = over(box, chosen)
    by_widening = abs(over(Box(half_width=8, points_per_unit=10), chosen).mean() - values.mean())
    while True:
        box = Box(box.half_width, 2 * box.points_per_unit)
        finer = over(box, chosen)
        moves[chosen], values[chosen] = finer - values[chosen], finer
        error, chosen = float(max(abs(moves.mean()), by_widening)), np.flatnonzero(abs(moves) > QUADRATURE_TOLERANCE)
        is_affordable = _cost(Box(box.half_width, 2 * box.points_per_unit), model, len(chosen)) <= QUADRATURE_BUDGET
        if error < QUADRATURE_TOLERANCE or len(chosen) == 0 or not is_affordable:
            return values, error


def _cost(box: Box, model: LatentModel, n_images: int) -> float:
    decoding = DECODING_COST.get(model.spec.network, 2_500)
    return float(box.n_points_per_axis) ** model.spec.latent_dim * (n_images + decoding)
