"""What comes of widening the posteriors at the code at hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from pages.latent.smoothness.cached import average_at
from pages.shared import cached
from pages.shared.words import Words
from vae_core.specs import ModelSpec

WIDENED = (1.0, 8.0)


def share(weight: float) -> str:
    """A weight in percent, in three digits, in two of them where it is small."""
    return f"{100 * weight:.3g}" if weight >= 0.1 else f"{100 * weight:.2g}"


def answer(spec: ModelSpec, z: tuple[float, ...], output: np.ndarray, text: Words) -> str:
    """How many images share the code, and how far the network's picture is from their average, at σ as it is and at 8σ."""
    values: dict[str, object] = {}
    for name, widen in zip(("narrow", "wide"), WIDENED, strict=True):
        average = average_at(spec, z, widen)
        values |= {
            f"{name}_n": f"{average.n_effective:,.{1 if average.n_effective < 10 else 0}f}",
            f"{name}_weight": share(average.weights[0]),
        }
        values[f"{name}_away"] = f"{float(((output - average.mean) ** 2).sum()):.1f}"
    return text.said("answer", **values)


def images_that_share(state: Mapping[str, Any]) -> dict[str, float]:
    """For a lecture: how many training images share the code in the link, and the weight of the most likely one, in percent."""
    z = tuple(float(part) for part in str(state["z"]).split(","))
    average = average_at(cached.specs(str(state["dataset"]), 2)["vae"], z, float(state["widen"]))
    return {"value": average.n_effective, "weight": 100 * float(average.weights[0]), "n": average.n}
