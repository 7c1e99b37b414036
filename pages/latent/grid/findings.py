"""Which model leaves the fewest holes, in words, and what it draws in them: whether it is read, and how far it is from the images."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pages.latent.grid.cached import holes, manifold_grid
from pages.latent.grid.view import GridView
from pages.shared import cached
from pages.shared.controls import the
from pages.shared.words import Words
from vae_core.drawing.theme import mark
from vae_core.explore.latent.holes import in_words


@cached.recall(most=256)
def conclusion(view: GridView, text: Words) -> str:
    """The model of the fewest empty cells and that of the most, or the one that is alone, and what is read in them; or what is missing."""
    counted = {f: empty.n for f in view.specs if (empty := view.empty(f)) is not None}
    if not counted:
        return text.said("conclusion-no-images")
    least, most = min(counted, key=lambda f: counted[f]), max(counted, key=lambda f: counted[f])
    values = {"n_cells": view.plane.n**2, "least": counted[least], "most": counted[most]}
    if counted[least] == counted[most]:
        verb = "leaves" if len(counted) == 1 else "each leave"
        said = text.said("conclusion-alone", name=" and ".join(map(the, counted)), verb=verb, **values)
    else:
        said = text.said("conclusion", best=the(least), worst=the(most), **values)
    return f"{said} {in_words(view.holes())}".strip()


@cached.recall(most=256)
def answer(view: GridView, text: Words) -> str:
    """Of each model, the empty cells of a linear grid that reaches to 4σ, and the distance to the images of what it draws there."""
    if not view.has_data:
        return text.said("answer-no-images")
    lines = []
    for family, spec in view.specs.items():
        found = holes(spec, 11, "linear", 4.0, view.dims[family], False)
        outside, inside = found.empty.sse, found.inhabited.sse
        section = "answer-line" if outside is not None and inside is not None else "answer-line-full"
        of_model = {"name": mark(family).short, "empty": found.empty.n, "outside": f"{outside or 0:.1f}", "inside": f"{inside or 0:.1f}"}
        lines.append(text.said(section, **of_model))
    return "\n".join([text.said("answer"), "", *lines])


def fewest_empty_cells(state: Mapping[str, Any]) -> dict[str, float]:
    """For a lecture: which family leaves the fewest cells of the grid empty (0: VAE, 1: AE, 2: PCA), and how many each leaves."""
    specs = cached.specs(str(state["dataset"]), 2)
    plane = int(state["n_grid"]), "quantile", float(state["extent"]), (0, 1), False
    empty = {family: float(manifold_grid(specs[family], *plane).n_empty or 0) for family in ("vae", "autoencoder", "pca")}
    return {"value": list(empty.values()).index(min(empty.values())), **empty, "n_cells": float(state["n_grid"]) ** 2}
