"""Where a person's own images come from: a folder, a ZIP file, or files by themselves. Nothing is unpacked to a path that a file names."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO

from vae_core.data.allowance import UNPACKED_BYTES, Allowance, TooCostly
from vae_core.data.images import ENDINGS, LARGEST_FILE_BYTES, ImageRefused
from vae_core.data.names import is_hidden, names_in_zip, parts_in_zip
from vae_core.errors import require
from vae_core.plain import plain, shortened

MOST_FILES = 20_000
MOST_ENTRIES = 4 * MOST_FILES
"""Of a ZIP file, folders and what systems add among them: more take longer to list than a person waits."""
ENTRY = b"PK\x01\x02"
"""What every entry of a ZIP file's list of contents begins with."""
LOCAL_HEADER_BYTES = 30
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Ways to pack that are unpacked: of bzip2 and LZMA a few kilobytes come out as gigabytes, before anything can stop them."""
AT_ONCE = 1_000_000
"""Bytes that are unpacked between two looks at what is left of the allowance."""
NAMELESS = "a file without a name"


@dataclass(frozen=True, slots=True)
class OwnFile:
    """One file that may be an image.

    Attributes:
        name: its own name, plain.
        read: its bytes; raises `ImageRefused` where they cannot be had.
        folders: those that it lies in, the outermost first, plain.
    """

    name: str
    read: Callable[[], bytes]
    folders: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """Folders and name, for a sentence."""
        return "/".join((*self.folders, self.name))

    @property
    def is_called_image(self) -> bool:
        """Whether its name ends as images' names do."""
        return self.name.rpartition(".")[2].lower() in ENDINGS


def in_folder(folder: Path) -> Iterator[OwnFile]:
    """Every file in a folder and those below it, by path; hidden ones are left out.

    Raises:
        ValueError: if there is no such folder, or it holds far too many files.
    """
    require(folder.is_dir(), "folder", "be a folder on this machine", str(folder))
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and not is_hidden(path.relative_to(folder).parts))
    require(len(paths) <= MOST_FILES, "folder", f"hold at most {MOST_FILES:,} files", len(paths))
    for path in paths:
        yield _shown([os.fsencode(part).decode("utf-8", "replace") for part in path.relative_to(folder).parts], partial(_from_disk, path))


def in_zip(data: bytes, name: str, allowance: Allowance | None = None) -> Iterator[OwnFile]:
    """Every file of a ZIP file, by path; hidden ones are left out.

    Args:
        data: the ZIP file.
        name: what errors call it.
        allowance: that unpacking is counted in; by default one of this ZIP file's own, without a limit of time.

    Raises:
        ValueError: if the bytes are no ZIP file, its entries overlap, or it holds far too many files.
    """
    allowance = allowance or Allowance()
    n_entries = data.count(ENTRY)
    require(n_entries <= MOST_ENTRIES, name, f"hold at most {MOST_FILES:,} files", n_entries)
    allowance.require_time(name)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        listed = archive.infolist()
        entries = [(parts_in_zip(said), entry) for said, entry in zip(names_in_zip(listed), listed, strict=True)]
    except Exception as error:  # on hostile or damaged bytes nearly anything
        raise ValueError(f"{name} must be an intact ZIP file, got a damaged one: make it again") from error
    _require_apart(listed, name)
    files = [(parts, entry) for parts, entry in entries if not _is_folder(entry) and not is_hidden(parts)]
    require(len(files) <= MOST_FILES, name, f"hold at most {MOST_FILES:,} files", len(files))
    for parts, entry in sorted(files, key=lambda one: one[0]):
        shown = _shown(parts, bytes)
        yield OwnFile(shown.name, partial(_unpacked, archive, entry, shown.path, allowance), shown.folders)


def given(files: Iterable[tuple[str, bytes]], allowance: Allowance | None = None) -> Iterator[OwnFile]:
    """Files that were handed over by name; a ZIP file among them stands for what it holds. `allowance` as for `in_zip`.

    Raises:
        ValueError: if a ZIP file is damaged, or holds far too many files.
    """
    for name, data in files:
        parts = parts_in_zip(name)
        file = _shown(parts, partial(bytes, data))
        if data[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
            yield from in_zip(data, file.name, allowance)
        elif not is_hidden(parts):
            yield file


def _shown(parts: Sequence[str], read: Callable[[], bytes]) -> OwnFile:
    *folders, name = (shortened(plain(part)) for part in parts or ("",))
    return OwnFile(name or NAMELESS, read, tuple(folder for folder in folders if folder))


def _is_folder(entry: zipfile.ZipInfo) -> bool:
    return entry.orig_filename.endswith(("/", "\\"))


def _require_apart(entries: Iterable[zipfile.ZipInfo], name: str) -> None:
    """Refuse a ZIP file in which one stretch of bytes is unpacked for several entries: no program but a bomb's makes such."""
    end = 0
    for start, size in sorted((entry.header_offset, entry.compress_size) for entry in entries):
        if start < end:
            raise ValueError(f"{name} must hold each file in a place of its own, got some that overlap: make it again")
        end = start + LOCAL_HEADER_BYTES + size


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, allowance: Allowance) -> bytes:
    if entry.compress_type not in METHODS:
        raise ImageRefused(f"{name} must be packed by Deflate or stored in its ZIP file, got another method: pack it again")
    out = io.BytesIO()
    try:
        with archive.open(entry) as file:  # what its header says of its size is not believed
            while piece := _next_piece(file, LARGEST_FILE_BYTES + 1 - out.tell(), name, allowance):
                out.write(piece)
    except (ImageRefused, TooCostly):
        raise
    except Exception as error:  # a password, an unknown method, a damaged stream: each library raises its own
        raise ImageRefused(f"{name} must be readable in its ZIP file, got a damaged or locked one: pack it again") from error
    return out.getvalue()


def _next_piece(file: IO[bytes], most: int, name: str, allowance: Allowance) -> bytes:
    """Some of what is unpacked, counted before anything is found wrong with the rest."""
    allowance.require_time(name)
    if allowance.n_bytes <= 0:
        raise ImageRefused(f"{name} must fit the {UNPACKED_BYTES / 1e9:.0f} GB that ZIP files may unpack to: use a folder")
    n = min(AT_ONCE, most)
    allowance.n_bytes -= n
    piece = file.read(n)
    allowance.n_bytes += n - len(piece)
    return piece


def _from_disk(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_FILE_BYTES + 1)
    except OSError as error:
        raise ImageRefused(f"{path.name} must be a file that can be read, got {(error.strerror or 'an error').lower()}") from error
