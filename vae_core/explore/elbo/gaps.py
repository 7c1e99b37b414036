"""What the ELBO lacks to log p(x) on many test images, in its parts. Nats per image."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np

from vae_core.data import Dataset
from vae_core.data.base import spread_over
from vae_core.explore.elbo.ascent import Split
from vae_core.explore.elbo.posterior_maps import PosteriorMap, posterior_maps
from vae_core.explore.means import Mean, mean_of
from vae_core.models import LatentModel

N_IMAGES = 200
"""Test images that are measured, evenly spread; all of them where there are fewer."""


@dataclass(frozen=True, slots=True, eq=False)
class Gaps:
    """`Split` of many test images, (N,) each, and the numbers of the images in their set."""

    images: np.ndarray
    log_px: np.ndarray
    amortization: np.ndarray
    diagonal: np.ndarray
    gaussian: np.ndarray
    draw: np.ndarray
    move: np.ndarray

    @property
    def approximation(self) -> np.ndarray:
        """What the best diagonal q lacks to log p(x), (N,)."""
        return self.diagonal + self.gaussian

    @property
    def gap(self) -> np.ndarray:
        """log p(x) − ELBO, (N,)."""
        return self.amortization + self.approximation

    @property
    def order(self) -> np.ndarray:
        """Places in `images`, from the largest gap to the smallest, (N,)."""
        return np.argsort(-self.gap, kind="stable")

    def mean(self, name: str) -> Mean:
        """Of one of the attributes over the images, with its interval."""
        return mean_of(getattr(self, name))


def chosen_images(images: Dataset, n: int = N_IMAGES) -> tuple[int, ...]:
    """Numbers of the test images that are measured."""
    return spread_over(len(images.test), n)


def gaps(model: LatentModel, images: Dataset, numbers: Sequence[int]) -> Gaps:
    """The gap of these test images in its parts."""
    return of_maps(posterior_maps(model, images, numbers))


def of_maps(maps: Mapping[int, PosteriorMap]) -> Gaps:
    """The gaps of the images of these maps."""
    columns = {field.name: np.array([getattr(one.split, field.name) for one in maps.values()]) for field in fields(Split)}
    return Gaps(images=np.array(list(maps)), **columns)
