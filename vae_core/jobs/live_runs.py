"""A training in a process of its own, whose frames arrive while it runs. No torch here: the process that serves pages stays responsive."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, Literal

from vae_core.explore.latent.films import read_frame

ROOT = Path(__file__).resolve().parents[2]
State = Literal["waiting", "running", "done", "stopped", "failed"]
Reader = Callable[[BinaryIO], Any]
"""The next frame of a stream, with its `epoch` and `n_epochs`; None at the end."""

_one_at_a_time = threading.Lock()


class LiveRun:
    """One training, started when it is made; others wait for their turn.

    Args:
        module: what `python -m` runs; it writes frames to its standard output.
        spec_json: its only argument.
        read: what reads a frame.
    """

    def __init__(self, module: str, spec_json: str, read: Reader = read_frame) -> None:
        self.module, self.spec_json, self.read = module, spec_json, read
        self.frames: list[Any] = []
        self.error = ""
        self.state: State = "waiting"
        self._process: subprocess.Popen | None = None
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def is_over(self) -> bool:
        """Whether no more frames will come."""
        return self.state in ("done", "stopped", "failed")

    @property
    def progress(self) -> float:
        """Share of the epochs that are done."""
        return self.frames[-1].epoch / self.frames[-1].n_epochs if self.frames else 0.0

    def stop(self) -> None:
        """End the training; its frames stay."""
        if not self.is_over:
            self.state = "stopped"
            if self._process is not None:
                self._process.terminate()

    def wait(self, seconds: float | None = None) -> None:
        """Until it is over, or the time is up."""
        self._reader.join(seconds)

    def _read(self) -> None:
        with _one_at_a_time:
            if self.state == "stopped":
                return
            command = [sys.executable, "-m", self.module, self.spec_json]
            self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            self.state = "running" if self.state == "waiting" else self.state
            if self.state == "stopped":
                self._process.terminate()
            while (frame := self.read(self._process.stdout)) is not None:
                self.frames.append(frame)
            said = self._process.stderr.read().decode(errors="replace").strip()
            failed = self._process.wait() != 0
        if self.state == "running":
            self.error = said.splitlines()[-1] if failed and said else ""
            self.state = "failed" if failed else "done"


class LiveRuns:
    """The trainings that this server has started, by spec: whoever asks for the same one joins it. The oldest are forgotten."""

    def __init__(self, module: str, at_most: int = 12, read: Reader = read_frame) -> None:
        self.module, self.at_most, self.read = module, at_most, read
        self._runs: dict[str, LiveRun] = {}
        self._changing = threading.Lock()

    def find(self, spec_json: str) -> LiveRun | None:
        """The spec's training, whatever its state; None if nobody has started it."""
        return self._runs.get(spec_json)

    def start(self, spec_json: str) -> LiveRun:
        """The spec's training: joined while it runs or once it is done, begun again if it was stopped or failed."""
        with self._changing:
            run = self._runs.get(spec_json)
            if run is None or run.state in ("stopped", "failed"):
                over = [key for key, old in self._runs.items() if old.is_over]
                for key in over[: max(0, len(self._runs) + 1 - self.at_most)]:
                    del self._runs[key]
                run = self._runs[spec_json] = LiveRun(self.module, spec_json, self.read)
            return run
