"""Trained models by spec: on disk, found, trained once, resumed, and as single files."""

from vae_core.store.store import (
    CHECKPOINTS,
    LOCAL,
    REFUSALS,
    SHIPPED,
    GridEvent,
    Remark,
    Store,
    TrainingEvent,
    Waiting,
    describe,
)

__all__ = ["CHECKPOINTS", "LOCAL", "REFUSALS", "SHIPPED", "GridEvent", "Remark", "Store", "TrainingEvent", "Waiting", "describe"]
