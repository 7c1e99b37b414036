"""Published files: what pins their content, and the folders of this machine that may hold them."""

from __future__ import annotations

import gzip
import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from vae_core.identities import cache_folder


class DatasetUnavailable(RuntimeError):
    """A data set cannot be had on this machine now. The message is one sentence that says what to do."""


class NotDownloaded(DatasetUnavailable):
    """A data set is not on this machine, and was not fetched.

    Args:
        name: of the data set.
        happened: what, and where, in a few words.
        remedy: what to do about that.
        by_hand: how else the files come here.
    """

    def __init__(self, name: str, happened: str, remedy: str, by_hand: str) -> None:
        super().__init__(name, happened, remedy, by_hand)
        self.happened, self.remedy, self.by_hand = happened, remedy, by_hand

    def __str__(self) -> str:
        return f"{self.args[0]} is not on this machine and could not be downloaded ({self.happened}): {self.remedy}, or {self.by_hand}"


class FileRefused(DatasetUnavailable):
    """A file is there, but is not what was published: truncated, swapped or damaged."""


class NotAsPublished(ValueError):
    """These bytes are not the published file's. The message says what they are."""


def as_published(data: bytes) -> bytes:
    """The file's own bytes, for a hash that is of the file as published."""
    return data


def gunzipped(data: bytes) -> bytes:
    """What a gzip file holds, or the bytes themselves where they are not compressed (or not any more)."""
    return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file as somebody published it.

    Attributes:
        name: of the file in a folder of data.
        urls: where it is published, in the order in which they are tried.
        size: of the download, in bytes (rounded where no exact size is published).
        hash: `md5:…` or `sha256:…` of the file's content, in the sense of `unpack`.
        other_names: under which a folder may hold it as well.
        unpack: the file's bytes → the content that `hash` pins.
    """

    name: str
    urls: tuple[str, ...]
    size: int
    hash: str
    other_names: tuple[str, ...] = ()
    unpack: Callable[[bytes], bytes] = as_published

    def found_in(self, folder: Path) -> Path | None:
        """The file in the folder, under the first of its names that is there and not empty; its content is not looked at.

        None, too, where the folder cannot be read.
        """
        for name in (self.name, *self.other_names):
            with suppress(OSError):
                found = (folder / name).stat()
                if stat.S_ISREG(found.st_mode) and found.st_size > 0:
                    return folder / name
        return None

    def verified(self, data: bytes) -> bytes:
        """The content of a file's bytes, once it is known to be what was published.

        Raises:
            NotAsPublished: if it is anything else.
        """
        try:
            content = self.unpack(data)
        except EOFError as error:
            raise NotAsPublished("a truncated file") from error
        except Exception as error:  # gzip, zip and MATLAB readers raise nearly anything on foreign bytes
            raise NotAsPublished("a truncated or damaged file") from error
        algorithm, _, expected = self.hash.partition(":")
        if hashlib.new(algorithm, content, usedforsecurity=False).hexdigest() != expected:
            raise NotAsPublished("other content (truncated, swapped or damaged)")
        return content

    def read(self, path: Path) -> bytes:
        """The verified content of the file at `path`.

        Raises:
            FileRefused: if it is not what was published, or cannot be read.
        """
        try:
            return self.verified(path.read_bytes())
        except NotAsPublished as error:
            raise FileRefused(f"{path} must hold the published {self.name}, got {error}: replace it, or remove it") from error
        except OSError as error:
            raise FileRefused(f"{path} must be readable, got {error.strerror}: allow reading it, or remove it") from error


def data_folder() -> Path | None:
    """The folder named by VAE_EXPLORER_DATA, or None where the variable is not set."""
    folder = os.environ.get("VAE_EXPLORER_DATA")
    return Path(folder).expanduser() if folder else None


def folders(dataset: str) -> Iterator[Path]:
    """The folders that may hold a data set's files, in the order of search."""
    data = data_folder()
    if data is not None:
        yield data / dataset
    yield cache_folder() / dataset
