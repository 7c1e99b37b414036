"""Every layout of pixels that an allowed format has: drawn as its numbers say, or as tifffile reads it, or refused as what it is."""

from __future__ import annotations

import io
import itertools
import struct
import zlib

import numpy as np
import pytest
import tifffile
from PIL import Image

from tests.image_corpus import picture, saved
from vae_core.data.images import FORMATS, ImageRefused, read_image

HEIGHT, WIDTH = 13, 19
ADAM7 = ((0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1))
"""Of PNG: first row and column of each pass, and its steps."""


def levels(bits: int, samples: int = 1, seed: int = 0) -> np.ndarray:
    """Numbers of so many bits, (H, W, samples), their full range among them."""
    numbers = np.random.default_rng(seed).integers(0, 2**bits, (HEIGHT, WIDTH, samples))
    numbers[0, 0], numbers[0, 1] = 0, 2**bits - 1
    return numbers


def packed(row: np.ndarray, bits: int) -> bytes:
    """A row of numbers, most significant bit first, filled up to whole bytes."""
    return np.packbits(((row.reshape(-1, 1) >> np.arange(bits - 1, -1, -1)) & 1).astype(np.uint8)).tobytes()


def over_white(colours: np.ndarray, alpha: np.ndarray | float = 1.0) -> np.ndarray:
    """Shares of white, (H, W, C), as they are seen in 8 bits on paper."""
    return 255 * (colours * alpha + 1 - alpha)


def assert_drawn(data: bytes, wanted: np.ndarray, *, within: float = 1.0) -> None:
    drawn = np.atleast_3d(read_image(data, name="x")).astype(float)
    assert drawn.shape[:2] == wanted.shape[:2]
    assert np.abs(drawn - np.atleast_3d(wanted)).max() <= within


def refusal(data: bytes) -> str:
    with pytest.raises(ImageRefused) as error:
        read_image(data, name="x")
    return str(error.value).partition(", got ")[2].partition(": save")[0]


def png(numbers: np.ndarray, bits: int, colour: int, *, more: tuple[tuple[bytes, bytes], ...] = (), interlaced: bool = False) -> bytes:
    """A PNG file, written by the rules of PNG alone."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    passes = [numbers[y::down, x::across] for y, x, down, across in ADAM7] if interlaced else [numbers]
    body = b"".join(b"\0" + packed(row, bits) for part in passes if part.size for row in part)
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, bits, colour, 0, 0, interlaced)
    chunks = ((b"IHDR", head), *more, (b"IDAT", zlib.compress(body)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*one) for one in chunks)


PNG_LAYOUTS = [(0, 1, bits) for bits in (1, 2, 4, 8, 16)] + [
    (colour, n, bits) for colour, n in ((2, 3), (4, 2), (6, 4)) for bits in (8, 16)
]


@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize(("colour", "samples", "bits"), PNG_LAYOUTS)
def test_a_png_is_drawn_as_its_numbers_say(colour: int, samples: int, bits: int, interlaced: bool) -> None:
    numbers = levels(bits, samples)
    shares = numbers / (2**bits - 1)
    wanted = over_white(shares[..., :-1], shares[..., -1:]) if colour in (4, 6) else over_white(shares)
    assert_drawn(
        png(numbers, bits, colour, interlaced=interlaced), wanted, within=2 if bits == 16 else 1
    )  # of 16 bits the upper 8 are mixed


@pytest.mark.parametrize(("colour", "samples", "bits"), [layout for layout in PNG_LAYOUTS if layout[0] in (0, 2)])
def test_the_clear_colour_of_a_png_is_found_at_every_depth(colour: int, samples: int, bits: int) -> None:
    numbers = levels(bits, samples)
    key = numbers[3, 4]
    wanted = over_white(numbers / (2**bits - 1), (numbers != key).any(-1, keepdims=True))
    assert_drawn(png(numbers, bits, colour, more=((b"tRNS", key.astype(">u2").tobytes()),)), wanted)


@pytest.mark.parametrize("bits", [1, 2, 4, 8])
def test_a_palette_of_a_png_is_looked_up_with_its_clearness(bits: int) -> None:
    rng = np.random.default_rng(1)
    numbers, palette, alpha = levels(bits)[..., 0], rng.integers(0, 256, (2**bits, 3)), rng.integers(0, 256, 2**bits)
    colours = (b"PLTE", palette.astype(np.uint8).tobytes())
    assert_drawn(png(numbers, bits, 3, more=(colours,)), palette[numbers])
    clear = (b"tRNS", alpha.astype(np.uint8).tobytes())
    assert_drawn(png(numbers, bits, 3, more=(colours, clear)), over_white(palette / 255, alpha[:, None] / 255)[numbers])


def bmp(rows: list[bytes], bits: int, *, palette: bytes = b"", compression: int = 0, masks: bytes = b"", head: int = 40) -> bytes:
    """A BMP file, stored from the lowest row up."""
    body = b"".join(row + bytes(-len(row) % 4) for row in rows[::-1])
    header = struct.pack("<IiiHHIIiiII", head, WIDTH, HEIGHT, 1, bits, compression, len(body), 0, 0, len(palette) // 4, 0) + masks
    header += bytes(max(0, head - len(header)))
    start = 14 + len(header) + len(palette)
    return b"BM" + struct.pack("<IHHI", start + len(body), 0, 0, start) + header + palette + body


def split(numbers: np.ndarray, *bits: int) -> np.ndarray:
    """The channels of packed pixels, from the most significant bits on, as shares of white."""
    starts = [sum(bits[k + 1 :]) for k in range(len(bits))]
    return np.concatenate([(numbers >> start & 2**n - 1) / (2**n - 1) for start, n in zip(starts, bits, strict=True)], -1)


ALPHA_MASKS = struct.pack("<IIII", 0xFF0000, 0xFF00, 0xFF, 0xFF000000)


def test_a_bmp_is_drawn_as_its_numbers_say() -> None:
    for bits in (1, 4, 8):
        numbers, palette = levels(bits)[..., 0], np.random.default_rng(2).integers(0, 256, (2**bits, 4)).astype(np.uint8)
        assert_drawn(bmp([packed(row, bits) for row in numbers], bits, palette=palette.tobytes()), palette[numbers, 2::-1])
    sixteen = levels(16).astype("<u2")
    rows = [row.tobytes() for row in sixteen]
    assert_drawn(bmp(rows, 16), over_white(split(sixteen & 0x7FFF, 5, 5, 5)))
    assert_drawn(bmp(rows, 16, compression=3, masks=struct.pack("<III", 0xF800, 0x7E0, 0x1F)), over_white(split(sixteen, 5, 6, 5)))
    colours = levels(8, 4).astype(np.uint8)
    rows, alpha = [row.tobytes() for row in colours], colours[..., 3:] / 255
    assert_drawn(bmp([row.tobytes() for row in np.ascontiguousarray(colours[..., :3])], 24), colours[..., 2::-1])
    assert_drawn(bmp(rows, 32), colours[..., 2::-1])
    assert_drawn(bmp(rows, 32, compression=3, masks=ALPHA_MASKS, head=124), over_white(colours[..., 2::-1] / 255, alpha))


def test_a_bmp_whose_alpha_nobody_wrote_is_no_blank_sheet() -> None:
    colours = levels(8, 4).astype(np.uint8)
    colours[..., 3] = 0
    assert_drawn(bmp([row.tobytes() for row in colours], 32, compression=3, masks=ALPHA_MASKS, head=124), colours[..., 2::-1])


@pytest.mark.parametrize(
    ("bits", "compression", "masks", "kind"),
    [
        (2, 0, (), "a BMP of 2 bits per pixel"),
        (64, 0, (), "a BMP of 64 bits per pixel"),
        (16, 3, (0xF00, 0xF0, 0xF), "a BMP of 16 bits per pixel, split in a rare way"),
        (32, 3, (0x3FF00000, 0xFFC00, 0x3FF), "a BMP of 32 bits per pixel, split in a rare way"),
        (0, 4, (), "a BMP that holds a JPEG"),
        (0, 5, (), "a BMP that holds a PNG"),
    ],
)
def test_a_rare_bmp_is_refused_as_what_it_is(bits: int, compression: int, masks: tuple[int, ...], kind: str) -> None:
    rows = [bytes(-(-WIDTH * bits // 8))] * HEIGHT
    assert refusal(bmp(rows, bits, compression=compression, masks=struct.pack(f"<{len(masks)}I", *masks))) == kind


def tiff(numbers: np.ndarray, **how: object) -> bytes:
    file = io.BytesIO()
    tifffile.imwrite(file, numbers, **how)
    return file.getvalue()


TIFF_COLOURS = {"minisblack": 1, "miniswhite": 1, "rgb": 3, "separated": 4}
TIFF_LAYOUTS = list(
    itertools.product(
        ("u1", "u2", "u4", "i1", "i2", "i4", "f2", "f4", "f8"),
        TIFF_COLOURS,
        ("contig", "separate"),
        (None, "unspecified", "assocalpha", "unassalpha"),
    )
)
ALWAYS_DRAWN = {(kind, colours, "contig", None) for kind in ("u1", "u2") for colours in TIFF_COLOURS} | {
    ("u1", "rgb", "contig", extra) for extra in ("unspecified", "assocalpha", "unassalpha")
}


def seen_by_tifffile(data: bytes, colours: str, extra: str | None) -> np.ndarray:
    """What tifffile reads, as it is seen on paper: (H, W, C) in 8 bits."""
    with tifffile.TiffFile(io.BytesIO(data)) as file:
        numbers = file.pages[0].asarray()
        numbers = np.moveaxis(numbers, 0, -1) if file.pages[0].planarconfig == 2 and numbers.ndim == 3 else numbers
    shares = np.atleast_3d(numbers) / np.iinfo(numbers.dtype).max
    shares, alpha = (shares[..., :-1], shares[..., -1:]) if extra else (shares, 1.0)
    shares = 1 - shares if colours == "miniswhite" else (1 - shares[..., :3]) * (1 - shares[..., 3:]) if colours == "separated" else shares
    if extra == "assocalpha":
        return 255 * (shares + 1 - alpha)
    return over_white(shares, alpha if extra == "unassalpha" else 1.0)


@pytest.mark.parametrize(("kind", "colours", "planes", "extra"), TIFF_LAYOUTS, ids=lambda part: str(part))
def test_a_tiff_is_drawn_as_tifffile_reads_it_or_refused_by_its_numbers(kind: str, colours: str, planes: str, extra: str | None) -> None:
    samples = TIFF_COLOURS[colours] + (extra is not None)
    most = 1.0 if kind[0] == "f" else np.iinfo(kind).max
    numbers = levels(16, samples) / 65535 * most
    if extra == "assocalpha":
        numbers[..., :-1] *= numbers[..., -1:] / most
    numbers = np.round(numbers).astype(kind) if kind[0] != "f" else numbers.astype(kind)
    stored = np.ascontiguousarray(np.moveaxis(numbers, -1, 0)) if planes == "separate" else numbers
    for order, compression in itertools.product("<>", (None, "zlib")) if kind in ("u1", "u2") else [("<", None)]:
        how = {"photometric": colours, "byteorder": order, "compression": compression, "extrasamples": [extra] if extra else None}
        data = tiff(stored[0] if samples == 1 and planes == "separate" else stored, planarconfig=planes if samples > 1 else None, **how)
        try:
            read_image(data, name="x")
        except ImageRefused:
            assert (kind, colours, planes, extra) not in ALWAYS_DRAWN or (kind, colours, order) == ("u2", "miniswhite", ">")
            assert f"a TIFF of {samples} × {8 * int(kind[1])}-bit " in refusal(data)
            assert ("signed" in refusal(data), "floating-point" in refusal(data)) == (kind[0] == "i", kind[0] == "f")
        else:
            assert_drawn(data, seen_by_tifffile(data, colours, extra), within=3)  # mixed by alpha or ink in 8 bits, twice rounded


def small_tiff(numbers: np.ndarray, bits: int, photometric: int, palette: np.ndarray | None = None) -> bytes:
    """A TIFF file of fewer than 8 bits a sample, in one strip."""
    body = b"".join(packed(row, bits) for row in numbers)
    colours = b"" if palette is None else palette.T.astype("<u2").tobytes()
    tags = [(256, 3, 1, WIDTH), (257, 3, 1, HEIGHT), (258, 3, 1, bits), (259, 3, 1, 1), (262, 3, 1, photometric), (273, 4, 1, 8)]
    tags += [(277, 3, 1, 1), (278, 3, 1, HEIGHT), (279, 4, 1, len(body))]
    tags += [(320, 3, len(colours) // 2, 8 + len(body))] if colours else []
    entries = b"".join(struct.pack("<HHI", tag, kind, n) + struct.pack("<I", value) for tag, kind, n, value in tags)
    return b"II*\0" + struct.pack("<I", 8 + len(body) + len(colours)) + body + colours + struct.pack("<H", len(tags)) + entries + bytes(4)


@pytest.mark.parametrize("bits", [1, 2, 4, 8])
def test_a_tiff_of_few_bits_is_drawn_as_its_numbers_say(bits: int) -> None:
    numbers = levels(bits)
    assert_drawn(small_tiff(numbers, bits, 1), over_white(numbers / (2**bits - 1)))
    assert_drawn(small_tiff(numbers, bits, 0), over_white(1 - numbers / (2**bits - 1)))
    palette = np.random.default_rng(3).integers(0, 256, (2**bits, 3))
    assert_drawn(small_tiff(numbers, bits, 3, 257 * palette), palette[numbers[..., 0]])


@pytest.mark.parametrize("bits", [8, 10, 12, 14, 16])
@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_grey_levels_that_fill_fewer_than_sixteen_bits_are_not_black(kind: str, bits: int) -> None:
    numbers = levels(bits)[..., 0]
    assert_drawn(saved(Image.fromarray(numbers.astype(np.uint16)), kind), over_white(numbers / (2**bits - 1)))


def test_colours_that_fill_fewer_than_sixteen_bits_are_refused_as_such() -> None:
    dark = levels(12, 3)
    for data in (png(dark, 16, 2), tiff(dark.astype(np.uint16), photometric="rgb")):
        assert refusal(data) == "at most 4,095 of 65,535"


@pytest.mark.parametrize(("at", "value", "kind"), [(4, 12, "a JPEG of 12 bits per sample"), (9, 2, "a JPEG of 2 samples per pixel")])
def test_a_rare_jpeg_is_refused_as_what_it_is(at: int, value: int, kind: str) -> None:
    data = bytearray(saved(picture(40, 30), "JPEG"))
    data[data.index(b"\xff\xc0") + at] = value
    assert refusal(bytes(data)) == kind


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_a_jpeg_comes_out_in_its_colours_however_they_are_stored(mode: str) -> None:
    image = Image.new("RGB", (40, 30), (200, 90, 30)).convert(mode)
    assert_drawn(saved(image, "JPEG", quality=100), np.asarray(image.convert("L" if mode == "L" else "RGB")), within=2)


def test_every_other_format_of_pillow_is_refused_by_its_name() -> None:
    Image.init()
    for kind in ("PPM", "ICO", "JPEG2000", "DDS", "EPS", "ICNS", "PCX", "QOI", "SGI", "DIB"):
        assert kind not in FORMATS
        assert refusal(saved(picture(32, 32), kind)) == f"an image in the format {kind}"
    assert refusal(saved(picture(32, 32).convert("1"), "XBM")) == "an image in the format XBM"
    assert refusal(b"#define RED 1\nint main(void);\n") == "text"
    assert refusal(b"P6 is the format of this picture.\n") == "text"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "TIFF"])
def test_a_file_whose_header_is_damaged_is_called_that(kind: str) -> None:
    assert refusal(saved(picture(32, 32), kind)[:20]) == f"a damaged {kind} file"
