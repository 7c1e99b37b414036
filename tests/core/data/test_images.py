"""The door for image bytes: what comes in, how it comes out, and what is refused."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, features

from vae_core.data.images import ImageRefused, fit_to, read_image, read_image_file

RED, GREY = (200, 40, 30), 90


def saved(image: Image.Image, kind: str, **how: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **how)
    return buffer.getvalue()


def flat(mode: str, colour: object, size: tuple[int, int] = (24, 16)) -> Image.Image:
    return Image.new(mode, size, colour)


def arrow() -> Image.Image:
    """An image that no rotation and no reflection leaves as it is."""
    pixels = np.full((16, 24), 20, np.uint8)
    pixels[:8, :12] = 240
    pixels[:8, 12:] = 130
    return Image.fromarray(pixels)


def refusal(data: bytes, name: str = "photo.png") -> str:
    with pytest.raises(ImageRefused) as error:
        read_image(data, name=name)
    message = str(error.value)
    assert message.startswith(f"{name} must ")
    assert ", got " in message
    assert ": " in message
    assert "\n" not in message
    return message


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP", "TIFF", "GIF", "AVIF", "HEIF"])
def test_a_colour_image_of_every_format_comes_out_in_its_colours(kind: str) -> None:
    if kind == "AVIF" and not features.check("avif"):
        pytest.skip("this Pillow cannot write AVIF")
    if kind == "HEIF":
        pytest.importorskip("pillow_heif").register_heif_opener()
    image = read_image(saved(flat("RGB", RED, (64, 48)), kind), name="photo")
    assert image.dtype == np.uint8
    assert image.shape == (48, 64, 3)
    assert np.abs(image.astype(int) - RED).max() <= 6  # the lossy ones


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "TIFF"])
def test_a_grey_image_comes_out_with_one_channel(kind: str) -> None:
    image = read_image(saved(flat("L", GREY), kind), name="photo")
    assert image.shape == (16, 24)
    assert np.all(image == GREY)


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_a_one_bit_image_is_black_and_white(kind: str) -> None:
    bits = np.eye(16, dtype=bool)
    assert np.array_equal(read_image(saved(Image.fromarray(bits), kind), name="scan"), bits * np.uint8(255))


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bits_are_rounded_to_eight(kind: str) -> None:
    levels = np.array([[0, 128, 129, 257 * 90, 65535]], np.uint16)
    assert read_image(saved(Image.fromarray(levels), kind), name="x-ray").tolist() == [[0, 0, 1, 90, 255]]


def test_sixteen_bits_whose_white_is_zero_are_seen_the_right_way_round() -> None:
    levels = Image.fromarray(np.array([[0, 257 * 90, 65535]], np.uint16))
    assert read_image(saved(levels, "TIFF", tiffinfo={262: 0}), name="x-ray").tolist() == [[255, 165, 0]]


def test_of_twelve_bits_the_brightest_is_white() -> None:
    twelve = bytearray(saved(Image.fromarray(np.full((2, 4), 0xFFFF, np.uint16)), "TIFF"))
    at = twelve.index(struct.pack("<HHIH", 258, 3, 1, 16)) + 8
    twelve[at : at + 2] = struct.pack("<H", 12)
    assert np.all(read_image(bytes(twelve), name="scan") == 255)


@pytest.mark.parametrize("behind", ["white", "black"])
def test_a_clear_level_of_sixteen_bits_shows_what_is_behind(behind: str) -> None:
    data = saved(Image.fromarray(np.array([[257 * 90, 257 * 200]], np.uint16)), "PNG", transparency=257 * 90)
    assert read_image(data, name="scan", behind=behind).tolist() == [[255 if behind == "white" else 0, 200]]


def test_thirty_two_bits_are_refused() -> None:
    assert "got a TIFF of 1 × 32-bit floating-point numbers per pixel" in refusal(saved(flat("F", 0.5), "TIFF"), "x-ray.tif")


def test_cmyk_becomes_rgb() -> None:
    for kind in ("JPEG", "TIFF"):
        image = read_image(saved(flat("CMYK", (0, 255, 255, 0)), kind), name="print")
        assert image.shape == (16, 24, 3)
        assert image[0, 0, 0] > 200
        assert image[0, 0, 1:].max() < 60


def test_a_palette_is_looked_up() -> None:
    image = read_image(saved(flat("RGB", RED).convert("P", palette=Image.Palette.ADAPTIVE), "PNG"), name="drawing")
    assert np.all(image == RED)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L"])
def test_what_is_transparent_is_white(mode: str) -> None:
    if mode == "P":
        data = saved(flat("P", 0), "PNG", transparency=0)
    elif mode == "L":
        data = saved(flat("L", GREY), "PNG", transparency=GREY)
    else:
        data = saved(flat("RGBA", (*RED, 0)).convert(mode), "PNG")
    image = read_image(data, name="logo")
    assert np.all(image == 255)
    assert image.ndim == (2 if mode in ("L", "LA") else 3)


def test_what_is_half_transparent_is_mixed_with_white() -> None:
    assert np.all(np.abs(read_image(saved(flat("RGBA", (0, 0, 0, 128)), "PNG"), name="logo").astype(int) - 127) <= 1)


@pytest.mark.parametrize("kind", ["GIF", "TIFF", "WEBP"])
def test_of_an_image_that_moves_the_first_frame_is_taken(kind: str) -> None:
    frames = [flat("RGB", colour) for colour in (RED, (0, 0, 255), (0, 255, 0))]
    image = read_image(saved(frames[0], kind, save_all=True, append_images=frames[1:]), name="film")
    assert np.abs(image.astype(int) - RED).max() <= 6


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photograph_comes_out_upright(orientation: int) -> None:
    stored = {  # what a camera stores, for the picture to be `arrow` once it is turned as EXIF says
        1: lambda image: image,
        2: lambda image: image.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        3: lambda image: image.transpose(Image.Transpose.ROTATE_180),
        4: lambda image: image.transpose(Image.Transpose.FLIP_TOP_BOTTOM),
        5: lambda image: image.transpose(Image.Transpose.TRANSPOSE),
        6: lambda image: image.transpose(Image.Transpose.ROTATE_90),
        7: lambda image: image.transpose(Image.Transpose.TRANSVERSE),
        8: lambda image: image.transpose(Image.Transpose.ROTATE_270),
    }
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = saved(stored[orientation](arrow()), "PNG", exif=exif)
    assert np.array_equal(read_image(data, name="phone.png"), np.asarray(arrow()))


def test_a_phones_heic_photograph_comes_out_upright() -> None:
    pytest.importorskip("pillow_heif").register_heif_opener()
    stored = arrow().resize((96, 64), Image.Resampling.NEAREST).convert("RGB").transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = 6
    stored.info["exif"] = exif.tobytes()  # makes the encoder write the rotation that HEIC knows besides
    data = saved(stored, "HEIF", quality=95)
    assert b"irot" in data
    upright = read_image(data, name="IMG_0001.HEIC")[:, :, 0].astype(int)
    assert np.abs(upright - np.asarray(arrow().resize((96, 64), Image.Resampling.NEAREST))).max() < 12


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"])
def test_a_truncated_image_is_refused(kind: str) -> None:
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8))
    data = saved(noise, kind)
    for share in (0.9, 0.5):
        message = refusal(data[: int(share * len(data))], "photo")
        assert "damaged" in message


def test_an_empty_file_is_refused() -> None:
    assert "got an empty file" in refusal(b"")


def test_a_single_pixel_is_an_image() -> None:
    image = read_image(saved(flat("RGB", RED, (1, 1)), "PNG"), name="dot")
    assert image.tolist() == [[list(RED)]]
    assert fit_to(image, (1, 28, 28)).shape == (1, 28, 28)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"Dear all,\nhere is the picture.\n", "text"),
        ("Grüße\n".encode(), "text"),
        (b"%PDF-1.7\n%\xe2\xe3", "a PDF document"),
        (b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>', "an SVG drawing"),
        (b"<!DOCTYPE html><html></html>", "a web page"),
        (b"PK\x03\x04 and so on", "an archive or an office document"),
        (b"7z\xbc\xaf and so on", "an archive"),
        (b"\x00\x00\x00\x18ftypmp42" + bytes(99), "a video or a sound"),
        (b"\x00\x00\x00\x14ftypqt  " + bytes(99), "a video or a sound"),
        (b"RIFF\x99\x00\x00\x00AVI LIST" + bytes(99), "a video or a sound"),
        (b"\x1aE\xdf\xa3\x9fB" + bytes(99), "a video"),
        (b"\x00\x01\x02\x03" * 99, "another kind of file, or a damaged one"),
    ],
)
def test_what_is_no_image_is_refused_as_what_it_is_whatever_it_is_called(data: bytes, kind: str) -> None:
    assert f"got {kind}: save it as PNG or JPEG" in refusal(data)


def test_a_format_that_is_not_on_the_list_is_refused() -> None:
    assert "PNG, JPEG" in refusal(saved(flat("RGB", RED), "ICO"))
    assert "PNG, JPEG" in refusal(saved(flat("RGB", RED), "PPM"))


def png_that_claims(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("side", [8_001, 10_000, 60_000])
def test_a_bomb_is_refused_by_its_header(side: int) -> None:
    assert "at most 64 megapixels" in refusal(png_that_claims(side, side))


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_large_jpeg_is_halved_while_it_is_decoded_and_a_progressive_one_refused() -> None:
    large = flat("L", GREY, (10_000, 6_600))
    assert read_image(saved(large, "JPEG"), name="scan.jpg").shape == (3_300, 5_000)
    assert "66" in refusal(saved(large, "JPEG", progressive=True), "scan.jpg")


def test_a_file_that_is_too_large_is_refused_unopened() -> None:
    assert "at most 30 MB, got 30.0 MB" in refusal(bytes(30_000_001))


def test_a_file_is_read_by_its_path_and_a_missing_one_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "seven.png"
    path.write_bytes(saved(arrow(), "PNG"))
    assert np.array_equal(read_image_file(path), np.asarray(arrow()))
    for missing in (tmp_path / "eight.png", tmp_path):
        with pytest.raises(ImageRefused, match="must be a file"):
            read_image_file(missing)


def test_an_image_of_the_right_size_is_left_as_it_is() -> None:
    image = np.random.default_rng(0).integers(0, 256, (28, 20), dtype=np.uint8)
    for how in ("crop", "pad"):
        assert np.array_equal(fit_to(image, (1, 28, 20), how=how), image[None])


def test_cropping_keeps_the_middle_and_padding_keeps_all_and_neither_stretches() -> None:
    image = np.zeros((100, 300), np.uint8)
    image[:, 100:200] = 255
    assert fit_to(image, (1, 50, 50)).mean() > 250
    padded = fit_to(image, (1, 60, 60), how="pad")[0]
    assert np.all(padded[:19] == 0)
    assert padded[30, 30] == 255
    assert np.count_nonzero(padded[30] > 127) == 20


def test_making_smaller_averages_instead_of_dropping_pixels() -> None:
    stripes = np.tile(np.array([0, 255], np.uint8), (64, 32))
    assert np.abs(fit_to(stripes, (1, 8, 8)).astype(int) - 127).max() < 16


def test_colour_becomes_grey_by_its_luma_and_grey_becomes_three_equal_channels() -> None:
    red = np.full((8, 8, 3), (255, 0, 0), np.uint8)
    assert np.all(fit_to(red, (1, 8, 8)) == round(0.299 * 255))
    assert np.array_equal(fit_to(red, (3, 8, 8))[:, 0, 0], [255, 0, 0])
    assert fit_to(np.full((4, 4), 7, np.uint8), (3, 8, 8)).shape == (3, 8, 8)


@pytest.mark.parametrize("size", [(1, 3000), (3000, 1)])
@pytest.mark.parametrize("how", ["crop", "pad"])
def test_a_line_fits_as_well(size: tuple[int, int], how: str) -> None:
    assert fit_to(np.full(size, 9, np.uint8), (1, 28, 28), how=how).shape == (1, 28, 28)


def test_an_unknown_way_to_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="how must be crop or pad, got 'stretch'"):
        fit_to(np.zeros((8, 8), np.uint8), (1, 8, 8), how="stretch")
    with pytest.raises(ValueError, match="shape must have 1 or 3 channels, got 4"):
        fit_to(np.zeros((8, 8), np.uint8), (4, 8, 8))
