"""Uploads that nobody should make: images, ZIP files and models' files, each changed in ways that are drawn from a seed.

What the program makes of one is asked by `treated`; a test asks it of some hundred, `benchmarks/fuzz.py` of ten thousand.
"""

from __future__ import annotations

import io
import json
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from PIL import Image

from tests.image_corpus import lying, modes, oriented, other_kinds, png, saved, sound_files
from vae_core.data import own
from vae_core.data.allowance import Allowance
from vae_core.data.classes import counts, levels
from vae_core.data.own_files import given
from vae_core.data.pictures import read_batch
from vae_core.data.preparation import made_like
from vae_core.store import Store, archive

NAMES = (
    "a.png",
    "Bäume/ü.jpg",
    "x/y/z/1.png",
    "..",
    "",
    "a\\b\\c.tif",
    "C:\\a.png",
    "/etc/x.png",
    "._a.png",
    "__MACOSX/a",
    "é" * 300,
    "\0",
    "a/",
)
ENCODINGS = ("utf-8", "cp437", "cp850", "gbk", "utf-16")
WAYS: tuple[Way, ...] = ("pictures", "data set", "model")
LARGE_EVERY = 250
"""One upload of so many is a large one: what costs time and memory, not what parses badly."""


Way = Literal["pictures", "data set", "model"]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that is handed over, and where: to *Bring a picture*, *A data set of yours*, or a library's *Import a model*."""

    name: str
    data: bytes
    way: Way


@cache
def images() -> tuple[tuple[str, bytes], ...]:
    """Small files to begin with, of every format and mode."""
    return tuple(one for part in (sound_files, modes, oriented, lying, other_kinds) for one in part() if len(one[1]) < 100_000)


def upload(seed: int, model: bytes) -> Upload:
    """The upload of a seed.

    Args:
        seed: any whole number.
        model: a sound file of a model.
    """
    rng = np.random.default_rng(seed)
    kind, way = rng.integers(3), WAYS[rng.integers(2)]
    if seed % LARGE_EVERY == 0:
        number = seed // LARGE_EVERY
        return Upload("large.zip", LARGE[number // 2 % len(LARGE)](), WAYS[number % 2])
    if kind == 0:
        name, data = images()[rng.integers(len(images()))]
        return Upload(name, changed(data, rng), way)
    if kind == 1:
        data = zip_file(rng)
        return Upload("files.zip", changed(data, rng) if rng.integers(2) else data, way)
    return Upload("model.zip", changed_model(model, rng), "model")


def treated(one: Upload, store: Store) -> str:
    """What the program makes of an upload: `taken` or `refused`, the latter in sentences; anything else is raised."""
    if one.way == "pictures":
        batch = read_batch([(one.name, one.data)])
        for picture in batch.pictures[:5]:
            made_like("digits", picture.over("black"))
        return _said(batch.refused) if not batch.pictures else "taken"
    try:
        if one.way == "model":
            archive.imported(one.data, store)
        else:
            _made(one)
    except ValueError as error:
        return _said([str(error)])
    return "taken"


def _made(one: Upload) -> None:
    """A data set, as the page makes it: listed by name, and read within what an upload may cost."""
    allowance = Allowance.of_an_upload()
    files = list(given([(one.name, one.data)], allowance))
    for level in levels(files):
        counts(files, level)
    _said(own.prepare(files, size=8, colour=False, allowance=allowance).refused)


def _said(sentences: list[str] | tuple[str, ...]) -> str:
    for sentence in sentences:
        assert " must " in sentence or "got" in sentence or "already" in sentence, sentence
        assert sentence.isprintable() and len(sentence) < 2000, sentence
    return "refused"


def changed(data: bytes, rng: np.random.Generator) -> bytes:
    """Bytes after a few blows: flipped, cut, doubled, filled, other numbers in places where numbers stand."""
    out = bytearray(data)
    for _ in range(rng.integers(0, 5)):
        if not out:
            break
        at, n = int(rng.integers(len(out))), int(rng.integers(1, 64))
        blow = rng.integers(6)
        if blow == 0:
            out[at] ^= int(rng.integers(1, 256))
        elif blow == 1:
            del out[at : at + n]
        elif blow == 2:
            out[at:at] = out[at : at + n] * int(rng.integers(1, 5))
        elif blow == 3:
            out[at : at + n] = rng.bytes(n)
        elif blow == 4:
            number = int(rng.choice([0, 1, 255, 65_535, 2**31 - 1, 2**32 - 1]))
            out[at : at + 4] = struct.pack(rng.choice([">I", "<I"]), number)
        else:
            del out[at:]
    return bytes(out)


def zip_file(rng: np.random.Generator) -> bytes:
    """A ZIP file of a few files, with names as no system writes them."""
    file = io.BytesIO()
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(file, "w") as packed:  # some names are there twice
        for _ in range(rng.integers(0, 9)):
            entry = zipfile.ZipInfo("x")
            entry.filename = NAMES[rng.integers(len(NAMES))]
            entry.compress_type = int(rng.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]))
            data = changed(images()[rng.integers(len(images()))][1], rng) if rng.integers(9) else zip_file(rng)
            packed.writestr(entry, data)
    return _renamed(file.getvalue(), rng)


def _renamed(data: bytes, rng: np.random.Generator) -> bytes:
    """Names of the same length in another encoding, or without the flag that says which it is."""
    out, encoding = bytearray(data), ENCODINGS[rng.integers(len(ENCODINGS))]
    if rng.integers(2):
        for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            at = out.find(signature)
            while at >= 0:
                out[at + flags + 1 : at + flags + 2] = b"\0"
                at = out.find(signature, at + 4)
    word = "Bäume".encode()
    other = "Bäume".encode(encoding, "replace")[: len(word)].ljust(len(word), b"_")
    return bytes(out.replace(word, other))


def changed_model(data: bytes, rng: np.random.Generator) -> bytes:
    """A model's file with other numbers in its JSON, other bytes in its parts, or other bytes in all."""
    if rng.integers(3) == 0:
        return changed(data, rng)
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    name = list(parts)[rng.integers(len(parts))]
    if name.endswith(".json"):
        parts[name] = json.dumps(_other(json.loads(parts[name]), rng)).encode()
    parts[name] = changed(parts[name], rng) if rng.integers(2) else parts[name]
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return file.getvalue()


STRANGE = (None, True, -1, 0, 10**400, 1e300, float("nan"), float("-inf"), "", "<b>", [], {}, [[]], "\ud800", "a" * 5000)


def _other(value: object, rng: np.random.Generator) -> object:
    """JSON with some of its values exchanged for strange ones."""
    if isinstance(value, dict):
        return {key: _other(one, rng) for key, one in value.items()}
    if isinstance(value, list) and rng.integers(4):
        return [_other(one, rng) for one in value]
    return STRANGE[rng.integers(len(STRANGE))] if rng.integers(12) == 0 else value


def _zipped(files: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return file.getvalue()


def overlapping(n: int, content: bytes, *, crc: int = 0) -> bytes:
    """A ZIP file of n entries that all are the same stretch of bytes."""
    body = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = body.compress(content) + body.flush()
    sizes = struct.pack("<IIIHH", crc, len(packed), len(content), 5, 0)
    local = b"PK\x03\x04" + struct.pack("<HHHI", 20, 0, 8, 0x21_0000) + sizes + b"a.png" + packed
    one = b"PK\x01\x02" + struct.pack("<HHHHI", 20, 20, 0, 8, 0x21_0000) + sizes + struct.pack("<HHHII", 0, 0, 0, 0, 0) + b"a.png"
    return local + n * one + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, n, n, n * len(one), len(local), 0)


def _sheets() -> bytes:
    """Sixty sheets of 64 megapixels."""
    sheet = png(8_000, 8_000, body=bytes(8_001 * 8_000))
    return _zipped({f"{k}.png": sheet for k in range(60)})


def _wrong_sums() -> bytes:
    """Forty files of 29 MB whose check sums are wrong: none is read to its end without having been unpacked."""
    data = bytearray(_zipped({f"{k}.png": bytes(29_000_000) for k in range(40)}))
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 16] ^= 1
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(data)


def _passes() -> bytes:
    """A progressive JPEG whose last pass is sent three thousand times more."""
    data = saved(Image.new("L", (4000, 4000), 90), "JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * 3000 + data[-2:]


LARGE: tuple[Callable[[], bytes], ...] = (
    lambda: overlapping(20_000, bytes(29_000_000)),
    lambda: overlapping(20_000, png(8_000, 8_000, body=bytes(64_008_000))),
    _sheets,
    _wrong_sums,
    _passes,
    lambda: _zipped({f"{k}.png": b"" for k in range(20_000)}),
    lambda: _zipped({f"{k}/{k}.gif": images()[0][1] for k in range(15_000)}),
    lambda: png(8_000, 8_000, depth=16, colour=6, body=bytes(8_000 * 64_001)),
    lambda: saved(Image.effect_noise((7_900, 7_900), 90), "JPEG", quality=20, progressive=True),
)
"""Makers of large uploads, to be had in turn."""
