"""Pictures that a person brings, in a browser: upload, draw, a ZIP file, download; a drawn 3 is a digit, a scribble is none."""

from __future__ import annotations

import base64
import io
import math
import zipfile
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from tests.browser.windows import Visit
from tests.harness import in_own_pixels, pixels
from tests.image_corpus import picture, saved
from tests.own_folder import zipped
from vae_core.data.preparation import made_like
from vae_core.explore.own.strangers import WORDS
from vae_core.models import default_spec
from vae_core.store import Store

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(default_spec("vae", "digits", 2) not in Store(), reason="train it first: vae of digits at latent_dim 2"),
]

LINK = "own-images?dataset=digits&latent_dim=2&family=vae&own_way="
SHEET = "[...document.querySelectorAll('*')].map((e) => e.shadowRoot?.querySelector('.drawing')).find(Boolean)"

Strokes = list[list[tuple[float, float]]]


def arc(x: float, y: float, r: float, start: float, end: float) -> list[tuple[float, float]]:
    return [(x + r * math.cos(a), y + r * math.sin(a)) for a in np.linspace(start * math.pi, end * math.pi, 16)]


THREE: Strokes = [arc(0.5, 0.33, 0.19, -0.85, 0.5) + arc(0.5, 0.71, 0.2, -0.5, 0.85)]
SCRIBBLE: Strokes = [[(0.5 + 0.42 * math.sin(2.3 * k), 0.5 + 0.42 * math.cos(3.1 * k + k * k / 9)) for k in range(28)]]


def ring(width: int, height: int) -> Image.Image:
    """A ring of dark ink on bright paper: something that a data set of digits can be given."""
    y, x = np.mgrid[:height, :width]
    from_centre = np.hypot(x - width / 2, y - height / 2) / min(width, height)
    return Image.fromarray(np.where(np.abs(from_centre - 0.33) < 0.05, 20, 240).astype(np.uint8))


def draw(page: Page, strokes: Strokes) -> None:
    """Strokes on the sheet with the mouse, in shares of its side."""
    box = page.locator(".drawing canvas").bounding_box()
    for stroke in strokes:
        for number, (x, y) in enumerate(stroke):
            page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
            if number == 0:
                page.mouse.down()
        page.mouse.up()


def sheet(page: Page) -> np.ndarray:
    script = f"() => {{ const c = {SHEET}.querySelector('canvas'); return [...c.getContext('2d').getImageData(0, 0, 168, 168).data]; }}"
    return np.array(page.evaluate(script), np.uint8).reshape(168, 168, 4)[:, :, 0]


def wait_for_messages(page: Page, n: int) -> None:
    page.wait_for_function(f"n => +({SHEET}?.dataset.messages || 0) === n", arg=n)


def input_of(found: Visit) -> np.ndarray:
    """The model's input in its own pixels, beside its reconstructions."""
    found.page.locator(".own-steps .input img").wait_for()
    data = found.settle().page.locator(".tile img").first.get_attribute("src").partition(",")[2]
    return in_own_pixels(pixels(base64.b64decode(data)))


def upload(found: Visit, name: str, data: bytes) -> Visit:
    field = found.page.locator('[data-testid="stFileUploaderDropzoneInput"]')
    field.set_input_files({"name": name, "mimeType": "application/octet-stream", "buffer": data})
    found.page.locator(".own-steps").wait_for()
    return found.settle()


def test_a_picture_is_uploaded_and_everything_comes_back_as_one_zip_file(server: str, visit: Callable[..., Visit]) -> None:
    found = visit().open(f"{server}/{LINK}upload")
    upload(found, "mine.png", saved(ring(60, 40), "PNG"))
    seen = input_of(found)
    assert seen.any()
    assert np.array_equal(seen, made_like("digits", np.asarray(ring(60, 40)))[0])
    assert found.faults() == []
    assert "mine" not in found.page.url
    with found.page.expect_download() as coming:
        found.page.get_by_role("button", name="ZIP").click()
    with zipfile.ZipFile(coming.value.path()) as archive:
        assert archive.testzip() is None
        assert np.array_equal(np.asarray(Image.open(io.BytesIO(archive.read("01/input.png")))), seen)
        assert b"mine.png" in archive.read("numbers.csv")
        assert "01/vae-d2.png" in archive.namelist()
    assert found.complaints == []


def test_a_zip_file_with_one_bad_file_names_it_and_shows_the_others(server: str, visit: Callable[..., Visit]) -> None:
    found = visit().open(f"{server}/{LINK}upload")
    files = {"1.png": saved(ring(60, 40), "PNG"), "letter.png": b"Dear all", "3.png": saved(ring(40, 60), "PNG")}
    upload(found, "class.zip", zipped(files))
    said = found.page.locator('[data-testid="stAlert"]').all_inner_texts()
    assert len(said) == 1
    assert "letter.png must be an image" in said[0]
    assert found.page.get_by_text("Which of 2").count() == 1


@pytest.mark.parametrize("size", [(320, 180), (900, 90)], ids=["camera", "panorama"])
def test_every_step_of_a_wide_picture_is_in_view(size: tuple[int, int], server: str, visit: Callable[..., Visit]) -> None:
    found = visit().open(f"{server}/{LINK}upload")
    upload(found, "wide.png", saved(picture(*size), "PNG"))
    strip = found.page.locator(".own-steps")
    assert strip.locator("figure").count() == 7
    assert strip.evaluate("e => e.scrollWidth - e.clientWidth") <= 0
    assert strip.locator("img").evaluate_all("all => Math.min(...all.map((e) => e.clientWidth))") > 40


@pytest.mark.parametrize(("strokes", "passes"), [(THREE, True), (SCRIBBLE, False)], ids=["three", "scribble"])
def test_a_drawn_three_passes_as_a_digit_and_a_scribble_does_not(
    strokes: Strokes,
    passes: bool,
    server: str,
    visit: Callable[..., Visit],
) -> None:
    found = visit().open(f"{server}/{LINK}draw")
    found.page.locator(".drawing canvas").wait_for()
    draw(found.page, strokes)
    wait_for_messages(found.page, 1)
    assert np.array_equal(input_of(found), made_like("digits", sheet(found.page))[0])
    found.go_to("own-place")
    main = found.page.locator('[data-testid="stMain"]')
    said = " ".join(main.locator('[data-testid="stAlert"]').all_inner_texts())
    assert main.locator('[data-testid="stMetricValue"]').count() == 1  # there is a verdict
    assert (main.get_by_text(f"{WORDS['like']}.", exact=True).count() == 1) == passes
    assert (said == "") == passes
    assert ("more ink than in the data" in said) != passes
    assert (main.get_by_text(WORDS["unlike"]).count() == 1) != passes
    found.go_to("own-images")
    found.page.locator(".drawing canvas").wait_for()
    assert sheet(found.page).max() == 255  # the drawing is there again
    assert found.complaints == []


def test_a_stroke_is_taken_back_and_the_sheet_cleared(server: str, visit: Callable[..., Visit]) -> None:
    found = visit().open(f"{server}/{LINK}draw")
    page = found.page
    page.locator(".drawing canvas").wait_for()
    draw(page, THREE)
    wait_for_messages(page, 1)
    one = sheet(page)
    draw(page, [[(0.1, 0.1), (0.9, 0.9)]])
    wait_for_messages(page, 2)
    assert not np.array_equal(sheet(page), one)
    page.get_by_role("button", name="Undo").click()
    wait_for_messages(page, 3)
    assert np.array_equal(sheet(page), one)
    page.get_by_role("button", name="Clear").click()
    wait_for_messages(page, 4)
    assert sheet(page).max() == 0
    page.locator(".own-steps").wait_for(state="detached")


def test_a_finger_draws_as_the_mouse_does(server: str, visit: Callable[..., Visit]) -> None:
    page = visit(viewport={"width": 1024, "height": 768}, has_touch=True).open(f"{server}/{LINK}draw").page
    page.locator(".drawing canvas").wait_for()
    box = page.locator(".drawing canvas").bounding_box()
    touch = page.context.new_cdp_session(page)
    at = [{"x": box["x"] + 40, "y": box["y"] + 40}]
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": at})
    for k in range(1, 8):
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": at[0]["x"] + 9 * k, "y": at[0]["y"]}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    wait_for_messages(page, 1)
    assert (sheet(page) > 127).sum() > 300
