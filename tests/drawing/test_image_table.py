"""Tables of images: as HTML in their own pixels, as a PNG with their words."""

from __future__ import annotations

import base64
import re

import numpy as np
import pytest

from tests.harness import pixels
from vae_core.drawing.image_table import Head, ImageTable, Tile


def images_of(html: str) -> list[np.ndarray]:
    return [pixels(base64.b64decode(data)) for data in re.findall(r"base64,([^\"]+)\"", html)]


def size_of(html: str, *, room: tuple[int, int]) -> float:
    """The width that CSS gives the images, of a table as wide as `room` says, in a window as high."""
    (width,) = re.findall(r"width: (min\(.*?\)); aspect-ratio", html)
    numbers = width.replace("100cqw", str(room[0])).replace("var(--window, 100vh)", str(room[1])).replace("px", "")
    return eval(numbers, {"clamp": lambda least, value, most: max(least, min(value, most)), "min": min, "max": max})


def table_of(rows: int, columns: int, shape: tuple[int, int, int] = (1, 28, 28)) -> ImageTable:
    return ImageTable((Head("x"),) * columns, ((Tile(np.zeros(shape, np.uint8)),) * columns,) * rows)


def test_the_table_sends_every_pixel_as_a_square_of_the_next_whole_multiple() -> None:
    image = np.arange(64, dtype=np.uint8).reshape(1, 8, 8)
    for most in (60, 64, 65):
        html = ImageTable((Head("x"),), ((Tile(image),),)).to_html(most=most)
        times = -(-most // 8)
        np.testing.assert_array_equal(images_of(html)[0], image[0].repeat(times, 0).repeat(times, 1))
    assert "pixelated" not in html


def test_images_fill_what_room_there_is() -> None:
    """No column of empty window beside them: they are as wide as the columns or as high as the rows allow, to the pixel."""
    html = table_of(4, 6).to_html(beside=240)
    assert size_of(html, room=(740, 800)) == pytest.approx((800 - 240) / 4 - 24)
    assert size_of(html, room=(500, 800)) == pytest.approx((500 - 24) / 6)
    assert size_of(html, room=(1224, 1080)) == pytest.approx((1080 - 240) / 4 - 24)
    assert size_of(html, room=(4000, 4000)) == 200
    assert size_of(html, room=(740, 300)) == 40


def test_images_below_a_chart_have_the_room_that_it_leaves() -> None:
    html = table_of(1, 2).to_html(beside=240, charts=340)
    assert size_of(html, room=(900, 800)) == pytest.approx(800 - 240 - 340 - 24, abs=0.1)
    assert size_of(html, room=(900, 768)) == pytest.approx(768 - 240 - 340 * (768 - 240) / 560 - 24, abs=0.1)


def test_the_table_is_never_stretched() -> None:
    html = table_of(1, 1, (1, 28, 20)).to_html()
    assert "aspect-ratio: 20 / 28; height: auto" in html


def test_words_in_a_table_cannot_become_markup() -> None:
    html = ImageTable((Head("<b>x</b>", "<i>"),), ((Tile(np.zeros((1, 2, 2), np.uint8), "<script>"),),), ("<u>",), "<p>").to_html()
    assert not re.search(r"<(script|u|p|b>x)", html)


def test_the_png_of_a_table_holds_its_images_and_its_words() -> None:
    x = np.random.default_rng(0).integers(0, 256, (2, 1, 4, 3), dtype=np.uint8)
    heads = (Head("Original"), Head("PCA", "SSE 3.00"), Head("VAE", "SSE 0.00", is_focus=True))
    table = ImageTable(heads, tuple((Tile(image, f"#{k}"), Tile(image), Tile(image)) for k, image in enumerate(x)))
    png = pixels(table.to_png(times=10))
    ink = (png < 100).all(-1)
    assert ink[: 3 * 40].any()  # the heads
    assert png[3 * (48 + 5), 3 * (4 + 5), 0] == x[0, 0, 0, 0]
    assert png.shape[1] == 3 * (4 + 3 * (3 * 10 + 4))
    assert pixels(table.to_png(times=10, density=1)).shape[1] == 4 + 3 * (3 * 10 + 4)
