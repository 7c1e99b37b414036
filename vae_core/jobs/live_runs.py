"""A training that is watched and not kept: it writes frames to a file of its folder, and all sessions of a server read them from there."""

from __future__ import annotations

import importlib
import json
import shutil
import struct
import tempfile
import threading
import weakref
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from vae_core.data.leftovers import mark
from vae_core.errors import naming
from vae_core.jobs import process
from vae_core.jobs.process import Say, Status
from vae_core.training.devices import configure_numerics

PREFIX = "vae-explorer-"
"""Of a folder of temporary files; the mark of its process follows."""
FRAMES = "frames"
"""A file of frames, each with its length before it, a little-endian u32."""
STEERED = "steered.json"
"""A file of numbers by name, which the training reads before each epoch."""
Reader = Callable[[bytes], Any]
"""The frame, with its `epoch` and `n_epochs`, that was sent as these bytes."""


class LiveRun:
    """One training and its frames, while it runs and afterwards.

    Args:
        folder: where its process writes.
        read: what reads a frame.
    """

    def __init__(self, folder: Path, read: Reader) -> None:
        self.folder, self._read = folder, read
        self._frames: list[Any] = []
        self._position = 0
        self._steered: dict[str, float] = {}
        self._reading = threading.Lock()
        self._end: Status | None = None

    def status(self) -> Status:
        """How it stands."""
        if self._end is not None:
            return self._end
        status = process.status(self.folder, if_silent="The process that trained ended without a word.")
        self._end = None if status.is_alive else status
        return status

    @property
    def is_alive(self) -> bool:
        """Whether more frames may come."""
        return self.status().is_alive

    @property
    def frames(self) -> list[Any]:
        """Every frame so far."""
        with self._reading:
            if (self.folder / FRAMES).exists():
                self._frames += map(self._read, self._new_frames())
            return list(self._frames)

    def _new_frames(self) -> Iterator[bytes]:
        """What was written since this was last asked; a frame counts once it is whole."""
        with (self.folder / FRAMES).open("rb") as file:
            file.seek(self._position)
            while len(head := file.read(4)) == 4:
                (length,) = struct.unpack("<I", head)
                data = file.read(length)
                if len(data) < length:
                    return
                self._position = file.tell()
                yield data

    @property
    def progress(self) -> float:
        """Share of the epochs that are done."""
        frames = self.frames
        return frames[-1].epoch / frames[-1].n_epochs if frames else 0.0

    def steer(self, **numbers: float) -> None:
        """Have the training go on with other numbers, as far as it knows them. Everyone who watches it sees what becomes of it."""
        aside = self.folder / f"{STEERED}.new"
        with suppress(FileNotFoundError):  # forgotten meanwhile
            aside.write_text(json.dumps(self.steered | numbers))
            aside.replace(self.folder / STEERED)
            self._steered |= numbers

    @property
    def steered(self) -> dict[str, float]:
        """The numbers that were changed since it began, by name; none of a training that is its spec's."""
        return dict(self._steered)

    def cancel(self) -> None:
        """Ask it to stop; its frames stay."""
        process.cancel(self.folder)

    def forget(self) -> None:
        """Delete its files; what they held stays here for those who still look at it. It is over."""
        _ = self.frames, self.status()
        process.forget(self.folder)


class LiveRuns:
    """The trainings of one kind that this server has started, by spec: whoever asks for the same one joins it.

    The oldest are forgotten, and all of them with this.

    Args:
        module: its `sent_frames(spec_json)` trains, and yields every frame as bytes. A generator is sent what `LiveRun.steer` has changed.
        read: what reads a frame.
        at_most: trainings that are remembered.
    """

    def __init__(self, module: str, read: Reader, at_most: int = 12) -> None:
        self.module, self.read, self.at_most = module, read, at_most
        self._runs: dict[str, LiveRun] = {}
        self._n_started = 0
        self._changing = threading.Lock()
        self._folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{mark()}-"))
        weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)

    def find(self, spec_json: str) -> LiveRun | None:
        """The spec's training, whatever its state; None if nobody has started it."""
        return self._runs.get(spec_json)

    def start(self, spec_json: str, models: Path) -> LiveRun:
        """The spec's training: joined while it runs or once it is done, begun again if it was cancelled, failed or steered.

        Args:
            spec_json: what is trained.
            models: as for `process.start`.
        """
        with self._changing:
            run = self._runs.get(spec_json)
            if run is None or run.status().state in ("cancelled", "failed") or (run.steered and not run.is_alive):
                run = self._begin(spec_json, models)
            return run

    def _begin(self, spec_json: str, models: Path) -> LiveRun:
        self._n_started += 1
        run = LiveRun(self._folder / f"{self._n_started}", self.read)
        work = f"{__name__}:write_frames"
        process.start(run.folder, spec_json, work, self.module, models=models, if_cancelled="Stopped.")
        if spec_json in self._runs:
            self._runs.pop(spec_json).forget()
        self._forget_oldest()
        self._runs[spec_json] = run
        return run

    def _forget_oldest(self) -> None:
        over = [key for key, run in self._runs.items() if not run.is_alive]
        for key in over[: max(0, len(self._runs) + 1 - self.at_most)]:
            self._runs.pop(key).forget()


def write_frames(folder: Path, say: Say, module: str) -> None:
    """What the training's own process does: train, on one thread, and write the frames where `LiveRun` reads them."""
    configure_numerics(n_threads=1)
    with naming(folder / FRAMES), (folder / FRAMES).open("wb") as file:
        for data in _steerable(importlib.import_module(module).sent_frames((folder / process.SPEC).read_text()), folder / STEERED):
            file.write(struct.pack("<I", len(data)) + data)
            file.flush()


def _steerable(frames: Iterator[bytes], numbers: Path) -> Iterator[bytes]:
    """The frames; a generator of them is sent the numbers of a file where there is one."""
    if not isinstance(frames, Generator):
        yield from frames
        return
    with suppress(StopIteration):
        data = next(frames)
        while True:
            yield data
            data = frames.send(json.loads(numbers.read_text()) if numbers.exists() else None)
