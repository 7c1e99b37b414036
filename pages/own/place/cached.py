"""What a person's own picture is compared with: of the test images only, which is kept. Its own code is computed anew."""

from __future__ import annotations

import numpy as np

from pages.shared import cached
from vae_core.explore.codes import Codes, codes
from vae_core.explore.own import own_images as explore
from vae_core.specs import ModelSpec


def code(spec: ModelSpec, x: np.ndarray) -> Codes:
    """`explore.codes.codes` of one picture, (C, H, W); not kept."""
    return codes(cached.model(spec), x[None])


@cached.of_model(most=32, spinner="Scoring every test image …")
def test_scores(spec: ModelSpec) -> np.ndarray:
    """`explore.own.own_images.scores` of every test image, (N,)."""
    return cached.fixed(explore.scores(cached.model(spec), cached.dataset(spec.dataset).test.x))
