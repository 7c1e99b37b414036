"""How the program refuses, and what it says of an error."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

OTHER_PLACES = "VAE_EXPLORER_CHECKPOINTS for models, VAE_EXPLORER_CACHE for data sets"
"""The variables that name folders to write to."""
FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
TOO_MANY = (errno.EMFILE, errno.ENFILE)


def require(holds: bool, name: str, rule: str, value: object) -> None:
    """Raise a ValueError in the house's form, `<name> must <rule>, got <value>`, unless the rule holds."""
    if not holds:
        raise ValueError(f"{name} must {rule}, got {value!r}")


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Let an OSError say which file it is about: what a full disk refuses, a write to a file that is open, names none."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = str(path)
        raise


def sentence(error: BaseException) -> str:
    """What to say of an error, in one line without a full stop: of an OSError which place, why, and what to do; else its own words."""
    if isinstance(error, OSError):
        return _of_a_place(error)
    words = error.args[0] if isinstance(error, KeyError) and error.args else error  # str of a KeyError is its words in quotes
    return " ".join(str(words).split()) or type(error).__name__


def _of_a_place(error: OSError) -> str:
    why = (error.strerror or str(error) or type(error).__name__).lower()
    place = error.filename or "output"
    if error.errno in FULL:
        return f"{place} must find room on its disk, got {why}: free some, or choose another disk ({OTHER_PLACES}), and do it again"
    if error.errno in TOO_MANY:
        return f"{place} must be opened, got {why}: close some pages, or raise the limit (ulimit -n) before the program is started"
    return f"{place} must be a place that can be read and written, got {why}: choose another ({OTHER_PLACES}), or change its rights"
