"""Spec to trained model. Models are found by fingerprint, trained once, and resumed where they stopped."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from filelock import FileLock, Timeout

from vae_core import checkpoints, datasets
from vae_core.checkpoints import Checkpoint, DamagedCheckpoint
from vae_core.evaluation import evaluate
from vae_core.models import LatentModel, build
from vae_core.specs import ModelSpec
from vae_core.training.events import EpochDone, TrainingDiverged

CHECKPOINTS = Path(__file__).resolve().parent.parent / "checkpoints"
SECONDS_BETWEEN_WRITES = 1.0
"""An unfinished training is written to disk no more often than this: what a kill can lose, whatever the length of an epoch."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Another process trains the same model; this one has waited so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence on something that happened on the way, such as a damaged checkpoint that was set aside."""

    sentence: str


TrainingEvent = EpochDone | Waiting | Said


def describe(spec: ModelSpec) -> str:
    """Family, data set and latent dimension, as a person says them."""
    return f"{spec.family} of {spec.dataset} at latent_dim {spec.latent_dim}"


class Store:
    """Trained models by spec, in two folders searched together; a shipped model wins over a local one.

    Args:
        local: what this machine trained; by default the folder named by VAE_EXPLORER_CHECKPOINTS, else `checkpoints/local`.
        shipped: what came with the program; by default `checkpoints/shipped`.
    """

    def __init__(self, local: Path | None = None, shipped: Path | None = None) -> None:
        self.local = local or Path(os.environ.get("VAE_EXPLORER_CHECKPOINTS") or CHECKPOINTS / "local")
        self.shipped = shipped or CHECKPOINTS / "shipped"

    def find(self, spec: ModelSpec) -> Checkpoint | None:
        """The spec's checkpoint, or None; its weights are not read.

        Raises:
            DamagedCheckpoint: if it is there but cannot be read.
        """
        for root in (self.shipped, self.local):
            if checkpoints.exists(root / spec.fingerprint):
                return checkpoints.read(root / spec.fingerprint, is_shipped=root == self.shipped)
        return None

    def __contains__(self, spec: ModelSpec) -> bool:
        return any(checkpoints.exists(root / spec.fingerprint) for root in (self.shipped, self.local))

    def checkpoints(self) -> list[Checkpoint]:
        """Everything that is cached and readable, by data set, family and latent dimension."""
        found: dict[str, Checkpoint] = {}
        for root in (self.shipped, self.local):
            for folder in sorted(path for path in root.glob("*") if checkpoints.exists(path) and not path.suffix):
                try:
                    found.setdefault(folder.name, checkpoints.read(folder, is_shipped=root == self.shipped))
                except DamagedCheckpoint:
                    continue  # said when the model is asked for
        return sorted(found.values(), key=lambda c: (c.spec.dataset, c.spec.family, c.spec.latent_dim, c.spec.fingerprint))

    def load(self, spec: ModelSpec) -> LatentModel:
        """The trained model, on the CPU, in evaluation mode, without gradients.

        Raises:
            KeyError: if the store has no such model.
            DamagedCheckpoint: if its files are not what was saved.
        """
        checkpoint = self.find(spec)
        if checkpoint is None:
            raise KeyError(f"store must hold {describe(spec)}, got no checkpoint {spec.fingerprint}: train it first")
        return checkpoints.read_model(checkpoint)

    def partial_folder(self, spec: ModelSpec) -> Path:
        """Where an unfinished training of this model keeps its last epoch."""
        return self.local / f"{spec.fingerprint}.partial"

    def train(self, spec: ModelSpec, *, device: torch.device, ship: bool = False) -> Iterator[TrainingEvent]:
        """Train a model unless it is there, and keep it. One process trains; others wait, and find it.

        A training that was cancelled (close the iterator) goes on where it stopped, one that was killed at most a second earlier.

        Args:
            spec: what to train.
            device: where.
            ship: put it among the shipped models, as float16, evaluated after rounding.

        Raises:
            TrainingDiverged: if a loss is not finite; the message names the folder of the last good epoch.
            DatasetUnavailable: if the data set is found nowhere.
        """
        self.local.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.local / f"{spec.fingerprint}.lock")
        yield from _acquire(lock)
        try:
            yield from self._set_damaged_aside(spec)
            is_there = checkpoints.exists(self.shipped / spec.fingerprint) if ship else spec in self
            if not is_there:
                yield from self._fit_and_keep(spec, device, ship=ship)
        finally:
            lock.release()

    def _fit_and_keep(self, spec: ModelSpec, device: torch.device, *, ship: bool) -> Iterator[TrainingEvent]:
        images, model, partial = datasets.load(spec.dataset), build(spec), self.partial_folder(spec)
        resume_from, history = checkpoints.read_partial(partial)
        latest, written_at = None, time.monotonic()
        try:
            for event in model.fit(images, device=device, resume_from=resume_from):
                history.append(event.to_json())
                latest = event.snapshot() if event.snapshot is not None else None
                if latest is not None and time.monotonic() - written_at > SECONDS_BETWEEN_WRITES:
                    checkpoints.write_partial(partial, latest, history)
                    latest, written_at = None, time.monotonic()
                yield event
        except TrainingDiverged as error:
            kept = f"; epoch {len(history)} is kept in {partial}" if history else ""
            raise TrainingDiverged(f"{error}{kept}") from error
        finally:
            if latest is not None:
                checkpoints.write_partial(partial, latest, history)
        checkpoints.at_rest(model)
        if ship:
            rounded = {name: tensor.float() for name, tensor in checkpoints.storable(model, as_float16=True).items()}
            model.load_state_dict(rounded)
        metrics = evaluate(model, images, "test").to_json()
        root = self.shipped if ship else self.local
        checkpoints.write(model, root / spec.fingerprint, metrics=metrics, history=history, as_float16=ship)
        shutil.rmtree(partial, ignore_errors=True)

    def _set_damaged_aside(self, spec: ModelSpec) -> Iterator[Said]:
        """Move a damaged checkpoint out of the way, and say so."""
        if spec not in self:
            return
        try:
            self.load(spec)
        except DamagedCheckpoint as error:
            root = next(root for root in (self.shipped, self.local) if checkpoints.exists(root / spec.fingerprint))
            aside = root / f"{spec.fingerprint}.{time.time_ns()}.damaged"
            (root / spec.fingerprint).rename(aside)
            yield Said(f"{error}. It was set aside as {aside.name}, and {describe(spec)} is trained again.")


def _acquire(lock: FileLock, *, poll_seconds: float = 0.5) -> Iterator[Waiting]:
    """Take the lock; one event each time that it is still held by another."""
    start = time.monotonic()
    while True:
        try:
            lock.acquire(timeout=poll_seconds)
        except Timeout:
            yield Waiting(time.monotonic() - start)
        else:
            return
