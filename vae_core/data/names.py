"""Names of files as people's systems write them → folders and a name that can be shown. Nothing is ever opened by such a name.

The rule: in a ZIP file both slashes part folders; a name is UTF-8 where the file says so or where its bytes are that, and the other names
are all in the first code page of DOS or Windows in which all their letters are Latin. Shown (`vae_core.plain`), letters are composed: ä of
a Mac is anyone's ä.
"""

from __future__ import annotations

import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Sequence

UTF8_FLAG = 0x800
UNICODE_PATH = 0x7075
"""Of PKWARE's ZIP notes: the flag of names in UTF-8, and the extra field that holds one besides."""
CODE_PAGES = ("cp437", "cp850", "cp1252")
HIDDEN_FOLDERS = {"__macosx", "$recycle.bin", "system volume information", "@eadir"}
HIDDEN_FILES = {"thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r"}
"""What systems leave in folders and archives, besides what begins with a full stop."""


def names_in_zip(entries: Sequence[zipfile.ZipInfo]) -> list[str]:
    """What the names of entries say, whatever system wrote them; still to be parted and made plain."""
    names = [_said(entry) for entry in entries]
    unclear = b" ".join(name for name in names if isinstance(name, bytes))
    page = next((page for page in CODE_PAGES if _is_latin(unclear.decode(page, "replace"))), CODE_PAGES[0])
    return [name if isinstance(name, str) else name.decode(page, "replace") for name in names]


def _said(entry: zipfile.ZipInfo) -> str | bytes:
    """The name as text; as bytes where it is in some code page."""
    if entry.flag_bits & UTF8_FLAG:
        return entry.orig_filename
    octets = entry.orig_filename.encode("cp437")  # as which Python read them
    try:
        return _unicode_path(entry.extra, octets) or octets.decode("utf-8")
    except UnicodeDecodeError:
        return octets


def _unicode_path(extra: bytes, octets: bytes) -> str | None:
    """The name in UTF-8 that some programs add; None where there is none, or it is of another name."""
    while len(extra) >= 4:
        kind, size = struct.unpack("<HH", extra[:4])
        content, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == UNICODE_PATH and content[1:5] == struct.pack("<I", zlib.crc32(octets)):
            return content[5:].decode("utf-8", "replace")
    return None


def _is_latin(text: str) -> bool:
    return all(letter.isascii() or unicodedata.name(letter, "").startswith("LATIN") for letter in text)


def parts_in_zip(name: str) -> tuple[str, ...]:
    """The folders of an entry's name and its own, without what would lead anywhere: roots, drives, full stops alone."""
    parts = tuple(part for part in name.replace("\\", "/").split("/") if part.strip(". "))
    return parts[1:] if len(parts) > 1 and parts[0].endswith(":") else parts


def is_hidden(parts: Sequence[str]) -> bool:
    """Whether a file is one that systems leave in folders and archives: `.DS_Store`, `__MACOSX/…`, `Thumbs.db`."""
    if not parts:
        return False
    return parts[-1].casefold() in HIDDEN_FILES or any(part.startswith(".") or part.casefold() in HIDDEN_FOLDERS for part in parts)
