"""How long a training will take, and how it went, epoch by epoch."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import torch

from vae_core.data import Images, Split
from vae_core.jobs import jobs
from vae_core.models import build
from vae_core.specs import ModelSpec, TrainedSpec
from vae_core.store import Store
from vae_core.store.checkpoints import HISTORY
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
    train, test = Split(images.train.x[:n], None), Split(images.test.x[: max(1, round(share * len(images.test)))], None)
    fraction, n_threads = replace(images, train=train, test=test), torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with closing(fit(build(replace(spec, n_epochs=2)), fraction, device=torch.device("cpu"))) as events:
            *_, timed = islice(events, 2)
    finally:
        torch.set_num_threads(n_threads)
    return Pace(timed.seconds / share, n)


@dataclass(frozen=True, slots=True)
class Progress:
    """How a training stands: every epoch that is known, `EpochDone.to_json` each, its job if there was one, and whether it is trained."""

    history: list[dict[str, Any]]
    job: jobs.JobStatus | None
    is_trained: bool

    @property
    def is_alive(self) -> bool:
        """Whether it trains, or waits for its turn."""
        return self.job is not None and self.job.is_alive

    @property
    def is_resumable(self) -> bool:
        """Whether there is an epoch to go on from."""
        return not self.is_trained and not self.is_alive and bool(self.history)

    @property
    def seconds_left(self) -> float | None:
        """By the median of the last ten epochs; None before the second."""
        last = sorted(epoch["seconds"] for epoch in self.history[-10:])
        event = self.history[-1] if len(self.history) > 1 else None
        return None if event is None else (event["n_epochs"] - event["epoch"]) * last[len(last) // 2]


def progress(spec: ModelSpec, store: Store) -> Progress:
    """How the training of a spec stands: of the finished model, or of its job and of what was kept when it last stopped."""
    job = jobs.find(spec, store)
    status = job.status() if job is not None else None
    is_alive = status is not None and status.is_alive
    checkpoint = store.find(spec)
    if checkpoint is not None and not is_alive:
        return Progress(checkpoint.history, status, True)
    kept = _kept(store.partial_folder(spec)) if checkpoint is None else []
    epochs = {epoch["epoch"]: epoch for epoch in [*kept, *(status.history if status is not None else [])]}
    return Progress([epochs[k] for k in sorted(epochs)], status, checkpoint is not None)


def _kept(partial: Path) -> list[dict[str, Any]]:
    """The epochs of an unfinished training; none where there is none, or its file cannot be read."""
    try:
        return json.loads((partial / HISTORY).read_text())
    except (OSError, ValueError):
        return []
