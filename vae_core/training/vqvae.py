"""How a VQ-VAE is trained: first encoder, decoder and codebook, then what is known of its codes."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator

import torch
from torch import Tensor

from vae_core.adam import Adam
from vae_core.data.base import Dataset
from vae_core.evaluation import binarised
from vae_core.models.inputs import batches, binary_input
from vae_core.models.vqvae import VQVAE, Codebook, quantised_terms
from vae_core.networks import initialise
from vae_core.statistics import standard_error
from vae_core.training.events import EpochDone
from vae_core.training.loop import divergence, half_a_cosine, stream

AT_ONCE = 1000
IDLE = 0.01
"""A symbol that is chosen less often per step than this share of the mean is put elsewhere."""
RESTARTS = 0.7
"""Share of the epochs in which this is done."""
N_VISITS = 8
"""Binarisations of every training image whose codes are counted."""


def fit_vqvae(model: VQVAE, images: Dataset, *, device: torch.device) -> Iterator[EpochDone]:
    """Minimise −log p(x|z) + commitment · ‖features − symbols‖² over the training images, one event per epoch.

    Args:
        model: whose weights are drawn anew from the spec's seed; it is moved to the device.
        images: the spec's data set.
        device: where to train.

    Raises:
        TrainingDiverged: if an epoch's mean loss is not finite.
    """
    spec, x = model.spec, torch.tensor(images.train.x).to(device)
    initialise(model, torch.zeros(model.shape), stream(spec.seed, "weights"))
    model.to(device)
    order, restarts, noise = stream(spec.seed, "order"), stream(spec.seed, "restarts"), stream(spec.seed, "binarisation", device)
    first = x[torch.randperm(len(x), generator=order)[: spec.batch_size].to(device)]
    features = model.features(binary_input(first, noise)).detach().flatten(0, 1)
    codebook = Codebook(features[torch.randperm(len(features), generator=restarts)[: spec.n_symbols].to(device)], spec.decay)
    model.codebook.copy_(codebook.vectors)
    optimiser = Adam([*model.encoder.parameters(), *model.decoder.parameters()], lr=spec.learning_rate)
    least = IDLE * spec.batch_size * spec.n_positions / spec.n_symbols
    for epoch in range(spec.n_epochs):
        start, losses = time.perf_counter(), []
        for step, index in enumerate(torch.randperm(len(x), generator=order).to(device).split(spec.batch_size)):
            set_rate(optimiser, spec.learning_rate, (epoch + step * spec.batch_size / len(x)) / spec.n_epochs)
            terms, features, codes = quantised_terms(model, binary_input(x[index], noise))
            losses.append(descend(optimiser, terms.distortion + spec.commitment * terms.distance))
            codebook.step(features.flatten(0, 1), codes.flatten())
            if step == 0 and epoch < RESTARTS * spec.n_epochs:
                codebook.restart(features.flatten(0, 1), least, restarts)
            model.codebook.copy_(codebook.vectors)
        loss = float(torch.cat(losses).mean())
        if not math.isfinite(loss):
            raise divergence(spec, epoch + 1, loss)
        seconds = time.perf_counter() - start
        test, errors = _distortion(model, images)
        yield EpochDone(epoch + 1, spec.n_epochs + spec.prior_epochs, seconds, {"loss": loss}, test, errors)


def fit_priors(model: VQVAE, images: Dataset, *, device: torch.device) -> Iterator[EpochDone]:
    """Count the codes of the training images, and minimise −log p(z) of the network over them, one event per epoch.

    Args:
        model: one that `fit_vqvae` has trained.
        images: the spec's data set.
        device: where to train.

    Raises:
        TrainingDiverged: if an epoch's mean loss is not finite.
    """
    spec, x, network = model.spec, torch.tensor(images.train.x).to(device), model.network
    weights = stream(spec.seed, "weights of the network over codes")
    initialise(network, torch.zeros(()), weights)
    with torch.no_grad():
        network.symbols.copy_(torch.randn(network.symbols.shape, generator=weights))
        network.places.zero_()
    order, noise = stream(spec.seed, "order of codes"), stream(spec.seed, "binarisation of codes", device)
    count(model, x, noise)
    optimiser = Adam(network.parameters(), lr=spec.learning_rate)
    for epoch in range(spec.prior_epochs):
        start, losses = time.perf_counter(), []
        for step, index in enumerate(torch.randperm(len(x), generator=order).to(device).split(spec.batch_size)):
            set_rate(optimiser, spec.learning_rate, (epoch + step * spec.batch_size / len(x)) / spec.prior_epochs)
            with torch.no_grad():
                codes = model.encode(binary_input(x[index], noise))
            losses.append(descend(optimiser, -network.log_prob_per_position(codes).sum(-1)))
        loss, done = float(torch.cat(losses).mean()), spec.n_epochs + epoch + 1
        if not math.isfinite(loss):
            raise divergence(spec, done, loss)
        seconds = time.perf_counter() - start
        test, errors = _rate(model, images)
        yield EpochDone(done, spec.n_epochs + spec.prior_epochs, seconds, {"rate": loss}, test, errors)


def set_rate(optimiser: Adam, start: float, done: float) -> None:
    """Half a cosine of the rate at the start, for the share of training that is done."""
    optimiser.param_groups[0]["lr"] = start * half_a_cosine(done)


def descend(optimiser: Adam, loss: Tensor) -> Tensor:
    """One step down the mean of a loss of each image, (B,); the losses before it."""
    optimiser.zero_grad()
    loss.mean().backward()
    optimiser.step()
    return loss.detach()


@torch.no_grad()
def count(model: VQVAE, x: Tensor, noise: torch.Generator) -> None:
    """How many of the training images, uint8 (N, C, H, W), hold each symbol at each position, and after each other."""
    k = model.spec.n_symbols
    model.counts.zero_()
    model.following.zero_()
    for _ in range(N_VISITS):
        for part in x.split(AT_ONCE):
            chosen = torch.nn.functional.one_hot(model.encode(binary_input(part, noise)), k).float()
            model.counts += chosen.sum(0) / N_VISITS
            model.following[1:] += torch.einsum("bpk,bpl->pkl", chosen[:, :-1], chosen[:, 1:]) / N_VISITS


@torch.no_grad()
def _distortion(model: VQVAE, images: Dataset) -> tuple[dict[str, float], dict[str, float]]:
    parts = batches(binarised(images.test.x), AT_ONCE, model.codebook.device)
    values = torch.cat([quantised_terms(model, part)[0].distortion for part in parts]).cpu().numpy()
    return {"distortion": float(values.mean())}, {"distortion": standard_error(values)}


@torch.no_grad()
def _rate(model: VQVAE, images: Dataset) -> tuple[dict[str, float], dict[str, float]]:
    parts = batches(binarised(images.test.x), AT_ONCE, model.codebook.device)
    values = torch.cat([-model.network.log_prob(model.encode(part)) for part in parts]).cpu().numpy()
    return {"rate": float(values.mean())}, {"rate": standard_error(values)}
