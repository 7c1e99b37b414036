"""How a classifier is trained: Adam on the cross-entropy of images that are moved a little at each visit."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor, nn

from vae_core.adam import Adam
from vae_core.data.base import Dataset, Split
from vae_core.models.classifier import Classifier, moved
from vae_core.models.inputs import model_input
from vae_core.networks import initialise
from vae_core.statistics import standard_error_of_share
from vae_core.training.events import EpochDone
from vae_core.training.loop import divergence, half_a_cosine, stream


def fit_classifier(model: Classifier, images: Dataset, *, device: torch.device) -> Iterator[EpochDone]:
    """Minimise the mean of −log p(y|x) over the training images, one event per epoch. Closing the iterator cancels.

    Args:
        model: whose weights are drawn anew from the spec's seed; it is moved to the device.
        images: the spec's data set, with labels.
        device: where to train.

    Raises:
        TrainingDiverged: if an epoch's mean loss is not finite.
        ValueError: if an image has no label.
    """
    spec, n = model.spec, len(images.train)
    initialise(model, torch.zeros(model.shape), stream(spec.seed, "classifier"))
    model.to(device)
    optimiser = Adam(model.parameters(), lr=spec.learning_rate)
    order, noise = stream(spec.seed, "order"), stream(spec.seed, "moves", device)
    x, labels = torch.tensor(images.train.x).to(device), torch.tensor(labels_of(images.train)).to(device)
    for epoch in range(spec.n_epochs):
        start, losses = time.perf_counter(), []
        for first, index in enumerate(torch.randperm(n, generator=order).to(device).split(spec.batch_size)):
            done = (epoch + first * spec.batch_size / n) / spec.n_epochs
            optimiser.param_groups[0]["lr"] = spec.learning_rate * half_a_cosine(done)
            losses.append(_step(model, optimiser, moved(model_input(x[index], device), noise), labels[index]))
        loss = float(torch.stack(losses).mean())
        if not math.isfinite(loss):
            raise divergence(spec, epoch + 1, loss)
        accuracy = model.accuracy_on(images.test.x, labels_of(images.test))
        errors = {"error": standard_error_of_share(accuracy.share, accuracy.n_images)}
        yield EpochDone(epoch + 1, spec.n_epochs, time.perf_counter() - start, {"loss": loss}, {"error": 1 - accuracy.share}, errors)


def _step(model: Classifier, optimiser: torch.optim.Optimizer, x: Tensor, labels: Tensor) -> Tensor:
    """One step down the mean of −log p(y|x), (B,); the mean before it."""
    loss = nn.functional.cross_entropy(model(x), labels)
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return loss.detach()


def labels_of(split: Split) -> np.ndarray:
    """The labels of a split that has them, (N,)."""
    if split.labels is None:
        raise ValueError(f"split must have labels, got {split!r}")
    return split.labels
