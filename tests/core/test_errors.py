"""What is said of an error: which file, why, and what to do."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from vae_core.errors import naming, sentence


def failed(number: int, *, path: str | None = None) -> OSError:
    return OSError(number, os.strerror(number), path) if path else OSError(number, os.strerror(number))


def test_a_write_that_names_no_file_is_said_with_its_name() -> None:
    with pytest.raises(OSError, match="No space") as error, naming(Path("/disk/model")):
        raise failed(errno.ENOSPC)
    assert sentence(error.value).startswith("/disk/model must find room on its disk, got no space left on device: free some")
    with pytest.raises(OSError, match="denied") as error, naming(Path("/disk/model")):
        raise failed(errno.EACCES, path="/elsewhere")
    assert sentence(error.value).startswith("/elsewhere must be a place that can be read and written, got permission denied: ")


@pytest.mark.parametrize(
    ("number", "remedy"),
    [(errno.ENOSPC, "free some"), (errno.EACCES, "change its rights"), (errno.EROFS, "choose another"), (errno.EMFILE, "ulimit -n")],
)
def test_what_to_do_is_what_helps(number: int, remedy: str) -> None:
    said = sentence(failed(number, path="/disk/model"))
    assert remedy in said
    assert ("change its rights" in said) == (number in (errno.EACCES, errno.EROFS))
    assert ("VAE_EXPLORER_CHECKPOINTS" in said) == ("VAE_EXPLORER_CACHE" in said) == (number != errno.EMFILE)
