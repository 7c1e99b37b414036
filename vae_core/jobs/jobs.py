"""Training beside the server: a process of its own, followed by anyone who asks for the same spec.

A job is identified by its spec, and lives in a folder of the store: `spec.json`, `events.jsonl` (one JSON line an event, the last one
says how it ended), `cancel` (made to cancel it) and `alive.lock` (held while its process lives). One job trains at a time; others queue.
On its way a job keeps snapshots of what the model draws (`explore.training_film`).
"""

from __future__ import annotations

import _thread
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal

from filelock import FileLock, Timeout

from vae_core import data as datasets
from vae_core import errors
from vae_core.errors import require
from vae_core.explore.training import training_film
from vae_core.models import spec_from_json
from vae_core.specs import ModelSpec
from vae_core.store import Said, Store, describe
from vae_core.training.devices import choose_device, settle_arithmetic
from vae_core.training.events import EpochDone

State = Literal["queued", "running", "done", "failed", "cancelled"]
NICENESS = 10
POLL_SECONDS = 0.2

SECONDS_TO_START = 20.0
"""A job that has not said a word is starting, for so long after it was asked for; then it has failed."""

_processes: dict[Path, subprocess.Popen[bytes]] = {}
_starting, _probing = threading.Lock(), threading.Lock()


@dataclass(frozen=True, slots=True)
class JobStatus:
    """How a job is doing.

    Attributes:
        state: `queued` and `running` are alive, the others are final.
        event: the last epoch as JSON (`EpochDone.to_json`), or None before the first.
        history: all of this run's epochs, likewise.
        sentence: the last thing that was said, or how it ended; None if nothing was said.
    """

    state: State
    event: dict[str, Any] | None
    history: list[dict[str, Any]]
    sentence: str | None

    @property
    def is_alive(self) -> bool:
        """Whether there is more to come."""
        return self.state in ("queued", "running")


@dataclass(frozen=True, slots=True)
class Job:
    """A training that runs, or ran, in a process of its own."""

    spec: ModelSpec
    folder: Path

    def status(self) -> JobStatus:
        """What the job has written so far; one whose process died without a word has failed."""
        is_alive = self._is_alive()  # asked before the events are read, so that a last word is never missed
        lines = self._lines()
        epochs = [line["epoch"] for line in lines if "epoch" in line]
        said = [line["sentence"] for line in lines if "sentence" in line]
        state: State = next((line["state"] for line in reversed(lines) if "state" in line), "queued")
        sentence = said[-1] if said else None
        if state in ("queued", "running") and not is_alive:
            state = "failed"
            sentence = f"The process that trained {describe(self.spec)} ended without a word; start it again to go on from its last epoch."
        return JobStatus(state, epochs[-1] if epochs else None, epochs, sentence)

    def cancel(self) -> None:
        """Ask the job to stop; the epochs that are done are kept."""
        (self.folder / "cancel").touch()

    def _is_alive(self) -> bool:
        process = _processes.get(self.folder)
        if process is not None and process.poll() is None:
            return True
        if process is not None:
            process.stdin.close()
        elif self._is_starting():
            return True
        lock = FileLock(self.folder / "alive.lock")
        with _probing:  # two who probe at once would find each other's lock
            try:
                lock.acquire(timeout=0)
            except Timeout:
                return True
            lock.release()
        return False

    def _is_starting(self) -> bool:
        """Whether another server has just asked for it: its process imports torch, and holds no lock yet."""
        try:
            age = time.time() - (self.folder / "spec.json").stat().st_mtime
        except OSError:
            return False
        return age < SECONDS_TO_START and not (self.folder / "events.jsonl").exists()

    def _lines(self) -> list[dict[str, Any]]:
        with suppress(OSError):
            whole = (self.folder / "events.jsonl").read_text().split("\n")[:-1]  # a line counts once it is ended
            return [json.loads(line) for line in whole]
        return []


def find(spec: ModelSpec, store: Store) -> Job | None:
    """The spec's last job, alive or ended, or None if there was none."""
    folder = _folder(spec, store)
    return Job(spec, folder) if (folder / "spec.json").is_file() else None


def stopped(store: Store) -> list[ModelSpec]:
    """The specs of trainings that ended before they were done, and can go on from the epochs that were kept."""
    found = []
    for spec in store.begun():
        job = find(spec, store)
        if job is None or not job.status().is_alive:
            with _probing, suppress(ValueError), store.held(spec):  # else a command trains it
                found.append(spec)
    return found


def alive(store: Store) -> list[Job]:
    """Every job that trains or waits, the one that trains first, then in the order in which they were started."""
    found = []
    for path in store.local.glob("*.job/spec.json"):
        with suppress(OSError, ValueError):
            job = Job(spec_from_json(json.loads(path.read_text())), path.parent)
            if job._is_alive() and (status := job.status()).is_alive:
                found.append((status.state != "running", path.stat().st_mtime, job))
    return [job for *_, job in sorted(found, key=lambda entry: entry[:2])]


def discard(spec: ModelSpec, store: Store) -> None:
    """Forget an unfinished training: the epochs that were kept, its snapshots, its job. A trained model stays.

    Raises:
        ValueError: if it goes on.
    """
    job = find(spec, store)
    require(job is None or not job.status().is_alive, "training", "be stopped before it is discarded", describe(spec))
    with store.held(spec):
        shutil.rmtree(_folder(spec, store), ignore_errors=True)
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
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        (folder / "spec.json").write_text(json.dumps(spec.to_json()))
        command = [sys.executable, "-m", "vae_core.jobs.jobs", str(folder), str(store.local), str(store.shipped), device]
        command += ["again"] if again else []
        root = Path(__file__).resolve().parent.parent.parent
        # The pipe to its standard input is how the job notices that the server is gone.
        _processes[folder] = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=root
        )
        return Job(spec, folder)


def _folder(spec: ModelSpec, store: Store) -> Path:
    return store.local / f"{spec.fingerprint}.job"


def _main(folder: Path, store: Store, device: str, *, again: bool) -> None:
    """The job's own process."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a server that a shell's & started is deaf to it, and so would its jobs be
    with suppress(OSError, AttributeError):
        os.nice(NICENESS)
    spec = spec_from_json(json.loads((folder / "spec.json").read_text()))
    with FileLock(folder / "alive.lock"), (folder / "events.jsonl").open("a") as out:
        threading.Thread(target=_interrupt_when_unwanted, args=(folder,), daemon=True).start()
        try:
            _write(out, state="queued")
            with FileLock(store.local / "training.lock"):
                _train(spec, store, device, out, trained_in=Store(folder / "again", folder / "again") if again else store)
            _write(out, state="done")
        except KeyboardInterrupt:
            kept = "the snapshots that were taken" if again else "the epochs that are done"
            _write(out, state="cancelled", sentence=f"Cancelled; {kept} are kept.")
        except Exception as error:  # the page shows the sentence; there is nobody else to tell
            _write(out, state="failed", sentence=errors.sentence(error))
        finally:
            shutil.rmtree(folder / "again", ignore_errors=True)


def _train(spec: ModelSpec, store: Store, device: str, out: IO[str], *, trained_in: Store) -> None:
    """Train in one store, and keep what is drawn on the way in another, which is the same unless it is for the snapshots only."""
    _write(out, state="running")
    place = choose_device(device)
    settle_arithmetic(device=place)
    with closing(trained_in.training(spec, device=place)) as events:
        for event in events:
            if isinstance(event, EpochDone):
                training_film.keep(spec, store, event)
                _write(out, epoch=event.to_json())
            elif isinstance(event, Said):
                _write(out, sentence=event.sentence)
    if not training_film.files(spec, store) and isinstance(images := datasets.load(spec.dataset), datasets.Images):
        n_epochs = spec.n_epochs  # fitted in one step, or trained before anything was kept of it
        training_film.save(spec, store, training_film.snapshot(trained_in.load(spec), images, n_epochs))


def _write(out: IO[str], **values: Any) -> None:
    out.write(json.dumps(values) + "\n")
    out.flush()


def _interrupt_when_unwanted(folder: Path) -> None:
    """Interrupt the main thread when the job is cancelled, or when the process that started it is gone."""
    gone = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.buffer.read(), gone.set()), daemon=True).start()
    while not gone.is_set() and not (folder / "cancel").exists():
        time.sleep(POLL_SECONDS)
    _thread.interrupt_main()


if __name__ == "__main__":
    _main(Path(sys.argv[1]), Store(local=Path(sys.argv[2]), shipped=Path(sys.argv[3])), sys.argv[4], again="again" in sys.argv[5:])
