"""What bytes are that are not taken as an image, in words that go on after "got": a text, a format that is not read, a layout of pixels."""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from PIL import Image
from PIL.TiffImagePlugin import ImageFileDirectory_v2

OTHER_KINDS = (
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "an archive or an office document"),
    (b"Rar!", "an archive"),
    (b"7z\xbc\xaf", "an archive"),
    (b"\x1f\x8b", "an archive"),
    (b"\x1aE\xdf\xa3", "a video"),
    (b"FLV\x01", "a video"),
    (b"\x00\x00\x01\xba", "a video"),
    (b"<!doctype html", "a web page"),
    (b"<html", "a web page"),
    (b"\xff\x0a", "an image in the format JPEG XL"),
    (b"\x00\x00\x00\x0cJXL ", "an image in the format JPEG XL"),
)
STILL_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"mif2", b"avif", b"avis")
"""What a file of the family of MP4 says that it is where it holds an image: of all else there, most are videos."""
READ = {b"\x89PNG": "PNG", b"\xff\xd8\xff": "JPEG", b"GIF8": "GIF", b"BM": "BMP", b"II*\x00": "TIFF", b"MM\x00*": "TIFF"}
READ |= {b"II+\x00": "TIFF", b"MM\x00+": "TIFF", b"RIFF": "WebP"}
"""How files begin in formats that are read: what is refused of them is damaged, or of a rare layout."""

BITS, PHOTOMETRIC, SAMPLES, PLANES, SAMPLE_FORMAT = 258, 262, 277, 284, 339
WHITE_IS_ZERO, PALETTE = 0, 3
SAMPLES_OF = {WHITE_IS_ZERO: 1, 1: 1, 2: 3, PALETTE: 1, 5: 4, 6: 3, 8: 3}
"""By photometric interpretation; all of TIFF 6.0."""
NUMBERS = {1: "", 2: "signed ", 3: "floating-point ", 4: "", 5: "complex ", 6: "complex "}
JPEG_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
LOSSLESS = (0xC3, 0xC7, 0xCB, 0xCF)


def kind_of(data: bytes, taken: tuple[str, ...] = ()) -> str:
    """What bytes seem to be that could not be opened as an image of the formats `taken`, in Pillow's names."""
    start = data[:2048].lstrip().lower()
    if not start:
        return "an empty file"
    for signature, kind in OTHER_KINDS:
        if start.startswith(signature.lower()):
            return kind
    if b"<svg" in start:
        return "an SVG drawing"
    if (data[4:8] == b"ftyp" and data[8:12] not in STILL_BRANDS) or (data[:4] == b"RIFF" and data[8:12] == b"AVI "):
        return "a video or a sound"
    if (name := _format_not_taken(data, taken)) is not None:
        return f"an image in the format {name}"
    if (name := next((name for signature, name in READ.items() if data.startswith(signature)), None)) is not None:
        return unread_layout(data) or f"a damaged {name} file"
    is_text = all(byte >= 32 or byte in b"\t\n\r\f" for byte in start) and 127 not in start
    return "text" if is_text else "another kind of file, or a damaged one"


def _format_not_taken(data: bytes, taken: tuple[str, ...]) -> str | None:
    """The format of an image that Pillow could open, and that is not taken."""
    for name, (_, accepts) in tuple(Image.OPEN.items()):
        with suppress(Exception):  # not in that format, or damaged: each raises its own
            if name not in taken and accepts is not None and accepts(data[:16]) is True:
                Image.open(io.BytesIO(data), formats=[name]).close()
                return name
    return None


def unread_layout(data: bytes, tags: Mapping[int, Any] | None = None) -> str | None:
    """What is rare in how an image's pixels are stored, so that it is not drawn; None where nothing is, or it cannot be told.

    Args:
        data: the whole file.
        tags: of a TIFF file, if they are known already.
    """
    try:
        if data.startswith(b"\xff\xd8"):
            return _jpeg_layout(data)
        if data.startswith(b"BM"):
            return _bmp_layout(data)
        if data[:2] in (b"II", b"MM"):
            return _tiff_layout(_tags(data) if tags is None else tags)
    except Exception:  # damaged: that is said then
        return None
    return None


def _jpeg_layout(data: bytes) -> str | None:
    at = 2
    while data[at + 1] not in JPEG_FRAMES:
        at += 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
    kind, bits, samples = data[at + 1], data[at + 4], data[at + 9]
    if bits != 8:
        return f"a JPEG of {bits} bits per sample"
    if samples not in (1, 3, 4):
        return f"a JPEG of {samples} samples per pixel"
    return "a lossless JPEG" if kind in LOSSLESS else None


def _bmp_layout(data: bytes) -> str | None:
    bits, compression = struct.unpack("<HI", data[28:34])
    if compression in (4, 5):
        return f"a BMP that holds a {'JPEG' if compression == 4 else 'PNG'}"
    is_usual = bits in (1, 4, 8, 24) or (bits in (16, 32) and compression == 0)
    return None if is_usual else f"a BMP of {bits} bits per pixel" + (", split in a rare way" if compression in (3, 6) else "")


def _tags(data: bytes) -> Mapping[int, Any]:
    """The tags of a TIFF file's first image."""
    is_big = data[2:4] in (b"\x2b\x00", b"\x00\x2b")
    tags, file = ImageFileDirectory_v2(data[: 16 if is_big else 8]), io.BytesIO(data)
    file.seek(tags.next)
    tags.load(file)
    return tags


def is_drawn(tags: Mapping[int, Any]) -> bool:
    """Whether Pillow 13 draws a TIFF file of these tags in its colours: not signed numbers, and planes only of the two plain kinds."""
    if not set(tags.get(SAMPLE_FORMAT, (1,))) <= {1, 4}:
        return False
    return tags.get(PLANES, 1) != 2 or tags.get(SAMPLES, 1) == 1 or (_is_plain(tags) and set(tags[BITS]) == {8})


def _is_plain(tags: Mapping[int, Any]) -> bool:
    """Whether a TIFF file has as many samples as its kind of colours takes, of at most 8 bits, unsigned."""
    formats, bits, samples = tags.get(SAMPLE_FORMAT, (1,)), tags.get(BITS, (1,)), tags.get(SAMPLES, 1)
    return set(formats) == {1} and max(bits) <= 8 and samples == SAMPLES_OF.get(tags.get(PHOTOMETRIC, 1))


def _tiff_layout(tags: Mapping[int, Any]) -> str | None:
    """What each pixel is made of; None where that is nothing rare."""
    if _is_plain(tags) and is_drawn(tags):
        return None
    kind = max(tags.get(SAMPLE_FORMAT, (1,)))
    numbers = f"{max(tags.get(BITS, (1,)))}-bit {NUMBERS.get(kind, 'unknown ')}numbers"
    of_what = {PALETTE: " from a palette", WHITE_IS_ZERO: " whose white is 0"}.get(tags.get(PHOTOMETRIC, 1), "")
    return f"a TIFF of {tags.get(SAMPLES, 1)} × {numbers} per pixel{of_what}" + (" in separate planes" if tags.get(PLANES, 1) == 2 else "")
