"""Whether classes keep together among the codes, in words, and what the dearest images are like."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from pages.latent.codes.cached import beside_own_class, per_image
from pages.shared import cached
from pages.shared.words import Words
from vae_core.explore.codes import Codes, Projection
from vae_core.explore.means import Share, mean_of
from vae_core.specs import ModelSpec

SHARE, FEWEST = 0.01, 10
"""Of the images, and at least so many: the dearest."""


def conclusion(spec: ModelSpec, projection: Projection, text: Words) -> str:
    """How often the nearest code is of the same class, beside chance; without classes, what the plane holds of the codes."""
    held = f"{100 * projection.explained:.0f}"
    together = beside_own_class(spec)
    if together is None:
        return text.said("conclusion-no-classes", held=held)
    if together[1] == 1:
        return text.said("conclusion-one-class", held=held)
    return text.said("conclusion", share=together[0], n=f"{together[0].n:,}", chance=f"{100 * together[1]:.0f}", held=held)


def answer(spec: ModelSpec, codes: Codes, text: Words) -> str:
    """The dearest images by rate, or by error where there is none: their squared error and their codes' norm beside those of the others."""
    values = per_image(spec)
    by = "rate" if "rate" in values else "SSE"
    order = np.argsort(-values[by])
    n = min(max(FEWEST, round(SHARE * len(order))), len(order) - 1)
    dearest, others = order[:n], order[n:]
    norms = np.linalg.norm(codes.mean, axis=1)
    numbers = {"first": f"{int(order[0])}", "n": n, "by": by, "most": f"{values[by][order[0]]:.1f}", "mean": mean_of(values[by])}
    numbers |= {f"norm_{name}": mean_of(norms[which]) for name, which in (("dearest", dearest), ("others", others))}
    numbers |= {f"sse_{name}": mean_of(values["SSE"][which]) for name, which in (("dearest", dearest), ("others", others))}
    labels = cached.labels(spec.dataset)
    numbers["what"] = f" ({labels[order[0]]})" if labels is not None else ""
    return text.said("answer" if by == "rate" else "answer-no-rate", **numbers)


def share_beside_own_class(state: Mapping[str, Any]) -> dict[str, float | Share]:
    """For a lecture: how often the nearest code is of the same class, beside chance, in percent."""
    share, chance = beside_own_class(cached.specs(str(state["dataset"]), 2)[str(state["family"])]) or (Share(0, 1), 0.0)
    return {"value": share.in_percent[0], "share": share, "n": share.n, "chance": 100 * chance}
