"""How long a training will take."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice

import torch

from vae_core.data import Images
from vae_core.models import build
from vae_core.specs import TrainedSpec
from vae_core.training.fit import fit

N_STEPS = 8
"""Training steps of the timed fraction of an epoch."""


@dataclass(frozen=True, slots=True)
class Pace:
    """What a timed fraction of an epoch says: seconds an epoch takes, and the number of training images that were timed."""

    seconds_per_epoch: float
    n_images: int


def pace(spec: TrainedSpec, images: Images) -> Pace:
    """Train the first steps of an epoch twice on one thread, as a job does, and time the second time.

    Args:
        spec: what is to be trained.
        images: its data set.
    """
    n = min(len(images.train), N_STEPS * spec.batch_size)
    share = n / len(images.train)
    train, test = images.train.first(n), images.test.first(max(1, round(share * len(images.test))))
    fraction, n_threads = replace(images, train=train, test=test), torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with closing(fit(build(replace(spec, n_epochs=2)), fraction, device=torch.device("cpu"))) as events:
            *_, timed = islice(events, 2)
    finally:
        torch.set_num_threads(n_threads)
    return Pace(timed.seconds / share, n)
