"""What killed processes have left in the cache: halves of downloads, and of a person's own data sets."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from contextlib import suppress

from filelock import FileLock, Timeout

from vae_core.identities import cache_folder


def mark() -> str:
    """What this process writes into the names of what it has not finished: the machine, and itself."""
    return f"{platform.node().replace('.', '-') or 'here'}-{os.getpid()}"


def is_of_a_dead_process(mark: str) -> bool:
    """Whether a mark is of this machine, and of a process that is gone; False where that cannot be told."""
    machine, _, pid = mark.rpartition("-")
    if sys.platform == "win32" or not pid.isdigit() or machine != mark_of_machine():
        return False
    try:
        os.kill(int(pid), 0)  # asks, and does nothing
    except ProcessLookupError:
        return True
    except OSError:  # another user's
        return False
    return False


def mark_of_machine() -> str:
    """The part of a mark that is the machine's."""
    return mark().rpartition("-")[0]


def remove_leftovers() -> None:
    """Delete them; what another process is writing now stays."""
    for lock in cache_folder().glob("*/.lock"):
        with suppress(Timeout, OSError), FileLock(lock, timeout=0):
            for part in lock.parent.glob("*.part"):
                part.unlink()
    for path in (*cache_folder().glob("own-*.writing"), *cache_folder().glob("own-*.deleted")):
        if is_of_a_dead_process(path.name.split(".")[1]):
            shutil.rmtree(path, ignore_errors=True)
