"""From images to a fitted model, whatever its family: solved in one step, or by gradient descent."""

from __future__ import annotations

import time
from collections.abc import Generator

import torch
from torch import Tensor

from vae_core.data.base import Dataset
from vae_core.evaluation import mean_terms, means_and_errors
from vae_core.models.base import LatentModel
from vae_core.training.devices import Precision
from vae_core.training.events import EpochDone
from vae_core.training.loop import gradient_descent


def fit(
    model: LatentModel,
    images: Dataset,
    *,
    device: torch.device,
    resume_from: dict[str, Tensor] | None = None,
    precision: Precision = "float32",
) -> Generator[EpochDone, None, None]:
    """Fit a model to the training images, one event an epoch; one event in all where the family is solved. Closing the iterator cancels.

    Args:
        model: whose weights are set; those of one that is trained by descent are drawn anew from the spec's seed.
        images: the spec's data set.
        device: where to train by descent; the model is moved there. A closed form is solved and scored on the CPU, in float64 if need be.
        resume_from: an earlier event's `snapshot()`; training goes on after that epoch as if never interrupted.
        precision: of the matrix products of gradient descent; a closed form is always solved in full.

    Raises:
        TrainingDiverged: if a loss is not finite.
        ValueError: if the images do not determine the model.
    """
    start = time.perf_counter()
    model.cpu().solve(images.train.x)
    if not model.spec.is_closed_form:
        yield from gradient_descent(model, images, device=device, resume_from=resume_from, precision=precision)
        return
    train = mean_terms(model, images.train.x, images.train.labels)
    test, errors = means_and_errors(model, images.test.x, images.test.labels)
    yield EpochDone(1, 1, time.perf_counter() - start, train, test, errors)
