"""Which model leaves the fewest holes, in words, and what it draws in them: whether it is read, and how far it is from the images."""

from __future__ import annotations

from pages.latent.grid.cached import holes
from pages.latent.grid.view import GridView
from pages.shared.words import Words
from vae_core.drawing.theme import mark
from vae_core.explore.latent.holes import in_words


def conclusion(view: GridView, text: Words) -> str:
    """The model of the fewest empty cells and that of the most, or the one that is alone, and what is read in them; or what is missing."""
    counted = {f: empty for f in view.specs if (empty := view.grid(f).n_empty) is not None}
    if not counted:
        return text.said("conclusion-no-images")
    least, most = min(counted, key=lambda f: counted[f]), max(counted, key=lambda f: counted[f])
    values = {"n_cells": view.plane.n**2, "least": counted[least], "most": counted[most]}
    if counted[least] == counted[most]:
        said = text.said("conclusion-alone", name=" and ".join(mark(f).short for f in counted), **values)
    else:
        said = text.said("conclusion", best=mark(least).short, worst=mark(most).short, **values)
    return f"{said} {in_words(view.holes())}".strip()


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
