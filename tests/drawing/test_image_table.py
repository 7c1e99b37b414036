"""Tables of images: as HTML in their own pixels, as a PNG with their words."""

from __future__ import annotations

import base64
import re

import numpy as np

from tests.harness import pixels
from vae_core.drawing.image_table import Head, ImageTable, Tile


def images_of(html: str) -> list[np.ndarray]:
    return [pixels(base64.b64decode(data)) for data in re.findall(r"base64,([^\"]+)\"", html)]


def test_the_table_sends_every_image_in_its_own_pixels_and_enlarges_by_whole_numbers() -> None:
    image = np.arange(64, dtype=np.uint8).reshape(1, 8, 8)
    html = ImageTable((Head("x"),), ((Tile(image),),)).to_html()
    np.testing.assert_array_equal(images_of(html)[0], image[0])
    sizes = {(int(w), int(h)) for w, h in re.findall(r"none { width: (\d+)px; height: (\d+)px", html)}
    assert sizes
    assert all(w == h and w % 8 == 0 for w, h in sizes)
    assert "image-rendering: pixelated" in html


def test_the_table_is_never_stretched() -> None:
    html = ImageTable((Head("x"),), ((Tile(np.zeros((1, 28, 20), np.uint8)),),)).to_html()
    sizes = {(int(w), int(h)) for w, h in re.findall(r"none { width: (\d+)px; height: (\d+)px", html)}
    assert all(w * 28 == h * 20 for w, h in sizes)


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
