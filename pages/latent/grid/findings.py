"""Which model leaves the fewest holes, in words, and how far from the images what it draws in them is."""

from __future__ import annotations

from pages.latent.grid.cached import far_from_images
from pages.latent.grid.view import GridView
from pages.shared.words import Words
from vae_core.drawing.theme import mark


def conclusion(view: GridView, text: Words) -> str:
    """The model of the fewest empty cells and that of the most, or the one that is alone; without images that they would be needed."""
    counted = {f: empty for f in view.specs if (empty := view.grid(f).n_empty) is not None}
    if not counted:
        return text.said("conclusion-no-images")
    least, most = min(counted, key=lambda f: counted[f]), max(counted, key=lambda f: counted[f])
    values = {"n_cells": view.plane.n**2, "least": counted[least], "most": counted[most]}
    if counted[least] == counted[most]:
        return text.said("conclusion-alone", name=" and ".join(mark(f).short for f in counted), **values)
    return text.said("conclusion", best=mark(least).short, worst=mark(most).short, **values)


def answer(view: GridView, text: Words) -> str:
    """Of each model, the empty cells of a linear grid that reaches to 4σ, and the distance to the images of what it draws there."""
    if not view.has_data:
        return text.said("answer-no-images")
    lines = []
    for family, spec in view.specs.items():
        empty, outside, inside = far_from_images(spec, view.dims[family])
        section = "answer-line" if outside is not None and inside is not None else "answer-line-full"
        of_model = {"name": mark(family).short, "empty": empty, "outside": f"{outside or 0:.1f}", "inside": f"{inside or 0:.1f}"}
        lines.append(text.said(section, **of_model))
    return "\n".join([text.said("answer"), "", *lines])
