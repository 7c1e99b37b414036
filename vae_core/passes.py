"""One pass over a split's images: every image once, in their order, from a fixed seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import torch
from torch import Tensor

from vae_core.models.base import LatentModel
from vae_core.models.inputs import batches

NOISE_SEED = 1
N_AT_ONCE = 2000
"""Images that are evaluated together, and draw their noise together."""


def labelled_batches(
    model: LatentModel, x: np.ndarray | Tensor, labels: np.ndarray | Tensor | None, size: int
) -> Iterator[tuple[LatentModel, Tensor]]:
    """Images in their order, as model input, so many at a time, each batch with the model that was given its labels."""
    for first, part in zip(range(0, len(x), size), batches(x, size, model.device), strict=True):
        yield model.given(None if labels is None else labels[first : first + size]), part


def per_image(
    model: LatentModel,
    x: np.ndarray,
    figure: Callable[[LatentModel, Tensor, torch.Generator], Tensor],
    labels: np.ndarray | None = None,
    at_once: int = N_AT_ONCE,
) -> np.ndarray:
    """One number an image, (N,) float64, or several, (N, ...).

    Args:
        model: any model.
        x: images, (N, *shape).
        figure: (model, x, generator) → (B, ...) of a batch (B, *shape) and the model that was given its labels.
        labels: of the images, (N,), for a family that needs them.
        at_once: images in a batch.
    """
    noise = torch.Generator(model.device).manual_seed(NOISE_SEED)
    parts = labelled_batches(model, x, labels, at_once)
    return np.concatenate([figure(given, part, noise).cpu().double().numpy() for given, part in parts])
