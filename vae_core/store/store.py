"""Spec to trained model. Models are found by fingerprint, trained once, and resumed where they stopped."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import time
import warnings
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import shorten
from typing import cast

import torch
from filelock import FileLock, Timeout
from torch import Tensor

from vae_core import data as datasets
from vae_core.errors import naming, sentence
from vae_core.evaluation import evaluate
from vae_core.identities import folder_mode
from vae_core.models import LatentModel, build, spec_from_json
from vae_core.models.vae import VAESpec
from vae_core.specs import ModelSpec
from vae_core.store import checkpoints
from vae_core.store.checkpoints import Checkpoint, DamagedCheckpoint
from vae_core.store.unfinished import Unfinished
from vae_core.training.cost import too_large
from vae_core.training.devices import Precision, choose_device, is_out_of_memory
from vae_core.training.events import EpochDone, MemoryRanOut, TrainingDiverged
from vae_core.training.fit import fit
from vae_core.training.stacked import GridEpochDone, train_stacked

CHECKPOINTS = Path(__file__).resolve().parents[2] / "checkpoints"
LOCAL, SHIPPED = CHECKPOINTS / "local", CHECKPOINTS / "shipped"
CPU = torch.device("cpu")


SMALLER = "try fewer hidden units or a smaller batch_size"
REFUSALS = (RuntimeError, TypeError, MemoryError)
"""How torch says that a device cannot do something, or has no room for it: an operation that it lacks, a type (float64 on Metal)."""
MOST_OF_A_REFUSAL = 160
"""Characters of torch's own words that a sentence repeats."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Another process trains the same model; this one has waited so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Remark:
    """One sentence on something that happened on the way, such as a damaged checkpoint that was set aside."""

    sentence: str


TrainingEvent = EpochDone | Waiting | Remark
GridEvent = GridEpochDone | Remark


def describe(spec: ModelSpec) -> str:
    """Family, data set and latent dimension, as a person says them."""
    return f"{spec.family} of {spec.dataset} at latent_dim {spec.latent_dim}"


def _shipped() -> Path:
    """The folder of what came with the program; where the package was copied from its clone it stayed behind, which is said."""
    if not SHIPPED.is_dir():
        remedy = "install the clone where it lies, with pip install -e ."
        warnings.warn(f"the shipped models must lie in {SHIPPED}, got no such folder: {remedy}", stacklevel=3)
    return SHIPPED


class Store:
    """Trained models by spec, in two folders searched together; a shipped model wins over a local one.

    Args:
        local: what this machine trained; by default the folder named by VAE_EXPLORER_CHECKPOINTS, else `checkpoints/local`.
        shipped: what came with the program; by default `checkpoints/shipped`.
    """

    def __init__(self, local: Path | None = None, shipped: Path | None = None) -> None:
        folder = os.environ.get("VAE_EXPLORER_CHECKPOINTS")
        self.local = local or (Path(folder).expanduser().absolute() if folder else LOCAL)
        self.shipped = shipped or _shipped()

    def find(self, spec: ModelSpec) -> Checkpoint | None:
        """The spec's checkpoint, or None; its weights are not read.

        Raises:
            DamagedCheckpoint: if it is there but cannot be read.
        """
        for root in (self.shipped, self.local):
            if checkpoints.exists(root / spec.fingerprint):
                return checkpoints.read(root / spec.fingerprint, is_shipped=root == self.shipped)
        return None

    def checkpoint(self, spec: ModelSpec) -> Checkpoint:
        """The spec's checkpoint, which is there; its weights are not read.

        Raises:
            KeyError: if the store has no such model.
            DamagedCheckpoint: if it cannot be read.
        """
        checkpoint = self.find(spec)
        if checkpoint is None:
            raise KeyError(f"store must hold {describe(spec)}, got no checkpoint {spec.fingerprint}: train it first")
        return checkpoint

    def __contains__(self, spec: ModelSpec) -> bool:
        return any(checkpoints.exists(root / spec.fingerprint) for root in (self.shipped, self.local))

    def checkpoints(self) -> list[Checkpoint]:
        """Everything that is cached and readable, by data set, family and latent dimension."""
        by_fingerprint: dict[str, Checkpoint] = {}
        for root in (self.shipped, self.local):
            for folder in sorted(path for path in root.glob("*") if checkpoints.exists(path) and not path.suffix):
                try:
                    by_fingerprint.setdefault(folder.name, checkpoints.read(folder, is_shipped=root == self.shipped))
                except DamagedCheckpoint:
                    continue  # said when the model is asked for
        return sorted(by_fingerprint.values(), key=lambda c: (c.spec.dataset, c.spec.family, c.spec.latent_dim, c.spec.fingerprint))

    def load(self, spec: ModelSpec) -> LatentModel:
        """The trained model, on the CPU, in evaluation mode, without gradients.

        Raises:
            KeyError: if the store has no such model.
            DamagedCheckpoint: if its files are not what was saved.
        """
        return checkpoints.read_model(self.checkpoint(spec))

    def partial_folder(self, spec: ModelSpec) -> Path:
        """Where an unfinished training of this model keeps its last epoch."""
        return self.local / f"{spec.fingerprint}.partial"

    @contextmanager
    def held(self, spec: ModelSpec, *, wait: bool = False) -> Iterator[None]:
        """Hold the lock under which a model is trained.

        Args:
            spec: the model.
            wait: for whoever holds it now.

        Raises:
            ValueError: if somebody else holds it, and is not waited for.
        """
        self.local.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self._lock(spec), timeout=-1 if wait else 0):
                yield
        except Timeout:
            raise ValueError(f"model must be at rest, got {describe(spec)}, in training") from None

    def begun(self) -> list[ModelSpec]:
        """The specs of trainings that have epochs here and are not finished, whether or not they go on now."""
        specs = []
        for path in sorted(self.local.glob(f"*.partial/{checkpoints.SPEC}")):
            with suppress(OSError, ValueError):
                specs.append(spec_from_json(json.loads(path.read_text())))
        return [spec for spec in specs if spec not in self]

    def _lock(self, spec: ModelSpec) -> Path:
        return self.local / f"{spec.fingerprint}.lock"

    def take(self, spec: ModelSpec, files: dict[str, bytes], *, wait: bool = False) -> Checkpoint:
        """Put a checkpoint that was trained elsewhere among the local models, whole or not at all, unless the model is there.

        Args:
            spec: the model that it must be.
            files: the checkpoint's files by name, `checkpoints.FILES`.
            wait: for whoever trains the model here now.

        Raises:
            DamagedCheckpoint: if it holds another model, or its weights are not what was saved, or do not fit their network.
            ValueError: if the model is in training here, and that is not waited for.
        """
        if set(files) != set(checkpoints.FILES):
            names = ", ".join(sorted(files)) or "nothing"
            raise DamagedCheckpoint(f"checkpoint must hold {', '.join(checkpoints.FILES)}, got {names}")
        with self.held(spec, wait=wait), TemporaryDirectory(prefix=f"{spec.fingerprint}.", suffix=".taking", dir=self.local) as aside:
            staged = Path(aside) / spec.fingerprint
            staged.mkdir(folder_mode(spec.dataset))
            for name, content in files.items():
                with naming(self.local / spec.fingerprint / name):
                    (staged / name).write_bytes(content)
            try:
                checkpoints.read_model(checkpoints.read(staged, is_shipped=False))  # fingerprint, SHA-256, every weight in its place
            except DamagedCheckpoint as error:
                raise DamagedCheckpoint(error.damage.replace(str(staged), "what was handed over")) from error
            list(self.set_damaged_aside(spec))
            if spec not in self:
                staged.rename(self.local / spec.fingerprint)
                shutil.rmtree(self.partial_folder(spec), ignore_errors=True)
        return self.checkpoint(spec)

    def train(
        self, spec: ModelSpec, *, device: torch.device | None = None, ship: bool = False, precision: Precision = "float32"
    ) -> LatentModel:
        """The trained model, trained now unless it is there: `training` to its end, without a word on the way."""
        for _ in self.training(spec, device=device, ship=ship, precision=precision):
            pass
        return self.load(spec)

    def training(
        self, spec: ModelSpec, *, device: torch.device | None = None, ship: bool = False, precision: Precision = "float32"
    ) -> Generator[TrainingEvent, None, None]:
        """Train a model unless it is there, and keep it, as far as its events are asked for. One process trains; others wait, and find it.

        A training that was cancelled (close the iterator) goes on where it stopped, one that was killed at most a second earlier. What
        torch refuses to do on a device, or has too little memory for there, goes on on the CPU, and a `Remark` says so.

        Args:
            spec: what to train.
            device: where; by default the fastest there is.
            ship: put it among the shipped models, as float16, evaluated after rounding.
            precision: of the matrix products on the way.

        Raises:
            TrainingDiverged: if a loss is not finite; the message names the folder of the last good epoch.
            MemoryRanOut: if this machine has too little memory for it, counted beforehand or met on the CPU, too.
            DatasetUnavailable: if the data set is found nowhere.
        """
        place = device or choose_device()
        self.local.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self._lock(spec))
        yield from _acquire(lock)
        try:
            yield from self.set_damaged_aside(spec)
            is_there = checkpoints.exists(self.shipped / spec.fingerprint) if ship else spec in self
            if not is_there:
                yield from self._fit_and_keep(spec, place, precision, ship=ship)
        finally:
            lock.release()

    def training_together(
        self, specs: Sequence[ModelSpec], *, device: torch.device, precision: Precision = "float32"
    ) -> Generator[GridEvent, None, None]:
        """Train models of one stack (`training.stacked`) in one pass, and keep each by itself, as if it had been trained alone.

        What was cancelled or killed goes on where it stopped, in a stack or alone. Models that are there, and those that another
        process trains, are left out. A stack that memory runs out for goes on in halves, one that a device refuses on the CPU.

        Args:
            specs: what to train.
            device: where.
            precision: of the matrix products on the way.

        Raises:
            MemoryRanOut: if there is too little memory for one model by itself.
            DatasetUnavailable: if the data set is found nowhere.
        """
        self.local.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            missing = []
            for spec in specs:
                lock = FileLock(self._lock(spec))
                try:
                    stack.enter_context(lock.acquire(timeout=0))
                except Timeout:
                    continue
                yield from self.set_damaged_aside(spec)
                missing += [] if spec in self else [spec]
            begun = {spec: stack.enter_context(Unfinished(spec, self.partial_folder(spec))) for spec in missing}
            yield from _flaws(begun.values())
            for _, alike in itertools.groupby(sorted(missing, key=lambda spec: begun[spec].epoch), key=lambda spec: begun[spec].epoch):
                yield from self._fit_and_keep_stack({spec: begun[spec] for spec in alike}, device, precision)

    def _fit_and_keep(self, spec: ModelSpec, device: torch.device, precision: Precision, *, ship: bool) -> Iterator[TrainingEvent]:
        if (lack := too_large(spec)) is not None:
            raise MemoryRanOut(f"memory must hold the training of {describe(spec)}, {lack}: {SMALLER}")
        images = datasets.load(spec.dataset)
        with Unfinished(spec, self.partial_folder(spec)) as begun:
            yield from _flaws([begun])
            for place in dict.fromkeys((device, CPU)):
                try:
                    model = build(spec)
                    for event in fit(model, images, device=place, resume_from=begun.snapshot, precision=precision):
                        begun.note(event)
                        yield event
                    break
                except TrainingDiverged as error:
                    raise TrainingDiverged(f"{error}{_where(begun)}") from error
                except REFUSALS as error:
                    if place == CPU and is_out_of_memory(error):
                        raise _too_little(spec) from error
                    if place == CPU:
                        raise
                    refusal = _refused(place, error)
                yield Remark(f"{refusal} after epoch {begun.epoch}; the training goes on on the CPU.")
            self._keep(model, images, begun, ship=ship)

    def _fit_and_keep_stack(self, begun: dict[ModelSpec, Unfinished], device: torch.device, precision: Precision) -> Iterator[GridEvent]:
        specs = {spec.fingerprint: spec for spec in begun}
        images = datasets.load(next(iter(begun)).dataset)
        snapshots = {name: snapshot for name, spec in specs.items() if (snapshot := begun[spec].snapshot) is not None}
        try:
            for event in train_stacked(
                cast(list[VAESpec], list(begun)), images, device=device, resume_from=snapshots or None, precision=precision
            ):
                for name, one in event.models.items():
                    begun[specs[name]].note(one)
                for name in event.diverged:
                    error, spec = event.diverged[name], specs.pop(name)
                    event.diverged[name] = TrainingDiverged(f"{error}{_where(begun[spec])}")
                yield event
        except REFUSALS as error:
            is_divisible = is_out_of_memory(error) and len(begun) > 1
            if device == CPU and is_out_of_memory(error) and not is_divisible:
                raise _too_little(*begun) from error
            if device == CPU and not is_divisible:
                raise
            refusal = _refused(device, error)
        else:
            for spec in specs.values():
                model = build(spec)
                model.load_state_dict(_weights(begun[spec].snapshot or {}))
                self._keep(model, images, begun[spec])
            return
        rest = list(specs.values())
        if not is_divisible:
            yield Remark(f"{refusal}; {len(rest)} models in one pass go on on the CPU.")
            yield from self._fit_and_keep_stack({spec: begun[spec] for spec in rest}, CPU, precision)
            return
        yield Remark(f"Memory ran out with {len(begun)} models in one pass; they go on in two halves.")
        for half in (rest[: len(rest) // 2], rest[len(rest) // 2 :]):
            if half:
                yield from self._fit_and_keep_stack({spec: begun[spec] for spec in half}, device, precision)

    def _keep(self, model: LatentModel, images: datasets.Dataset, begun: Unfinished, *, ship: bool = False) -> None:
        """Evaluate a model that is trained, and write its checkpoint."""
        checkpoints.frozen(model)
        if ship:
            rounded = {name: tensor.float() for name, tensor in checkpoints.storable(model, as_float16=True).items()}
            model.load_state_dict(rounded)
        metrics = evaluate(model, images, "test").to_json()
        root = self.shipped if ship else self.local
        checkpoints.write(model, model.spec, root / model.spec.fingerprint, metrics=metrics, history=begun.history, as_float16=ship)
        begun.discard()

    def evaluate_again(self, spec: ModelSpec, *, device: torch.device = CPU) -> Checkpoint:
        """Evaluate a model that is there on its test images once more, in place of the evaluation beside it; its weights stay.

        Raises:
            KeyError: if the store has no such model.
            DamagedCheckpoint: if its files are not what was saved.
            DatasetUnavailable: if the data set is found nowhere.
        """
        metrics = evaluate(self.load(spec).to(device), datasets.load(spec.dataset), "test").to_json()
        with self.held(spec, wait=True):
            checkpoints.replace_metrics(self.checkpoint(spec).folder, metrics)
        return self.checkpoint(spec)

    def set_damaged_aside(self, spec: ModelSpec) -> Iterator[Remark]:
        """Move a damaged checkpoint out of the way, and say so."""
        if spec not in self:
            return
        try:
            self.load(spec)
        except DamagedCheckpoint as error:
            root = next(root for root in (self.shipped, self.local) if checkpoints.exists(root / spec.fingerprint))
            aside = checkpoints.damaged_name(root / spec.fingerprint)
            (root / spec.fingerprint).rename(aside)
            yield Remark(f"{error.damage}. It was set aside as {aside.name}, and {describe(spec)} is trained again.")


def _weights(snapshot: dict[str, Tensor]) -> dict[str, Tensor]:
    """The model's own tensors of a training's snapshot."""
    return {name.removeprefix("model."): tensor for name, tensor in snapshot.items() if name.startswith("model.")}


def _refused(device: torch.device, error: Exception) -> str:
    """That a device does not train a model, and why, for a sentence."""
    if is_out_of_memory(error):
        return f"The memory of {device} ran out"
    return f"{device} refused to train it ({shorten(sentence(error), MOST_OF_A_REFUSAL, placeholder=' …')})"


def _too_little(spec: ModelSpec) -> MemoryRanOut:
    return MemoryRanOut(f"memory must hold the training of {describe(spec)}, got too little: {SMALLER}")


def _flaws(unfinished: Iterable[Unfinished]) -> Iterator[Remark]:
    """Say what was kept of trainings in vain."""
    for begun in unfinished:
        if begun.flaw is not None:
            yield Remark(f"What was kept of the training of {describe(begun.spec)} {begun.flaw}; it begins anew.")


def _where(begun: Unfinished) -> str:
    return f"; epoch {begun.epoch} is kept in {begun.folder}" if begun.epoch else ""


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
