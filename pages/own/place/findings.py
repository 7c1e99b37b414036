"""What a picture's neighbours say, and how sure the verdict is, in words."""

from __future__ import annotations

import numpy as np

from pages.own.place.view import Placement
from pages.shared import cached
from pages.shared.words import Words
from vae_core.explore.own.own_images import percentile


def conclusion(placement: Placement, text: Words) -> str:
    """The verdict."""
    return text.said("conclusion", verdict=placement.rule.verdict(placement.evidence)[1])


def answer(placement: Placement, text: Words) -> str:
    """How many of the nearest images in pixels are among those in codes, and of which classes both are."""
    by_pixels, by_codes = (placement.nearest[how][0] for how in ("pixels", "codes"))
    labels = cached.labels(placement.spec.dataset, "train")
    classes = "" if labels is None else text.said("classes", pixels=_classes(labels[by_pixels]), codes=_classes(labels[by_codes]))
    share = percentile(placement.test_scores, placement.score.value)
    distance = f"{float(np.linalg.norm(placement.z)):.2f}"
    shared = len(set(by_pixels.tolist()) & set(by_codes.tolist()))
    values = {"n": len(by_pixels), "shared": shared, "share": f"{share:.1f}", "name": placement.name, "norm": distance}
    said = text.said("answer", **values, score=placement.score)
    return f"{said} {classes}".strip()


def _classes(labels: np.ndarray) -> str:
    names, counts = np.unique(labels, return_counts=True)
    return ", ".join(f"{name} ({count} times)" for name, count in zip(names, counts, strict=True))
