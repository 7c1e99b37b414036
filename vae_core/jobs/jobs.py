"""Training a model beside the server: a process of its own (`jobs.process`), followed by anyone who asks for the same spec.

A job is identified by its spec, and lives in a folder of the store. What it trains, the store keeps; on its way it keeps snapshots of
what the model draws (`explore.training.training_film`).
"""

from __future__ import annotations

import json
import shutil
import threading
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from vae_core import data
from vae_core.errors import require
from vae_core.explore.training import training_film
from vae_core.explore.training.training import pace, too_large
from vae_core.jobs import process
from vae_core.jobs.process import SPEC, Say, Status
from vae_core.models import spec_from_json
from vae_core.specs import ModelSpec, TrainedSpec
from vae_core.store import REFUSALS, Remark, Store, describe
from vae_core.training.devices import choose_device, configure_numerics
from vae_core.training.events import EpochDone

_starting, _probing = threading.Lock(), threading.Lock()


@dataclass(frozen=True, slots=True)
class Job:
    """A training that runs, or ran, in a process of its own."""

    spec: ModelSpec
    folder: Path

    def status(self) -> Status:
        """What the job has written so far; one whose process died without a word has failed."""
        silent = f"The process that trained {describe(self.spec)} ended without a word; start it again to go on from its last epoch."
        return process.status(self.folder, if_silent=silent)

    def cancel(self) -> None:
        """Ask the job to stop; the epochs that are done are kept."""
        process.cancel(self.folder)


def find(spec: ModelSpec, store: Store) -> Job | None:
    """The spec's last job, alive or ended, or None if there was none."""
    folder = _folder(spec, store)
    return Job(spec, folder) if (folder / SPEC).is_file() else None


def stopped(store: Store) -> list[ModelSpec]:
    """The specs of trainings that ended before they were done, and can go on from the epochs that were kept."""
    resumable = []
    for spec in store.begun():
        job = find(spec, store)
        if job is None or not job.status().is_alive:
            with _probing, suppress(ValueError), store.held(spec):  # else a command trains it
                resumable.append(spec)
    return resumable


def alive(store: Store) -> list[Job]:
    """Every job that trains or waits, the one that trains first, then in the order in which they were started."""
    entries = []
    for path in store.local.glob(f"*.job/{SPEC}"):
        with suppress(OSError, ValueError):
            job = Job(spec_from_json(json.loads(path.read_text())), path.parent)
            if process.is_alive(job.folder) and (status := job.status()).is_alive:
                entries.append((status.state != "running", path.stat().st_mtime, job))
    return [job for *_, job in sorted(entries, key=lambda entry: entry[:2])]


def discard(spec: ModelSpec, store: Store) -> None:
    """Forget an unfinished training: the epochs that were kept, its snapshots, its job. A trained model stays.

    Raises:
        ValueError: if it goes on.
    """
    job = find(spec, store)
    require(job is None or not job.status().is_alive, "training", "be stopped before it is discarded", describe(spec))
    with store.held(spec):
        process.forget(_folder(spec, store))
        shutil.rmtree(store.partial_folder(spec), ignore_errors=True)
    if spec not in store:
        training_film.forget(spec, store)


def start(spec: ModelSpec, store: Store, *, device: str = "auto", again: bool = False) -> Job:
    """Start training a spec in a process of its own, or join the job that does so already.

    Args:
        spec: what to train.
        store: where it is kept.
        device: as for `choose_device`.
        again: train it although the store has it, for the snapshots only; the model that the store has stays.
    """
    with _starting:
        job = find(spec, store)
        if job is not None and job.status().is_alive:
            return job
        folder = _folder(spec, store)
        arguments = (str(store.local), str(store.shipped), device, *(["again"] if again else []))
        stays = "the snapshots that were taken" if again else "the epochs that are done"
        process.start(
            folder,
            json.dumps(spec.to_json()),
            f"{__name__}:train",
            *arguments,
            models=store.local,
            if_cancelled=f"Cancelled; {stays} are kept.",
        )
        return Job(spec, folder)


def _folder(spec: ModelSpec, store: Store) -> Path:
    return store.local / f"{spec.fingerprint}.job"


def train(folder: Path, say: Say, local: str, shipped: str, device: str, again: str = "") -> None:
    """What the job's own process does: train, say each epoch, and keep what is drawn on the way.

    Args:
        folder: the job's.
        say: writes an event.
        local: the store's folder of this machine's models.
        shipped: its folder of shipped ones.
        device: as for `choose_device`.
        again: not empty to train in a store of the job's own, for the snapshots only.
    """
    spec, store = spec_from_json(json.loads((folder / SPEC).read_text())), Store(local=Path(local), shipped=Path(shipped))
    try:
        _train(spec, store, device, say, trained_in=Store(folder / "again", folder / "again") if again else store)
    finally:
        shutil.rmtree(folder / "again", ignore_errors=True)


def _train(spec: ModelSpec, store: Store, device: str, say: Say, *, trained_in: Store) -> None:
    """Train in one store, and keep what is drawn on the way in another, which is the same unless it is for the snapshots only."""
    place = choose_device(device)
    configure_numerics(device=place)
    if isinstance(spec, TrainedSpec) and spec not in trained_in and too_large(spec) is None:
        with suppress(*REFUSALS):  # which the training itself meets, and says
            say(seconds_per_epoch=pace(spec, data.load(spec.dataset), place).seconds_per_epoch)
    with closing(trained_in.training(spec, device=place)) as events:
        for event in events:
            if isinstance(event, EpochDone):
                training_film.keep(spec, store, event)
                say(epoch=event.to_json())
            elif isinstance(event, Remark):
                say(sentence=event.sentence)
    if not training_film.files(spec, store) and isinstance(images := data.load(spec.dataset), data.Images):
        n_epochs = spec.n_epochs  # fitted in one step, or trained before anything was kept of it
        training_film.save(spec, store, training_film.snapshot(trained_in.load(spec), images, n_epochs))
