"""What the page on strong decoders keeps: the best models of the digits."""

from __future__ import annotations

import numpy as np

from pages.shared.cached import dataset, keep, written_at
from vae_core.explore.rates import strong_decoder
from vae_core.explore.rates.strong_decoder import DATASET, SHIPPED, StrongDecoder


@keep(most=1, of=lambda: written_at(SHIPPED))
def best_models() -> tuple[dict[tuple[float, int], StrongDecoder], dict[int, np.ndarray]]:
    """`explore.rates.strong_decoder.models` of the training images."""
    return strong_decoder.models(rows("train"))


def rows(split: str) -> np.ndarray:
    """Images of a split as rows of pixels in [0, 1], (N, P)."""
    x = dataset(DATASET).split(split).x
    return x.reshape(len(x), -1) / 255
