"""Which path stays closer to what the model knows, in words, and where the pixels leave it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from pages.latent.paths.cached import path_scores
from pages.latent.paths.view import MOST, in_words, n_active
from pages.shared import cached
from pages.shared.words import Words
from vae_core.evaluation import ACTIVE_ABOVE
from vae_core.explore.codes import Codes
from vae_core.explore.latent.paths import least_along, least_at
from vae_core.explore.latent.paths_figure import PATHS
from vae_core.specs import ModelSpec


def conclusion(spec: ModelSpec, codes: Codes, scores: dict[str, np.ndarray], text: Words) -> str:
    """The least score along the straight path beside those of pixels and ends; of a traversal, how many dimensions change anything."""
    if not scores:
        most = codes.mean.var(0)[list(codes.by_activity[:MOST])]
        values = {"varies": n_active(spec, codes), "dims": codes.latent_dim, "shown": len(most)}
        return text.said("conclusion-traversal", **values, limit=ACTIVE_ABOVE, first=f"{most[0]:.2f}", last=f"{most[-1]:.2f}")
    straight, pixels = (least_along(scores[way]) for way in ("straight", "pixels"))
    apart = straight - pixels  # draw by draw
    section = "conclusion" if apart.mean() > 0 else "conclusion-pixels"
    values = {"straight": in_words(straight), "pixels": in_words(pixels)}
    said = text.said(section, unit=_unit(spec), apart=in_words(apart if apart.mean() > 0 else -apart), **values)
    return f"{said} {_ends(scores['pixels'], text)}"


def _ends(pixels: np.ndarray, text: Words) -> str:
    """What both test images score, and whether a blend of them scores less than each."""
    first, second, least = pixels[:, 0], pixels[:, -1], least_along(pixels).mean()
    section = "conclusion-ends" if least < min(first.mean(), second.mean()) else "conclusion-ends-no-worse"
    return text.said(section, first=in_words(first), second=in_words(second))


def answer(spec: ModelSpec, ends: tuple[int, int], n: int, text: Words) -> str:
    """Of each path the least score and where it lies."""
    t = np.linspace(0, 1, n)
    values: dict[str, object] = {}
    for way in PATHS:
        scores = path_scores(spec, ends, n, way)
        values |= {way: in_words(least_along(scores)), f"{way}_at": f"{t[least_at(scores)]:.2f}"}
    least = {way: float(least_along(path_scores(spec, ends, n, way)).mean()) for way in PATHS}
    return text.said(
        "answer", **values, unit=_unit(spec), best=max(least, key=lambda way: least[way]), worst=min(least, key=lambda way: least[way])
    )


def _unit(spec: ModelSpec) -> str:
    """What the scores are: bounds on log p(x), or errors with a minus."""
    return "bound on log p(x), in nats" if cached.offers(spec).has_density else "negative squared error (−SSE)"


def straight_beside_pixels(state: Mapping[str, Any]) -> dict[str, float | str]:
    """For a lecture: by how many nats the worst image of the straight path is more probable than the worst blend of pixels."""
    spec = cached.specs(str(state["dataset"]), int(state["latent_dim"]))["vae"]
    ends = int(state["first_image"]), int(state["second_image"])
    least = {way: least_along(path_scores(spec, ends, int(state["n_path"]), way)) for way in PATHS}
    told = {way: in_words(draws) for way, draws in least.items()}
    return {"value": float((least["straight"] - least["pixels"]).mean()), **told}
