"""What training yields, and how it fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any

from torch import Tensor


@dataclass(frozen=True, slots=True)
class EpochDone:
    """What training yields after each epoch.

    Attributes:
        epoch: how many epochs are done, from 1.
        n_epochs: of how many.
        seconds: this epoch took.
        train: means over the training images as they were visited: `loss`, and `distortion` and `rate` in nats or `sse`.
        test: the same over every test image, after the epoch, from a fixed noise seed. Shown, never used to choose anything.
        standard_errors: of the means over the test images, that of the ELBO among them where there is one.
        snapshot: what resuming needs, weights included; valid until the iterator goes on. None for a model fitted in one step.
    """

    epoch: int
    n_epochs: int
    seconds: float
    train: dict[str, float]
    test: dict[str, float]
    standard_errors: dict[str, float]
    snapshot: Callable[[], dict[str, Tensor]] | None = field(default=None, compare=False, repr=False)

    def to_json(self) -> dict[str, Any]:
        """The numbers, without the snapshot."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name != "snapshot"}


class TrainingDiverged(RuntimeError):
    """Training met a loss that is not finite. The last good epoch is what the caller last kept."""


class MemoryRanOut(RuntimeError):
    """A training needs more memory than there is, on every device that was tried."""
