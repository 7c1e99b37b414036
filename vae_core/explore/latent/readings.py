"""Whether drawn images could be real: how many of them the data set's classifier reads, and how far each is from the training images."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vae_core.explore.latent.nearness import nearest
from vae_core.explore.means import Mean, mean_of


@dataclass(frozen=True, slots=True, eq=False)
class Nearest:
    """The training image nearest to each of N pictures.

    Attributes:
        index: which, (N,).
        sse: squared error to it, summed over pixels, (N,).
    """

    index: np.ndarray
    sse: np.ndarray

    @property
    def mean(self) -> Mean:
        """Mean squared error."""
        return mean_of(self.sse.astype(np.float64))

    def n_nearer_than(self, others: Nearest) -> int:
        """Pictures nearer to a training image than every one of the other pictures: what a copy would be."""
        return int((self.sse < others.sse.min()).sum())


def nearest_training(pictures: np.ndarray, train_x: np.ndarray) -> Nearest:
    """Among all training images, uint8 (M, C, H, W), the nearest to each picture, (N, C, H, W), as it is shown."""
    shown = pictures if pictures.dtype == np.uint8 else pictures.clip(0, 1)
    return Nearest(*nearest(shown, train_x))
