"""How many pictures a classifier reads with confidence."""

from __future__ import annotations

import numpy as np

from vae_core.explore.means import Share
from vae_core.models.classifier import Classifier

CONFIDENT = 0.9
"""Probability of the likeliest label from which an image counts as read."""


def read_share(images: np.ndarray, classifier: Classifier) -> Share:
    """How many images, (N, C, H, W), are read with a probability of at least `CONFIDENT`.

    They are bytes, or floats of which what lies outside of [0, 1] is black or white.
    """
    shown = images if images.dtype == np.uint8 else images.clip(0, 1)
    return Share(int((classifier.read(shown).confidence >= CONFIDENT).sum()), len(images))
