"""Pictures to keep: three pixels for one of a screen, and letters instead of boxes."""

from __future__ import annotations

import ast

import numpy as np
import pytest
from PIL import Image, ImageDraw

from tests.harness import ROOT, pixels
from vae_core.drawing.canvas import SMALLEST, Canvas, text_in, typeface

NO_GLYPH = "\U000effff"


def has_glyph(letter: str) -> bool:
    return bytes(typeface(20).getmask(letter)) != bytes(typeface(20).getmask(NO_GLYPH))


def letters_of(folder: str) -> set[str]:
    """Every letter beyond ASCII in the strings of a folder's code."""
    nodes = [node for path in (ROOT / folder).rglob("*.py") for node in ast.walk(ast.parse(path.read_text()))]
    texts = [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return {letter for text in texts for letter in text if not letter.isascii()}


def test_the_typeface_has_every_letter_that_a_figure_may_write() -> None:
    wanted = letters_of("vae_core/explore") | set("−σ₀₁₂₃₄₅₆₇₈₉ⱼx̂×±ÄÖÜäöüß")
    assert {letter for letter in wanted if not has_glyph(letter)} == set()
    assert not has_glyph("\U000efffe")


@pytest.mark.parametrize("text", ["−0.5", "x̂ − x", "x̄ + 2σⱼvⱼ", "v₁₂"])
def test_a_text_is_drawn_in_letters_and_no_boxes(text: str) -> None:
    canvas = Canvas.blank((120, 20))
    canvas.text((0, 0), (120, 20), text, size=13)
    boxes = Canvas.blank((120, 20))
    boxes.text((0, 0), (120, 20), "".join(letter if letter.isascii() else NO_GLYPH for letter in text), size=13)
    assert (np.asarray(canvas.sheet) != np.asarray(boxes.sheet)).any()
    assert (np.asarray(canvas.sheet) < 100).any()


def test_a_canvas_has_three_pixels_for_one_of_its_layout() -> None:
    canvas = Canvas.blank((40, 30))
    image = np.arange(4, dtype=np.uint8).reshape(1, 2, 2) * 60
    canvas.image((10, 5), image, times=4)
    canvas.rectangle((20, 20), (3, 2), "#ff0000")
    png = pixels(canvas.to_png())
    assert png.shape == (90, 120, 3)
    np.testing.assert_array_equal(png[15:39, 30:54, 0], np.kron(image[0], np.ones((12, 12), np.uint8)))
    assert np.argwhere((png == (255, 0, 0)).all(-1)).min(0).tolist() == [60, 60]
    assert (png == (255, 0, 0)).all(-1).sum() == 9 * 6


@pytest.mark.parametrize("align", ["centre", "left"])
def test_a_line_that_is_too_long_is_made_smaller_and_then_cut(align: str) -> None:
    def drawn(text: str, width: int) -> np.ndarray:
        sheet = Image.new("L", (400, 40), 255)
        text_in(ImageDraw.Draw(sheet), (100, 0), (width, 40), text, size=30, colour="black", align=align)
        return np.flatnonzero((np.asarray(sheet) < 255).any(0))

    assert drawn("W" * 200, 60).min() >= 99
    assert drawn("W" * 200, 60).max() <= 161
    assert drawn("W", 100).size > drawn("W", SMALLEST).size > 0
