"""What the tests let a process of its own do in place of training."""

from __future__ import annotations

import itertools
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from vae_core.jobs.process import Say

HERE = __name__


def sleep(folder: Path, say: Say) -> None:
    """Until it is not wanted any more."""
    say(epoch={"epoch": 1, "pid": os.getpid(), "niceness": os.nice(0)})
    while True:
        time.sleep(0.1)


def flood(folder: Path, say: Say) -> None:
    """More on both outputs than a pipe holds."""
    for stream in (sys.stderr, sys.stdout):
        for _ in range(40):
            stream.write("a warning that nobody reads\n" * 1000)
        stream.flush()


def refuse(folder: Path, say: Say) -> None:
    """An error."""
    raise ValueError("hidden must be between 1 and 512, got 0")


def die(folder: Path, say: Say) -> None:
    """A death that no Python code hears of."""
    say(epoch={"epoch": 1})
    print("std::bad_alloc: out of memory", file=sys.stderr, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)


def sent_frames(spec_json: str) -> Iterator[bytes]:
    """Frames of a training that never ends, as a module of `LiveRuns` yields them: the epoch in ASCII."""
    for epoch in itertools.count(1):
        yield str(epoch).encode()
        time.sleep(0.1)
