"""How DRAW is trained: Adam on the negative bound of binarised images, each of which is warped a little at every visit."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator

import torch

from vae_core.adam import Adam
from vae_core.data.base import Dataset
from vae_core.evaluation import binarised
from vae_core.models.draw import Draw, initialise_draw
from vae_core.models.inputs import binary_input
from vae_core.passes import N_AT_ONCE, NOISE_SEED
from vae_core.statistics import standard_error
from vae_core.terms import ElboTerms
from vae_core.training.augmentation import warped
from vae_core.training.events import EpochDone
from vae_core.training.loop import divergence, half_a_cosine, mean_image, stream


def fit_draw(model: Draw, images: Dataset, *, device: torch.device) -> Iterator[EpochDone]:
    """Minimise the mean of −log p(x|c_T) + Σ_t KL_t over the training images, one event per epoch. Closing the iterator cancels.

    Args:
        model: whose weights are drawn anew from the spec's seed; it is moved to the device.
        images: the spec's data set.
        device: where to train.

    Raises:
        TrainingDiverged: if an epoch's mean loss is not finite.
    """
    spec, originals = model.spec, torch.tensor(images.train.x)
    initialise_draw(model, mean_image(originals), stream(spec.seed, "weights"))
    model.to(device)
    optimiser = Adam(model.parameters(), lr=spec.learning_rate)
    order = stream(spec.seed, "order")
    binarisation, noise = stream(spec.seed, "binarisation", device), stream(spec.seed, "noise", device)
    seen = torch.tensor(binarised(images.test.x)).to(device).float() / 255
    for epoch in range(spec.n_epochs):
        start, losses = time.perf_counter(), []
        x = warped(originals, stream(spec.seed, f"augmentation of epoch {epoch}")).to(device)
        for first, index in enumerate(torch.randperm(len(x), generator=order).to(device).split(spec.batch_size)):
            optimiser.param_groups[0]["lr"] = spec.learning_rate * half_a_cosine((epoch + first * spec.batch_size / len(x)) / spec.n_epochs)
            b = binary_input(x[index], binarisation)
            loss = model.draw(b, noise).terms(b).loss(1.0)
            optimiser.zero_grad()
            loss.mean().backward()
            optimiser.step()
            losses.append(loss.detach())
        mean = float(torch.cat(losses).mean())
        if not math.isfinite(mean):
            raise divergence(spec, epoch + 1, mean)
        columns = draw_terms(model, seen).columns()
        test = {name: float(column.mean()) for name, column in columns.items()}
        errors = {name: standard_error(column.cpu().numpy()) for name, column in columns.items()}
        yield EpochDone(epoch + 1, spec.n_epochs, time.perf_counter() - start, {"loss": mean}, test, errors)


@torch.no_grad()
def draw_terms(model: Draw, seen: torch.Tensor) -> ElboTerms:
    """Distortion and rate of each binary image, (N,) each, from a fixed noise seed."""
    noise = torch.Generator(seen.device).manual_seed(NOISE_SEED)
    parts = [model.draw(part, noise).terms(part) for part in seen.split(N_AT_ONCE)]
    return ElboTerms(*(torch.cat([getattr(part, name) for part in parts]) for name in ("distortion", "rate")))
