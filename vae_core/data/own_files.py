"""Where a person's own images come from: a folder, a ZIP file, or files by themselves. Nothing is unpacked to a path that a file names."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath

from vae_core.data.images import LARGEST_FILE_BYTES, ImageRefused
from vae_core.errors import require

MOST_FILES = 20_000
MOST_ENTRIES = 4 * MOST_FILES
"""Of a ZIP file, folders and what systems add among them: more take longer to list than a person waits."""
ENTRY = b"PK\x01\x02"
"""What every entry of a ZIP file's list of contents begins with."""
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Ways to pack that are unpacked: of bzip2 and LZMA a few kilobytes come out as gigabytes, before anything can stop them."""
LARGEST_ZIP_BYTES = 1_000_000_000
"""Of all that is unpacked from one ZIP file."""


@dataclass(frozen=True, slots=True)
class OwnFile:
    """One file that may be an image.

    Attributes:
        name: its path within the folder or ZIP file, with forward slashes.
        read: its bytes; raises `ImageRefused` where they cannot be had.
    """

    name: str
    read: Callable[[], bytes]

    @property
    def label(self) -> str:
        """The name of the folder that it lies in; empty at the top."""
        return PurePosixPath(self.name).parent.name


def in_folder(folder: Path) -> Iterator[OwnFile]:
    """Every file in a folder and those below it, by path; hidden ones are left out.

    Raises:
        ValueError: if there is no such folder, or it holds far too many files.
    """
    require(folder.is_dir(), "folder", "be a folder on this machine", str(folder))
    found = sorted(path for path in folder.rglob("*") if path.is_file() and not _is_hidden(path.relative_to(folder).as_posix()))
    require(len(found) <= MOST_FILES, "folder", f"hold at most {MOST_FILES:,} files", len(found))
    for path in found:
        name = os.fsencode(path.relative_to(folder).as_posix()).decode("utf-8", "replace")  # a name can be of bytes that are no text
        yield OwnFile(name, partial(_from_disk, path))


def in_zip(data: bytes, name: str) -> Iterator[OwnFile]:
    """Every file of a ZIP file, by path; hidden ones are left out.

    Raises:
        ValueError: if the bytes are no ZIP file, or it holds far too many files.
    """
    n_entries = data.count(ENTRY)
    require(n_entries <= MOST_ENTRIES, name, f"hold at most {MOST_FILES:,} files", n_entries)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except Exception as error:  # on hostile or damaged bytes nearly anything
        raise ValueError(f"{name} must be an intact ZIP file, got a damaged one: make it again") from error
    entries = [entry for entry in archive.infolist() if not entry.filename.endswith("/") and not _is_hidden(entry.filename)]
    require(len(entries) <= MOST_FILES, name, f"hold at most {MOST_FILES:,} files", len(entries))
    room = _Room(LARGEST_ZIP_BYTES)
    for entry in sorted(entries, key=lambda entry: entry.filename):
        yield OwnFile(_named(entry), partial(_unpacked, archive, entry, room))


def given(files: Iterable[tuple[str, bytes]]) -> Iterator[OwnFile]:
    """Files that were handed over by name; a ZIP file among them stands for what it holds.

    Raises:
        ValueError: if a ZIP file is damaged, or holds far too many files.
    """
    for name, data in files:
        if data[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
            yield from in_zip(data, name)
        elif not _is_hidden(name):
            yield OwnFile(name, partial(bytes, data))


@dataclass(slots=True)
class _Room:
    """How many bytes may still be unpacked."""

    n_bytes: int


def _named(entry: zipfile.ZipInfo) -> str:
    return entry.filename if PurePosixPath(entry.filename).name else "a file without a name"


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, room: _Room) -> bytes:
    name = _named(entry)
    if entry.compress_type not in METHODS:
        raise ImageRefused(f"{name} must be packed by Deflate or stored in its ZIP file, got another method: pack it again")
    try:
        with archive.open(entry) as file:
            data = file.read(min(LARGEST_FILE_BYTES, room.n_bytes) + 1)  # what the header says of its size is not believed
    except Exception as error:  # a password, an unknown method, a damaged stream: each library raises its own
        raise ImageRefused(f"{name} must be readable in its ZIP file, got a damaged or locked one: pack it again") from error
    room.n_bytes -= len(data)
    if room.n_bytes < 0:
        raise ImageRefused(f"{name} must fit the {LARGEST_ZIP_BYTES / 1e9:.0f} GB that a ZIP file may unpack to: use a folder")
    return data


def _from_disk(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_FILE_BYTES + 1)
    except OSError as error:
        raise ImageRefused(f"{path.name} must be a file that can be read, got {(error.strerror or 'an error').lower()}") from error


def _is_hidden(name: str) -> bool:
    """Files that systems leave in folders and archives: `.DS_Store`, `__MACOSX/…`, `Thumbs.db`."""
    path = PurePosixPath(name)  # of "" and ".", it has neither parts nor a name
    is_of_a_system = path.name in ("Thumbs.db", "desktop.ini")
    return is_of_a_system or any((part.startswith(".") and part != "..") or part == "__MACOSX" for part in path.parts)
