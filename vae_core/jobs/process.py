"""A training in a process of its own, which anyone may follow who knows its folder: how it stands, its turn, how it ended.

The folder holds `spec.json` (what is trained), `events.jsonl` (one JSON line an event, the last one says how it ended), `output.txt`
(whatever the process printed), `cancel` (made to cancel it) and `alive.lock` (held while the process lives). One trains at a time: its
process holds `training.lock` in the folder of models, and the others wait for their turn. No torch here: a process that waits is small.
"""

from __future__ import annotations

import _thread
import importlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any, Literal

from filelock import FileLock, Timeout

from vae_core.errors import naming, sentence

State = Literal["queued", "running", "done", "failed", "cancelled"]
Say = Callable[..., None]
"""Writes one event, given by its names: `epoch` (an `EpochDone` as JSON), `seconds_per_epoch` (as measured before the first), `sentence`
(something that happened), `state`."""

SPEC, EVENTS, OUTPUT, CANCEL, ALIVE, TURN = "spec.json", "events.jsonl", "output.txt", "cancel", "alive.lock", "training.lock"
ROOT = Path(__file__).resolve().parents[2]
NICENESS = 10
POLL_SECONDS = 0.2
MOST_LAST_WORDS = 300
"""Characters of the end of a process's output that its sentence repeats where it died."""

LEAST_ROOM_BYTES = 1_000_000
"""A disk with less room is full: nothing that a training writes fits there."""

SECONDS_TO_START = 20.0
"""A process that has not said a word is starting, for so long after it was asked for; then it has failed."""

_processes: dict[Path, subprocess.Popen[bytes]] = {}
_probing = threading.Lock()


@dataclass(frozen=True, slots=True)
class Status:
    """How a training stands.

    Attributes:
        state: `queued` and `running` are alive, the others are final.
        history: the epochs of this run, `EpochDone.to_json` each; none of a training that says it in frames.
        sentence: the last thing that was said, or how it ended; None if nothing was said.
        seconds_per_epoch: as the process measured before its first epoch; None if it did not.
    """

    state: State
    history: list[dict[str, Any]]
    sentence: str | None
    seconds_per_epoch: float | None = None

    @property
    def is_alive(self) -> bool:
        """Whether there is more to come."""
        return self.state in ("queued", "running")

    @property
    def event(self) -> dict[str, Any] | None:
        """The last epoch, or None before the first."""
        return self.history[-1] if self.history else None


def start(folder: Path, spec_json: str, work: str, *arguments: str, models: Path, if_cancelled: str) -> None:
    """Begin a training in a process of its own. It ends when this process does.

    Args:
        folder: its own; what an earlier training left there is deleted.
        spec_json: what is trained.
        work: what trains, as `module:function`. It is called with the folder, a `Say` and the arguments when its turn has come, and
            ended by a `KeyboardInterrupt` when it is not wanted any more.
        models: the folder of models; of all trainings beside pages that name it, one trains at a time.
        if_cancelled: what is said when it is cancelled.
    """
    models.mkdir(parents=True, exist_ok=True)
    forget(folder)
    folder.mkdir(parents=True)
    with naming(folder / SPEC):
        (folder / SPEC).write_text(spec_json)
    command = [sys.executable, "-m", "vae_core.jobs.process", str(folder), str(models / TURN), if_cancelled, work, *arguments]
    with (folder / OUTPUT).open("wb") as output:  # a file never fills up, as a pipe does that nobody reads
        # The pipe to its standard input is how the process notices that this one is gone.
        _processes[folder] = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=output, stderr=output, cwd=ROOT)


def status(folder: Path, *, if_silent: str) -> Status:
    """What a training has written so far; one whose process died without a word has failed.

    Args:
        folder: its own.
        if_silent: what is said where its process has died; that its disk is full, if it is, and the end of what it printed follow.
    """
    lives = is_alive(folder)  # asked before the events are read, so that a last word is never missed
    events = _events(folder)
    history = [event["epoch"] for event in events if "epoch" in event]
    state: State = next((event["state"] for event in reversed(events) if "state" in event), "queued")
    if state in ("queued", "running") and not lives:
        return Status("failed", history, " ".join(filter(None, (if_silent, _full_disk(folder), _last_words(folder)))))
    said, measured = (
        next((event[name] for event in reversed(events) if name in event), None) for name in ("sentence", "seconds_per_epoch")
    )
    return Status(state, history, said, measured)


def cancel(folder: Path) -> None:
    """Ask a training to stop."""
    with suppress(FileNotFoundError):  # forgotten meanwhile
        (folder / CANCEL).touch()


def forget(folder: Path) -> None:
    """Delete all that a training wrote; one that this process has started ends first."""
    process = _processes.pop(folder, None)
    if process is not None:
        _hang_up(process)
        process.wait()
    shutil.rmtree(folder, ignore_errors=True)


def is_alive(folder: Path) -> bool:
    """Whether the training's process lives, whoever started it."""
    process = _processes.get(folder)
    if process is not None and process.poll() is None:
        return True
    if process is not None:
        _hang_up(process)
    elif _is_starting(folder):
        return True
    return _is_locked(folder / ALIVE)


def _hang_up(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        process.stdin.close()


def _is_locked(path: Path) -> bool:
    if not path.exists():
        return False
    lock = FileLock(path)
    with _probing:  # two who probe at once would find each other's lock
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return True
        lock.release()
    return False


def _is_starting(folder: Path) -> bool:
    """Whether another server has just asked for it, so that its process holds no lock yet."""
    try:
        age = time.time() - (folder / SPEC).stat().st_mtime
    except OSError:
        return False
    return age < SECONDS_TO_START and not (folder / EVENTS).exists()


def _events(folder: Path) -> list[dict[str, Any]]:
    with suppress(OSError):
        whole = (folder / EVENTS).read_text().split("\n")[:-1]  # a line counts once it is ended
        return [json.loads(line) for line in whole]
    return []


def _full_disk(folder: Path) -> str:
    """A sentence where nothing fits on the disk any more: the process itself could not write it down."""
    with suppress(OSError):
        if shutil.disk_usage(folder).free < LEAST_ROOM_BYTES:
            return f"The disk that holds {folder.parent} is full: free some room there."
    return ""


def _last_words(folder: Path) -> str:
    """The last line that a process printed; of a long one its end."""
    with suppress(OSError), (folder / OUTPUT).open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - 4 * MOST_LAST_WORDS))
        lines = file.read().decode(errors="replace").split("\n")
        return next((line.strip()[-MOST_LAST_WORDS:] for line in reversed(lines) if line.strip()), "")
    return ""


def main(folder: Path, turn: Path, if_cancelled: str, work: str, *arguments: str) -> None:
    """The training's own process: it waits for its turn, trains, and says how it ended."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a server that a shell's & started is deaf to it, and so would this be
    with suppress(OSError, AttributeError):
        os.nice(NICENESS)
    with FileLock(folder / ALIVE), (folder / EVENTS).open("a") as events:
        end = _End(folder, partial(_write, events), if_cancelled)
        try:
            threading.Thread(target=end.come_when_unwanted, daemon=True).start()
            end.say(state="queued")
            with FileLock(turn):
                end.say(state="running")
                module, _, function = work.partition(":")
                train = getattr(importlib.import_module(module), function)
                end.begin_work()
                train(folder, end.say, *arguments)
            end.say(state="done")
        except KeyboardInterrupt:
            end.say(state="cancelled", sentence=if_cancelled)
        except Exception as error:  # the page shows the sentence; there is nobody else to tell
            with suppress(OSError):  # a disk that is full: whoever asks is told so by `status`
                end.say(state="failed", sentence=sentence(error))
                traceback.print_exc()


def _write(events: IO[str], **values: Any) -> None:
    events.write(json.dumps(values) + "\n")
    events.flush()


class _End:
    """The end of a process that is not wanted any more: while it trains an interrupt, so that it can keep what is done; before, at once.

    An interrupt while NumPy or torch are imported would come out of them as another error.
    """

    def __init__(self, folder: Path, write: Say, if_cancelled: str) -> None:
        self.folder, self.if_cancelled = folder, if_cancelled
        self._write, self._writing, self._works = write, threading.RLock(), False

    def say(self, **values: Any) -> None:
        """Write an event; never one after the last."""
        with self._writing:
            self._write(**values)

    def begin_work(self) -> None:
        """From here on, what is done is worth keeping."""
        with self._writing:
            self._works = True

    def come_when_unwanted(self) -> None:
        """Wait until the training is cancelled or forgotten, or the process that started it is gone; then end it."""
        gone = threading.Event()
        threading.Thread(target=_set_at_end_of_input, args=(gone,), daemon=True).start()
        while not gone.is_set() and (self.folder / SPEC).exists() and not (self.folder / CANCEL).exists():
            time.sleep(POLL_SECONDS)
        with self._writing:
            if not self._works:
                self._write(state="cancelled", sentence=self.if_cancelled)
                os._exit(0)
        _thread.interrupt_main()


def _set_at_end_of_input(gone: threading.Event) -> None:
    """Nothing is ever sent: the input ends with the process at its other end."""
    os.read(sys.stdin.fileno(), 1)
    gone.set()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])
