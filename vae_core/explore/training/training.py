"""How long a training will take: counted before it begins, measured where it is to go on; and whether it fits this machine's memory."""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

import torch

from vae_core.data import Dataset
from vae_core.models import build
from vae_core.specs import ModelSpec, TrainedSpec
from vae_core.training import cost
from vae_core.training.fit import fit

N_STEPS = 8
"""Training steps of the timed fraction of an epoch."""
PASSES = 3
"""Of every product in a step: forwards, and backwards for its input and for its weights."""
SIDE = 512
"""Of the matrices whose product is timed."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """What is known of a training before anything of it is made.

    Attributes:
        seconds_per_epoch: of the matrix products alone, on one thread of this machine: a training takes more, a small network much more.
        multiply_adds: of one image's way to z and back.
        per_second: how many of them this machine does, on one thread.
    """

    seconds_per_epoch: float
    multiply_adds: int
    per_second: float


@dataclass(frozen=True, slots=True)
class Pace:
    """What a timed fraction of an epoch says: seconds an epoch takes, and the number of training images that were timed."""

    seconds_per_epoch: float
    n_images: int


def expectation(spec: TrainedSpec) -> Expectation:
    """How long a training will take at least, from a count of its products: it costs nothing, however large the network would be."""
    n, per_second = cost.multiply_adds(spec), multiply_adds_per_second()
    return Expectation(PASSES * n * spec.identity.n_train / per_second, n, per_second)


@lru_cache(maxsize=1)
def multiply_adds_per_second() -> float:
    """What this machine does on one thread: the best of five products of matrices, some milliseconds each."""
    x, seconds = torch.rand((SIDE, SIDE), generator=torch.Generator().manual_seed(0)), []
    for _ in range(5):
        start = time.perf_counter()
        x @ x
        seconds.append(time.perf_counter() - start)
    return SIDE**3 / min(seconds)


def too_large(spec: ModelSpec) -> str | None:
    """`training.cost.too_large`: why this machine has too little memory for a training, in words; None where it has enough."""
    return cost.too_large(spec)


def pace(spec: TrainedSpec, images: Dataset, device: torch.device | None = None) -> Pace:
    """Train the first steps of an epoch twice, as a job does, and time the second time.

    Args:
        spec: what is to be trained.
        images: its data set.
        device: where; by default the CPU, on one thread.
    """
    n = min(len(images.train), N_STEPS * spec.batch_size)
    share = n / len(images.train)
    train, test = images.train.first(n), images.test.first(max(1, round(share * len(images.test))))
    fraction, n_threads = replace(images, train=train, test=test), torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with closing(fit(build(replace(spec, n_epochs=2)), fraction, device=device or torch.device("cpu"))) as events:
            *_, timed = islice(events, 2)
    finally:
        torch.set_num_threads(n_threads)
    return Pace(timed.seconds / share, n)
