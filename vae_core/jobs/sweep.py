"""Many models, trained by workers: processes of this machine or of a cluster, one model at a time or many in one pass.

Each model lands in the store by itself.
"""

from __future__ import annotations

import itertools
from collections.abc import Generator, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import torch

from vae_core.errors import require, sentence
from vae_core.jobs.executors import is_wanted
from vae_core.models import spec_from_json
from vae_core.specs import ModelSpec
from vae_core.store import Remark, Store, checkpoints
from vae_core.store.checkpoints import DamagedCheckpoint
from vae_core.training.devices import Precision, choose_device, configure_numerics
from vae_core.training.events import EpochDone
from vae_core.training.grids import tasks

State = Literal["trained", "already there", "failed"]
N_TURNS = 4
"""In so many turns each of the last models is trained, so that the workers end together (`_in_turns`)."""


class SweepFailed(RuntimeError):
    """Some models of a sweep could not be trained."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one model.

    Attributes:
        spec: the model.
        state: `already there` if nothing was trained for it.
        sentence: why it failed, or what was said on the way; None if nothing was.
    """

    spec: ModelSpec
    state: State
    sentence: str | None = None


@dataclass(frozen=True, slots=True)
class _Task:
    """Models that a worker trains, up to a share of their epochs, and what was said of them in earlier turns."""

    specs: list[ModelSpec]
    share: float = 1.0
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a worker sends back: whether it had the model already, what was said, and the checkpoint's files by name if asked for.

    Attributes:
        is_unfinished: whether the model was trained up to the share that was asked for, and is kept there.
    """

    was_there: bool = False
    remarks: tuple[str, ...] = ()
    files: dict[str, bytes] | None = None
    failure: str | None = None
    is_unfinished: bool = False


def sweep(
    specs: Iterable[ModelSpec],
    store: Store,
    executor: Executor,
    *,
    device: str = "auto",
    precision: Precision = "float32",
    ship: bool = False,
    own_stores: bool = False,
    n_workers: int = 1,
) -> Generator[Outcome, None, None]:
    """Train what the store lacks, each model once; one outcome a model, as they come. Closing the iterator cancels what is pending.

    Small models of one recipe are trained in one pass (`grids.tasks`), but for those that are shipped: alone they are the same to the
    bit wherever they are trained again.

    Args:
        specs: what to train; equal ones are one model.
        store: where every model is in the end, verified.
        executor: of `concurrent.futures` kind; it gives the task of a lost worker to another.
        device: as for `choose_device`, on each worker.
        precision: of the matrix products.
        ship: put them among the shipped models.
        own_stores: workers find a store by themselves, this one or another, and send the finished checkpoint back as bytes; else they
            are processes that see this store's folders.
        n_workers: that the executor has, to share out what could be one pass, and the last models.
    """
    require(not (ship and own_stores), "ship", "be left out where workers have stores of their own", ship)
    folders = None if own_stores else (str(store.local), str(store.shipped))
    distinct = list({spec.fingerprint: spec for spec in specs}.values())
    cached = [spec for spec in distinct if _is_there(spec, store, ship=ship)]
    missing = [spec for spec in distinct if spec not in cached]
    together = [[spec] for spec in missing] if ship else tasks(missing, n_workers, str(choose_device(device)))
    pending: dict[Future[list[_Answer]], _Task] = {}

    def submit(task: _Task) -> None:
        asked = [(spec.to_json(), spec.fingerprint) for spec in task.specs]
        pending[executor.submit(train_on_worker, asked, device, precision, folders, ship, task.share)] = task

    try:
        for task in _in_turns(together, 1 if own_stores else n_workers):
            submit(task)
        yield from (Outcome(spec, "already there") for spec in cached)
        while pending:
            for task, spec, answer in _take_finished(pending):
                if answer.is_unfinished:
                    submit(_Task(task.specs, task.share + 1 / N_TURNS, task.remarks + answer.remarks))
                else:
                    yield _outcome(spec, replace(answer, remarks=task.remarks + answer.remarks), store)
    finally:
        for future in reversed(pending):  # what waits before what runs, or a worker that is free again would begin it
            future.cancel()


def _in_turns(together: list[list[ModelSpec]], n_workers: int) -> list[_Task]:
    """What to ask the workers for, in this order. Where there is one left over for some of them only, the last models are trained in turns.

    A worker that is free takes the one that has waited longest, up to the next part of its epochs, and all end within one such part:
    25 models end on two workers after 12½, not 13. What one pass trains is not interrupted.
    """
    n_left_over = len(together) % n_workers
    n_last = n_workers + n_left_over if n_left_over > 0 and len(together) > n_workers else 0
    n_whole = len(together) - n_last
    return [_Task(specs, share=1.0 if i < n_whole or len(specs) > 1 else 1 / N_TURNS) for i, specs in enumerate(together)]


def train_on_worker(
    asked: Sequence[tuple[dict[str, Any], str]],
    device: str,
    precision: Precision,
    folders: tuple[str, str] | None,
    ship: bool,
    share: float = 1.0,
) -> list[_Answer]:
    """Train models in this process, which is a worker's; whatever goes wrong is a sentence of an answer.

    Args:
        asked: each spec as JSON, and its fingerprint where it was asked for. Several are one stack.
        device: as for `choose_device`.
        precision: of the matrix products.
        folders: of local and of shipped models; None for this worker's own, and for the checkpoints to be sent back.
        ship: as for `Store.training`.
        share: of its epochs that a model by itself is trained up to now.
    """
    try:
        specs = [_same_spec(*one) for one in asked]
        store = Store(*map(Path, folders or ()))
        place = choose_device(device)
        configure_numerics(device=place)
        work = _Work(store, place, precision, ship=ship, sends=folders is None)
        was_there = {spec: _is_there(spec, store, ship=ship) for spec in specs}
        failures, remarks = work.train_together(specs) if len(specs) > 1 else ({}, ())
        first, *rest = [
            _Answer(failure=failures[s.fingerprint]) if s.fingerprint in failures else work.train(s, was_there[s], share) for s in specs
        ]
        return [replace(first, remarks=(*remarks, *first.remarks)), *rest]
    except Exception as error:  # not every exception survives being sent
        return [_Answer(failure=sentence(error))] * len(asked)


@dataclass(frozen=True, slots=True)
class _Work:
    """How a worker trains."""

    store: Store
    device: torch.device
    precision: Precision
    ship: bool
    sends: bool

    def train_together(self, specs: list[ModelSpec]) -> tuple[dict[str, str], tuple[str, ...]]:
        """Train a stack; why models failed, by fingerprint, and what was said on the way."""
        failures: dict[str, str] = {}
        remarks: list[str] = []
        with closing(self.store.training_together(specs, device=self.device, precision=self.precision)) as events:
            for event in events:
                if not is_wanted():
                    return {spec.fingerprint: "cancelled" for spec in specs}, ()
                remarks += [event.sentence] if isinstance(event, Remark) else []
                failures |= {name: sentence(error) for name, error in getattr(event, "diverged", {}).items()}
        return failures, tuple(remarks)

    def train(self, spec: ModelSpec, was_there: bool, share: float) -> _Answer:
        """Train one model up to a share of its epochs, unless it is there, or wait for whoever does."""
        remarks: list[str] = []
        try:
            with closing(self.store.training(spec, device=self.device, ship=self.ship, precision=self.precision)) as events:
                for event in events:
                    if not is_wanted():
                        return _Answer(failure="cancelled")
                    remarks += [event.sentence] if isinstance(event, Remark) else []
                    if isinstance(event, EpochDone) and share * event.n_epochs <= event.epoch < event.n_epochs:
                        return _Answer(is_unfinished=True, remarks=tuple(remarks))
            files = {name: (self.store.checkpoint(spec).folder / name).read_bytes() for name in checkpoints.FILES} if self.sends else None
            return _Answer(was_there, tuple(remarks), files)
        except Exception as error:  # not every exception survives being sent
            return _Answer(failure=sentence(error))


def _same_spec(values: dict[str, Any], fingerprint: str) -> ModelSpec:
    """The spec, if this version of the program calls it by the same name."""
    spec = spec_from_json(values)
    require(spec.fingerprint == fingerprint, "worker", f"run the same version, which calls this model {fingerprint}", spec.fingerprint)
    return spec


def _is_there(spec: ModelSpec, store: Store, *, ship: bool) -> bool:
    """Whether the store holds the model, and undamaged."""
    if not (checkpoints.exists(store.shipped / spec.fingerprint) if ship else spec in store):
        return False
    try:
        return store.load(spec) is not None
    except DamagedCheckpoint:
        return False


def _take_finished(pending: dict[Future[list[_Answer]], _Task]) -> list[tuple[_Task, ModelSpec, _Answer]]:
    """Wait for the next answers, and let go of their futures: a cluster trains again what a lost worker held for a future."""
    done = {future: pending.pop(future) for future in wait(pending, return_when=FIRST_COMPLETED).done}
    return [(task, spec, answer) for future, task in done.items() for spec, answer in zip(task.specs, _answers(future), strict=False)]


def _answers(future: Future[list[_Answer]]) -> Iterable[_Answer]:
    """One for each model that was asked for, or the same one for all if the workers were lost too often, or the cluster is gone."""
    try:
        return future.result()
    except Exception as error:
        return itertools.repeat(_Answer(failure=sentence(error)))


def _outcome(spec: ModelSpec, answer: _Answer, store: Store) -> Outcome:
    """What became of a model, once this process has seen that the store holds it."""
    if answer.failure is not None:
        return Outcome(spec, "failed", answer.failure)
    try:
        if answer.files is not None:
            store.take(spec, answer.files, wait=True)
        store.load(spec)
    except (DamagedCheckpoint, KeyError, OSError) as error:
        return Outcome(spec, "failed", sentence(error))
    return Outcome(spec, "already there" if answer.was_there else "trained", " ".join(answer.remarks) or None)
