"""Bright bars on black, upright or level: the data set that a test adds. Its identity is one line of `vae_core.identities`."""

from __future__ import annotations

import numpy as np

from vae_core.data.base import Provenance, Split
from vae_core.data.recipe import Recipe

SIDE = 8


def bars(n: int, seed: int) -> Split:
    """n images with one bar each; the label says whether it is level."""
    rng = np.random.default_rng(seed)
    x, labels, places = np.zeros((n, 1, SIDE, SIDE), np.uint8), rng.integers(0, 2, n), rng.integers(0, SIDE, n)
    for image, label, place in zip(x, labels, places, strict=True):
        (image[0] if label else image[0].T)[place] = rng.integers(128, 256)
    return Split(x, labels)


RECIPE = Recipe(
    "bars",
    Provenance(title="Bars", source="made here", licence="this project's own (MIT)", split="Two independent draws from fixed seeds."),
    lambda: (bars(400, seed=0), bars(100, seed=1)),
    n_classes=2,
    classes=("upright", "level"),
    usual_dims=(2, 3),
    likelihood="bernoulli",
    sizes={"mlp": {"hidden": (16,), "n_epochs": 3}},
)
