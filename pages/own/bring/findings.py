"""Which model keeps most of the picture, in words, and what few numbers make of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pages.shared import cached
from pages.shared.controls import Choice, the
from pages.shared.words import Words
from vae_core.drawing.theme import mark
from vae_core.explore.means import Mean, mean_of_metrics
from vae_core.explore.own.own_images_figure import Through

ROUNDING = 1e-9
"""Squared error below which a picture came back whole."""


def short(sse: float) -> str:
    """A squared error to one decimal, or two digits where it is small; what is only rounding is 0."""
    return f"{sse:.1f}" if sse >= 1 else f"{sse:.2g}" if sse >= ROUNDING else "0"


def conclusion(choice: Choice, x: np.ndarray, through: Sequence[Through], text: Words) -> str:
    """The model that keeps most of the picture, and how hard the picture is for the model in focus, beside test images; of an input that
    is black, that nothing of the picture came into it.
    """
    if not x.any():
        return text.said("conclusion-black")
    best = min(through, key=lambda one: one.sse)
    values = {"best": the(best.family, opens=True), "dims": best.latent_dim, "sse": short(best.sse)}
    own = next((one for one in through if (one.family, one.latent_dim) == (choice.family, choice.latent_dim)), None)
    usual = cached.metrics(choice.dataset, choice.latent_dim).get(choice.family)
    if own is None or usual is None:
        return text.said("conclusion-alone", **values)
    section = "conclusion" if own is not best else "conclusion-own" if len(through) > 1 else "conclusion-own-alone"
    of_own = {"name": the(own.family, opens=True), "own_dims": own.latent_dim, "own": short(own.sse)}
    return text.said(section, **values, **of_own, times=Mean(own.sse, None, 1).over(mean_of_metrics(usual), None))


def answer(through: Sequence[Through], text: Words) -> str:
    """The error of each family at the smallest d and at the largest."""
    small, large = (f(one.latent_dim for one in through) for f in (min, max))
    errors = {d: {one.family: one.sse for one in through if one.latent_dim == d} for d in (small, large)}
    listed = {d: ", ".join(f"{mark(family).short} {short(sse)}" for family, sse in of_dim.items()) for d, of_dim in errors.items()}
    least = min(errors[small], key=lambda family: errors[small][family])
    return text.said("answer", small=small, large=large, at_small=listed[small], at_large=listed[large], least=the(least))
