"""A training on its way into the store: its epochs so far, and on disk what resuming needs."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from torch import Tensor

from vae_core.specs import ModelSpec
from vae_core.store import checkpoints
from vae_core.training.events import EpochDone
from vae_core.training.loop import is_of_other_streams

SECONDS_BETWEEN_WRITES = 1.0
"""An unfinished training is written to disk no more often than this: what a kill can lose, whatever the length of an epoch."""


class Unfinished:
    """What an earlier training left, and what this one adds. Leaving its `with` block writes what is not on disk yet.

    Args:
        spec: what is trained.
        folder: where it is kept.

    Attributes:
        snapshot: of the last epoch, to resume from; None before the first.
        history: one event an epoch, as JSON.
        flaw: what makes useless what was left, as the end of a sentence; None if all is well, or nothing was left.
    """

    def __init__(self, spec: ModelSpec, folder: Path) -> None:
        self.spec, self.folder = spec, folder
        self.snapshot, self.history = checkpoints.read_partial(folder)
        self.flaw = _flaw(self.snapshot) if folder.is_dir() else None
        if self.flaw is not None:
            self.snapshot, self.history = None, []
        self._is_written, self._written_at = True, time.monotonic()

    @property
    def epoch(self) -> int:
        """How many epochs are done."""
        return len(self.history)

    def note(self, event: EpochDone) -> None:
        """Take in an epoch, before the training goes on."""
        self.history.append(event.to_json())
        if event.snapshot is not None:
            self.snapshot, self._is_written = event.snapshot(), False
            if time.monotonic() - self._written_at > SECONDS_BETWEEN_WRITES:
                self._write()

    def discard(self) -> None:
        """Forget it, once the model itself is kept."""
        self._is_written = True
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Unfinished:
        if self.flaw is not None:
            shutil.rmtree(self.folder, ignore_errors=True)
        return self

    def __exit__(self, *_: object) -> None:
        if not self._is_written:
            self._write()

    def _write(self) -> None:
        checkpoints.write_partial(self.folder, self.spec, self.snapshot or {}, self.history)
        self._is_written, self._written_at = True, time.monotonic()


def _flaw(snapshot: dict[str, Tensor] | None) -> str | None:
    if snapshot is None:
        return "cannot be read"
    return "is of a version that drew its random numbers in another way" if is_of_other_streams(snapshot) else None
