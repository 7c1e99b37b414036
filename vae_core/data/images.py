"""Image bytes that somebody hands over → an array. The only door: whatever is no sound image of a fair size is refused here."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import numpy as np
from PIL import Image, ImageOps

from vae_core.data.allowance import Allowance, TooCostly
from vae_core.data.kinds import BITS, PHOTOMETRIC, WHITE_IS_ZERO, is_drawn, kind_of, unread_layout

warnings.filterwarnings("ignore", module=r"PIL\b")  # what Pillow thinks of large images and odd metadata is no sentence of ours

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "HEIF", "AVIF")
ENDINGS = ("jpg", "jpeg", "png", "webp", "heic", "heif", "avif", "tif", "tiff", "bmp", "gif")
"""How names of files in these formats end."""
FORMATS_IN_WORDS = "PNG, JPEG, WebP, GIF, BMP, TIFF, HEIC or AVIF"
LARGEST_FILE_BYTES = 30_000_000
MOST_PIXELS = 64_000_000
MOST_PIXELS_OF = {"WEBP": 48_000_000}
"""Its decoder holds 18 bytes a pixel (measured): more would cost a gigabyte."""

START_OF_PASS, MOST_PASSES = b"\xff\xda", 100
"""Of a JPEG. Programs send about ten."""

ROWS_AT_ONCE = 256

Behind = Literal["white", "black"]

PNG_DEPTH = 24
"""Where a PNG file says how many bits a sample has."""
GREY_MODES = ("1", "L", "LA", "La")
DEPTHS = (8, 10, 12, 14, 16)
"""Bits that cameras, scanners and microscopes fill of the 16 that a grey level is stored in."""


class ImageRefused(ValueError):
    """These bytes are not taken as an image. The message is one sentence: which file, what is wrong, what to do."""


def read_image_file(file: Path | str, *, behind: Behind = "white") -> np.ndarray:
    """The image in a file, as `read_image` returns it.

    Raises:
        ImageRefused: if there is no such file, it cannot be read, or `read_image` refuses it.
    """
    path = Path(file)
    try:
        if path.exists() and not path.is_file():
            what = "a folder" if path.is_dir() else "something else"
            raise ImageRefused(f"{path} must be a file, got {what} of that name: check its name")
        limit_bytes(path.stat().st_size, str(path))
        return read_image(path.read_bytes(), name=str(path), behind=behind)
    except OSError as error:
        reason = (error.strerror or "an error").lower()
        raise ImageRefused(f"{path} must be a file that can be read, got {reason}: check its name") from error


def read_image(data: bytes, *, name: str, behind: Behind = "white", allowance: Allowance | None = None) -> np.ndarray:
    """The image as a person sees it: upright, without transparency, its first frame if it moves.

    Args:
        data: the whole file.
        name: what errors call it.
        behind: the colour that shows through what is transparent.
        allowance: that the image's pixels, and the time that they take, are counted in.

    Returns:
        uint8 (H, W) where the file holds grey levels, else (H, W, 3).

    Raises:
        ImageRefused: if the bytes are no image of a known kind, a damaged one, or one that is too large.
        TooCostly: if the allowance is spent.
    """
    limit_bytes(len(data), name)
    allowance = allowance or Allowance()
    image = opened(data, name, allowance)
    with decoding(data, name):
        limit_pixels(image, name)
        limit_passes(image, data, name)
        allowance.take_pixels(image.width * image.height, name)
        _refuse_unread(image, data, name)
        is_bmp = image.format == "BMP"
        if image.format == "PNG":
            _in_levels_of_eight_bits(image, data)
        ImageOps.exif_transpose(image, in_place=True)
        if is_bmp and image.mode == "RGBA" and image.getextrema()[-1] == (0, 0):
            image = image.convert("RGB")  # programs that write no alpha leave its place at 0
        if image.mode in ("P", "PA") and image.palette is None:
            raise ImageRefused(f"{name} must hold the palette of its colours, got none: save it again from its source")
        pixels = as_bytes(image, behind)
        _refuse_dark(image, pixels, data, name)
    return pixels


@contextmanager
def decoding(data: bytes, name: str) -> Iterator[None]:
    """Turn whatever a decoder raises into a sentence: on hostile or damaged bytes nearly anything, at every touch of an image.

    Raises:
        ImageRefused: in place of any other exception.
    """
    try:
        yield
    except (ImageRefused, TooCostly):
        raise
    except Exception as error:
        got = unread_layout(data) or "a truncated or damaged one"
        raise ImageRefused(f"{name} must be a whole image, got {got}: save it again from its source") from error


def _refuse_unread(image: Image.Image, data: bytes, name: str) -> None:
    """Refuses pixels that would be drawn in wrong colours, or of whose numbers it is not known which one is white."""
    tags = getattr(image, "tag_v2", None)
    if image.mode in ("I", "F") or (tags is not None and not is_drawn(tags)):
        got = unread_layout(data, tags) or f"an image in the mode {image.mode}"
        raise ImageRefused(f"{name} must have unsigned numbers of 8 or 16 bits per channel, got {got}: save it as PNG or JPEG")


def _refuse_dark(image: Image.Image, pixels: np.ndarray, data: bytes, name: str) -> None:
    """Refuses colours of 16 bits that fill so few of them that their upper halves, which are what is read, are all but black."""
    tags = getattr(image, "tag_v2", {})
    is_sixteen = (image.format == "PNG" and data[PNG_DEPTH] == 16) or set(tags.get(BITS, ())) == {16}
    if is_sixteen and not image.has_transparency_data and pixels.ndim == 3 and pixels.max() < 2 ** (DEPTHS[-2] - 8):
        got = f"at most {256 * int(pixels.max()) + 255:,} of 65,535"
        raise ImageRefused(f"{name} must use the range of its 16 bits per channel, got {got}: save it with 8 bits per channel")


def _in_levels_of_eight_bits(image: Image.Image, data: bytes) -> None:
    """The clear colour of a PNG file in the numbers of its decoded pixels: Pillow leaves it in those of the file."""
    clear, depth = image.info.get("transparency"), data[PNG_DEPTH]
    if depth in (2, 4) and image.mode == "L" and isinstance(clear, int):
        image.info["transparency"] = clear * 255 // (2**depth - 1)
    elif depth == 16 and isinstance(clear, tuple):
        image.info["transparency"] = tuple(level >> 8 for level in clear)


def limit_bytes(n_bytes: int, name: str) -> None:
    if n_bytes > LARGEST_FILE_BYTES:
        size = f"{n_bytes / 1e6:.1f} MB"
        raise ImageRefused(f"{name} must be at most {LARGEST_FILE_BYTES / 1e6:.0f} MB, got {size}: save it smaller")


def opened(data: bytes, name: str, allowance: Allowance) -> Image.Image:
    """The image with its header read and no pixel decoded."""
    if data[4:8] == b"ftyp":
        import pillow_heif

        pillow_heif.register_heif_opener()
    Image.init()
    try:
        return Image.open(allowance.file(data, name), formats=[kind for kind in FORMATS if kind in Image.OPEN])
    except TooCostly:
        raise
    except Image.DecompressionBombError as error:
        raise ImageRefused(f"{name} must have at most {MOST_PIXELS / 1e6:.0f} megapixels, got far more: save it smaller") from error
    except Exception as error:  # as above
        raise ImageRefused(f"{name} must be an image ({FORMATS_IN_WORDS}), got {kind_of(data, FORMATS)}: save it as PNG or JPEG") from error


def limit_pixels(image: Image.Image, name: str) -> None:
    """Refuses what would take too much memory to decode. A large JPEG is halved as it is decoded, if it is stored row by row."""
    width, height = image.size
    most = MOST_PIXELS_OF.get(image.format or "", MOST_PIXELS)
    if width * height > most and image.format in ("JPEG", "MPO") and not image.info.get("progressive"):
        image.draft(None, (width // 2, height // 2))
    if image.width * image.height > most:
        got = f"{width} × {height} = {width * height / 1e6:.0f}"
        raise ImageRefused(f"{name} must have at most {most / 1e6:.0f} megapixels, got {got}: save it smaller")


def limit_passes(image: Image.Image, data: bytes, name: str) -> None:
    """Refuses a JPEG that is sent in far more passes over its pixels than any program makes: each takes time, and hardly a byte."""
    n = data.count(START_OF_PASS) if image.format in ("JPEG", "MPO") else 0
    if n > MOST_PASSES:
        raise ImageRefused(f"{name} must be made of at most {MOST_PASSES} passes, got {n:,}: save it again from its source")


def is_transparent(data: bytes, *, name: str, allowance: Allowance | None = None) -> bool:
    """Whether something shows through the image, as its header says; `allowance` as for `read_image`.

    Raises:
        ImageRefused: if the bytes are no image of a known kind, or a damaged one.
    """
    image = opened(data, name, allowance or Allowance())
    with decoding(data, name):
        return bool(image.has_transparency_data)


def as_bytes(image: Image.Image, behind: Behind) -> np.ndarray:
    """8 bits a channel, grey or RGB; converted some rows at a time, so that a large image is not held twice."""
    mode = "L" if image.mode in GREY_MODES or image.mode.startswith("I;16") else "RGB"
    most = _most_of_sixteen_bits(image) if image.mode.startswith("I;16") else None
    pixels = np.empty((image.height, image.width) if mode == "L" else (image.height, image.width, 3), np.uint8)
    for top, part in _rows(image):
        levels = _opaque(part, mode, behind) if most is None else _from_sixteen_bits(image, part, most, behind)
        pixels[top : top + part.height] = levels
    return pixels


def _rows(image: Image.Image) -> Iterator[tuple[int, Image.Image]]:
    for top in range(0, image.height, ROWS_AT_ONCE):
        yield top, image.crop((0, top, image.width, min(top + ROWS_AT_ONCE, image.height)))


def _most_of_sixteen_bits(image: Image.Image) -> int:
    """The level that is white: the largest of the depth that the file names, or that its levels fill."""
    brightest = max(int(np.asarray(part).max()) for _, part in _rows(image))
    filled = next(depth for depth in DEPTHS if brightest < 2**depth)
    named = getattr(image, "tag_v2", {}).get(BITS, (16,))[0]
    return 2 ** min(filled, named) - 1


def _from_sixteen_bits(image: Image.Image, part: Image.Image, most: int, behind: Behind) -> np.ndarray:
    """Rows of grey levels of up to 16 bits as 8 bits; that white may be 0, or one level clear, is left to us."""
    levels = np.asarray(part)
    grey = np.round(levels * (255 / most))
    grey = 255 - grey if getattr(image, "tag_v2", {}).get(PHOTOMETRIC) == WHITE_IS_ZERO else grey
    if (clear := image.info.get("transparency")) is not None:
        grey[levels == clear] = 255 if behind == "white" else 0
    return grey.clip(0, 255).astype(np.uint8)


def _opaque(part: Image.Image, mode: str, behind: Behind) -> np.ndarray:
    if part.has_transparency_data:
        part = part.convert("LA") if part.mode == "La" else part
        part = Image.alpha_composite(Image.new("RGBA", part.size, behind), part.convert("RGBA"))
    return np.asarray(part.convert(mode))


def fit_to(image: np.ndarray, shape: tuple[int, ...], *, how: Literal["crop", "pad"] = "crop") -> np.ndarray:
    """The image in the shape that a model takes, never stretched; unchanged where it has that size already.

    Args:
        image: uint8 (H, W) or (H, W, 3).
        shape: (C, H, W) with 1 channel (grey: ITU-R 601 luma) or 3.
        how: `crop` keeps the largest part around the centre, `pad` keeps all of it on the median colour of its border.

    Returns:
        uint8 (C, H, W).

    Raises:
        ValueError: if `how` or the number of channels is none of those.
    """
    channels, height, width = shape
    if channels not in (1, 3):
        raise ValueError(f"shape must have 1 or 3 channels, got {channels}")
    if how not in ("crop", "pad"):
        raise ValueError(f"how must be crop or pad, got {how!r}")
    picture = Image.fromarray(image).convert("L" if channels == 1 else "RGB")
    fitted = cropped if how == "crop" else padded
    pixels = np.asarray(fitted(picture, (width, height)))
    return np.ascontiguousarray(pixels.reshape(height, width, channels).transpose(2, 0, 1))


def cropped(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    return picture if picture.size == size else ImageOps.fit(picture, size, Image.Resampling.BICUBIC)


def scaled(size: tuple[int, int], factor: float) -> tuple[int, int]:
    """Width and height times a factor, in whole pixels, of which each has one at least."""
    width, height = size
    return max(1, round(width * factor)), max(1, round(height * factor))


def padded(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    scale = min(size[0] / picture.width, size[1] / picture.height)
    inner = scaled(picture.size, scale)
    resized = picture if inner == picture.size else picture.resize(inner, Image.Resampling.BICUBIC)
    canvas = Image.new(picture.mode, size, border_colour(picture))
    canvas.paste(resized, ((size[0] - inner[0]) // 2, (size[1] - inner[1]) // 2))
    return canvas


def border_colour(picture: Image.Image) -> tuple[int, ...]:
    """The median of the outermost pixels, channel by channel."""
    pixels = np.atleast_3d(np.asarray(picture))  # (H, W, C)
    border = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    return tuple(int(level) for level in np.median(border, axis=0))
