"""How a training stands, epoch by epoch: of a finished model, of a job, or of what was kept when it last stopped."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vae_core.jobs import jobs
from vae_core.jobs.process import Status
from vae_core.specs import ModelSpec
from vae_core.store import Store
from vae_core.store.checkpoints import HISTORY


@dataclass(frozen=True, slots=True)
class Progress:
    """How a training stands.

    Attributes:
        history: every epoch that is known, `EpochDone.to_json` each.
        job: how its process stands, if there was one.
        is_trained: whether the model is there.
        n_epochs: of how many.
    """

    history: list[dict[str, Any]]
    job: Status | None
    is_trained: bool
    n_epochs: int

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
        """By the median of the last ten epochs; before the second by what the process has measured; None where it has not."""
        measured = self.job.seconds_per_epoch if self.job is not None else None
        last = sorted(epoch["seconds"] for epoch in self.history[-10:])
        seconds = last[len(last) // 2] if len(last) > 1 else measured
        return None if seconds is None else (self.n_epochs - len(self.history)) * seconds


def progress(spec: ModelSpec, store: Store) -> Progress:
    """How the training of a spec stands: of the finished model, or of its job and of what was kept when it last stopped."""
    job = jobs.find(spec, store)
    status = job.status() if job is not None else None
    is_alive = status is not None and status.is_alive
    checkpoint = store.find(spec)
    if checkpoint is not None and not is_alive:
        return Progress(checkpoint.history, status, True, spec.n_epochs)
    kept = _kept(store.partial_folder(spec)) if checkpoint is None else []
    epochs = {epoch["epoch"]: epoch for epoch in [*kept, *(status.history if status is not None else [])]}
    return Progress([epochs[k] for k in sorted(epochs)], status, checkpoint is not None, spec.n_epochs)


def _kept(partial: Path) -> list[dict[str, Any]]:
    """The epochs of an unfinished training; none where there is none, or its file cannot be read."""
    try:
        return json.loads((partial / HISTORY).read_text())
    except (OSError, ValueError):
        return []
