"""What killed processes have left behind, swept at the next start: never what another process is at, nor epochs to resume from."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from vae_core.data import leftovers
from vae_core.data.leftovers import is_of_a_dead_process
from vae_core.jobs import process
from vae_core.jobs.live_runs import PREFIX
from vae_core.store import Store, checkpoints

UNFINISHED = ("{}.*.writing", "{}.*.deleted", "{}.*.taking", "{}.partial/*.writing", "{}.film/writing.*.npz", "{}.job/again")
"""What is never there but while a process writes it, or trains; the first word of each is the fingerprint of a model."""


def remove_leftovers(store: Store) -> None:
    """Delete what is not finished and nobody works on, among the local models, in the cache, and in the folder of temporary files."""
    leftovers.remove_leftovers()
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if is_of_a_dead_process(folder.name.removeprefix(PREFIX).rpartition("-")[0]):
            shutil.rmtree(folder, ignore_errors=True)
    paths = [path for pattern in (*UNFINISHED, "{}.partial") for path in store.local.glob(pattern.format("*"))]
    for fingerprint in sorted({path.relative_to(store.local).parts[0].partition(".")[0] for path in paths}):
        if not process.is_alive(store.local / f"{fingerprint}.job"):
            with suppress(Timeout, OSError), FileLock(store.local / f"{fingerprint}.lock", timeout=0):
                for path in _left(store, fingerprint):
                    _delete(path)


def _left(store: Store, fingerprint: str) -> Iterator[Path]:
    """What is left of a model that nobody trains; its epochs only where they cannot be read, or the model is there."""
    for pattern in UNFINISHED:
        yield from store.local.glob(pattern.format(fingerprint))
    partial = store.local / f"{fingerprint}.partial"
    is_there = any(checkpoints.exists(root / fingerprint) for root in (store.shipped, store.local))
    if partial.is_dir() and (is_there or checkpoints.read_partial(partial)[0] is None):
        yield partial


def _delete(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
