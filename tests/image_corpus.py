"""A corpus of files that somebody might hand over as images: sound, strange, damaged and hostile ones, all of our own making."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

import numpy as np
import pillow_heif
from PIL import Image

from vae_core.data.images import ImageRefused
from vae_core.data.pictures import LARGEST_SIDE, read_picture

KINDS = {"png": "PNG", "jpg": "JPEG", "webp": "WEBP", "gif": "GIF", "bmp": "BMP", "tif": "TIFF"}
SHAPES = [(1, 1), (2, 1), (1, 2), (3, 500), (500, 3), (28, 28), (8, 8), (97, 31), (640, 480), (5000, 1), (1, 5000)]
MODES = ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "HSV", "LAB", "I;16", "I", "F"]


def saved(image: Image.Image, kind: str, **how: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **how)
    return file.getvalue()


def picture(width: int, height: int, seed: int = 0) -> Image.Image:
    """A colour picture that is neither flat nor noise alone."""
    y, x = np.mgrid[:height, :width]
    noise = np.random.default_rng(seed).integers(0, 40, (height, width, 3))
    waves = [120 + 80 * np.sin(x / 7 + k) * np.cos(y / (5 + k)) for k in range(3)]
    return Image.fromarray(np.clip(np.stack(waves, 2) + noise, 0, 255).astype(np.uint8))


def outcome(data: bytes, name: str) -> str:
    """`picture`, or the sentence that refuses it; anything else is raised."""
    try:
        found = read_picture(data, name)
    except ImageRefused as error:
        return str(error)
    assert found.on_white.dtype == np.uint8
    assert found.on_white.ndim in (2, 3)
    assert min(found.on_white.shape[:2]) >= 1
    assert max(found.on_white.shape[:2]) <= LARGEST_SIDE
    return "picture"


def corpus() -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every file but the large ones, the same on every machine with the same libraries."""
    for part in (sound_files, modes, oriented, moving, damaged, lying, other_kinds):
        yield from part()


def sound_files() -> Iterator[tuple[str, bytes]]:
    for end, kind in KINDS.items():
        for width, height in SHAPES:
            yield f"sound-{width}x{height}.{end}", saved(picture(width, height), kind)
    profile = b"not a colour profile at all" * 9
    for end in ("png", "jpg", "webp", "tif"):
        yield f"icc.{end}", saved(picture(40, 30), KINDS[end], icc_profile=profile)
    yield "progressive.jpg", saved(picture(300, 200), "JPEG", progressive=True)
    yield "interlaced-20000x1.png", saved(picture(20_000, 1), "PNG")
    yield "panorama.jpg", saved(picture(6000, 40), "JPEG")
    yield "lossless.webp", saved(picture(90, 60), "WEBP", lossless=True)


def modes() -> Iterator[tuple[str, bytes]]:
    levels = np.arange(40 * 30, dtype=np.uint16).reshape(30, 40)
    for mode in MODES:
        image = Image.fromarray(levels * 50) if mode == "I;16" else picture(40, 30).convert("L" if mode in ("I", "F") else "RGB")
        for end, kind in KINDS.items():
            try:
                yield f"mode-{mode.replace(';', '')}.{end}", saved(image if mode == "I;16" else _in_mode(image, mode), kind)
            except (OSError, ValueError, KeyError):
                continue  # this format has no such mode
    for mode in ("LA", "RGBA"):
        clear = picture(40, 30).convert(mode)
        clear.putalpha(Image.fromarray((levels % 256).astype(np.uint8)))
        for end in ("png", "webp", "tif"):
            yield f"alpha-{mode}.{end}", saved(clear.convert("RGBA") if end == "webp" else clear, KINDS[end])
    yield "palette-with-alpha.png", saved(picture(40, 30).convert("P"), "PNG", transparency=bytes(range(256)))


def _in_mode(image: Image.Image, mode: str) -> Image.Image:
    if mode == "LAB":
        return Image.merge("LAB", image.convert("RGB").split())
    return image.convert("RGBA").convert(mode) if mode == "LA" else image.convert(mode)


def oriented() -> Iterator[tuple[str, bytes]]:
    for orientation in (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 65_535):
        exif = Image.Exif()
        exif[0x0112] = orientation
        for end in ("jpg", "png", "webp", "tif"):
            yield f"exif-{orientation}.{end}", saved(picture(48, 32), KINDS[end], exif=exif)
    yield "exif-nonsense.jpg", saved(picture(48, 32), "JPEG", exif=b"Exif\x00\x00II*\x00\xff\xff\xff\xff" + bytes(50))


def moving() -> Iterator[tuple[str, bytes]]:
    frames = [picture(60, 40, seed) for seed in range(5)]
    for end in ("gif", "webp", "tif", "png"):
        yield f"moving.{end}", saved(frames[0], KINDS[end], save_all=True, append_images=frames[1:])


def damaged() -> Iterator[tuple[str, bytes]]:
    rng = np.random.default_rng(7)
    pillow_heif.register_heif_opener()
    for end, kind in {**KINDS, "avif": "AVIF", "heic": "HEIF"}.items():
        data = saved(picture(64, 48), kind)
        for share in (0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99):
            yield f"truncated-{share}.{end}", data[: int(share * len(data))]
        for n_flips in (1, 3, 10, 100, 1000):
            for trial in range(2):
                flipped = np.frombuffer(data, np.uint8).copy()
                flipped[rng.integers(0, len(flipped), n_flips)] ^= rng.integers(1, 256, n_flips, dtype=np.uint8)
                yield f"flipped-{n_flips}-{trial}.{end}", flipped.tobytes()
        header = np.frombuffer(data, np.uint8).copy()
        header[8:64] = rng.integers(0, 256, len(header[8:64]), dtype=np.uint8)
        yield f"new-header.{end}", header.tobytes()
        yield f"twice.{end}", data + data
        yield f"after-zeros.{end}", bytes(100) + data
        yield f"signature-only.{end}", data[:12]


def png(width: int, height: int, *, depth: int = 8, colour: int = 0, body: bytes = b"") -> bytes:
    """A PNG file that claims a size, whatever its body holds."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(body or bytes(1000), 9)) + chunk(b"IEND", b"")


def lying() -> Iterator[tuple[str, bytes]]:
    for width, height in (
        (8001, 8001),
        (10_000, 10_000),
        (60_000, 60_000),
        (2**31 - 1, 1),
        (1, 2**31 - 1),
        (0, 10),
        (10, 0),
        (65_535, 65_535),
        (300, 300),
    ):
        yield f"claims-{width}x{height}.png", png(width, height)
    yield "no-palette.png", png(8, 8, colour=3)
    yield "bomb.png", png(30_000, 30_000, body=bytes(30_000_000))
    text = struct.pack(">I", 1_000_000)
    yield "text-bomb.png", png(8, 8)[:33] + text + b"zTXt" + zlib.compress(bytes(10_000_000))[:1_000_000] + png(8, 8)[33:]
    whole = struct.pack("<HH", 65_535, 65_535)
    yield "claims-65535.gif", b"GIF89a" + whole + bytes(3) + b"," + bytes(4) + whole + bytes(1)
    yield "claims.bmp", b"BM" + struct.pack("<IHHIIiiHHIIiiII", 1000, 0, 0, 54, 40, 2**30, 2**30, 1, 24, 0, 0, 0, 0, 0, 0) + bytes(900)
    jpeg = saved(picture(64, 48), "JPEG")
    at = jpeg.index(b"\xff\xc0") + 5
    yield "claims-65535.jpg", jpeg[:at] + struct.pack(">HH", 65_535, 65_535) + jpeg[at + 4 :]
    yield "claims-larger.jpg", jpeg[:at] + struct.pack(">HH", 480, 640) + jpeg[at + 4 :]


def other_kinds() -> Iterator[tuple[str, bytes]]:
    yield "empty.png", b""
    yield "one-byte.jpg", b"\xff"
    yield "text.png", b"Dear all,\nhere is the picture.\n"
    yield "drawing.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    yield "paper.pdf", b"%PDF-1.7\n" + bytes(500)
    yield "film.mp4", b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(500)
    yield "cut.heic", b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(300)
    yield "cut.avif", b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1miaf" + bytes(300)
    yield "film.avi", b"RIFF\x00\x00\x00\x00AVI LIST" + bytes(300)
    yield "page.html.jpg", b"<!doctype html><img src=x>"
    yield "script.py.png", b"#!/usr/bin/env python\nraise SystemExit\n"
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("a.png", b"nothing")
    yield "archive.png", archive.getvalue()
    yield "postscript.png", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n(x) run\n"
    for end, kind in KINDS.items():
        yield f"{end}-named.txt", saved(picture(20, 20), kind)
    for kind in ("ICO", "PPM", "TGA", "PCX"):
        yield f"other.{kind.lower()}", saved(picture(32, 32), kind)
    rng = np.random.default_rng(11)
    for trial in range(20):
        yield f"noise-{trial}.png", rng.bytes(int(rng.integers(1, 3000)))


def large() -> Iterator[tuple[str, bytes]]:
    """The largest that are taken, and a little more: what decides how much memory a file may cost."""
    steps = (np.arange(8000) // 64).astype(np.uint8)
    rows = np.add.outer(steps, steps)
    colour = Image.fromarray(rows).convert("RGB")
    yield "48-megapixels.jpg", saved(colour.crop((0, 0, 8000, 6000)), "JPEG", quality=30)
    yield "64-megapixels.png", saved(colour, "PNG", compress_level=1)
    colour.putalpha(Image.fromarray(rows))
    yield "64-megapixels-alpha.png", saved(colour, "PNG", compress_level=1)
    yield "more.webp", saved(colour, "WEBP", quality=1, method=0)
    yield "48-megapixels.webp", saved(colour.crop((0, 0, 8000, 6000)), "WEBP", quality=1, method=0)
    exif = Image.Exif()
    exif[0x0112] = 6
    yield "64-megapixels-turned.png", saved(colour, "PNG", compress_level=1, exif=exif)
    yield "108-megapixels.jpg", saved(Image.new("L", (12_000, 9_000), 90), "JPEG", quality=20)
    yield "100-megabytes.bmp", b"BM" + bytes(30_000_001)
