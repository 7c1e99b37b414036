"""A sheet to draw points on, in a browser: hand and keys paint, Python hears of it, a link restores it, echoes change nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.windows import Visit
from vae_core.data import drawn
from vae_core.explore.autoencoders import denoising

pytestmark = pytest.mark.browser

SHEET = '.painting [data-part="sheet"]'
PAINTED = "() => [...document.querySelectorAll('*')].map(e => e.shadowRoot?.querySelector('.painting')).find(Boolean).dataset.painted"


def painted(one: Visit) -> int:
    return int(one.page.evaluate(PAINTED))


def said(one: Visit) -> str:
    return one.page.locator('[data-testid="stMain"]').inner_text()


def code_of(one: Visit) -> str:
    return one.query()["drawn"][0]


def test_what_is_painted_by_hand_and_keys_is_what_python_hears_and_a_link_restores(server: str, visit: Callable[..., Visit]) -> None:
    one = visit().open(f"{server}/manifold-toys?toy=drawn")
    assert painted(one) == drawn.decoded(drawn.presets()["two moons"]).sum()
    one.page.locator('.painting [data-part="preset"]').select_option("circle")
    one.page.wait_for_function("code => new URLSearchParams(location.search).get('drawn') === code", arg=drawn.presets()["circle"])
    box = one.page.locator(SHEET).bounding_box()
    for down in (0.5, 0.9):  # the second stroke begins before Python has answered the first
        one.page.mouse.move(box["x"] + 0.1 * box["width"], box["y"] + down * box["height"])
        one.page.mouse.down()
        one.page.mouse.move(box["x"] + 0.9 * box["width"], box["y"] + down * box["height"], steps=4)
        one.page.mouse.up()
    n = painted(one.draw())
    one.settle()
    assert painted(one) == n == drawn.decoded(code_of(one)).sum()
    assert drawn.decoded(code_of(one))[drawn.SIDE // 10].sum() > 20
    one.page.locator(SHEET).focus()
    for key in ("ArrowUp", "ArrowRight", "ArrowUp", "Space"):
        one.page.keyboard.press(key)
    one.settle()
    assert painted(one) == n + 1 == drawn.decoded(code_of(one)).sum()
    one.page.locator('.painting [data-part="undo"]').click()
    one.settle()
    assert painted(one) == n
    other = visit().open(one.link())
    assert painted(other) == n and other.complaints == one.complaints == []


def test_an_empty_sheet_says_so_and_what_was_there_stays(server: str, visit: Callable[..., Visit]) -> None:
    one = visit().open(f"{server}/expressiveness?ring_map=Drawn+by+hand&drawn={drawn.presets()['cross']}")
    one.page.locator('.painting [data-part="clear"]').click()
    one.settle()
    assert "paint at least one cell" in one.page.locator('.painting [data-part="said"]').inner_text()
    assert one.link().count(drawn.presets()["cross"]) == 1
    assert one.faults() == []


def test_noise_is_painted_on_an_image_by_hand_and_keys_and_the_link_has_it(server: str, visit: Callable[..., Visit]) -> None:
    one = visit().open(f"{server}/denoising?dn_data=digits&dn_where=where+I+paint")
    one.page.locator('.painting [data-part="preset"]').select_option("lower half")
    one.settle()
    assert one.query()["dn_painted_8"] == [denoising.presets(8)["lower half"]] and "50 % of the pixels" in said(one)
    box = one.page.locator(SHEET).bounding_box()
    one.page.mouse.move(box["x"] + 0.06 * box["width"], box["y"] + 0.06 * box["height"])
    one.page.mouse.down()
    one.page.mouse.move(box["x"] + 0.94 * box["width"], box["y"] + 0.06 * box["height"], steps=4)
    one.page.mouse.up()
    one.settle()
    assert denoising.painted_pixels(one.query()["dn_painted_8"][0], 8)[0].all() and painted(one) == 40
    one.page.locator(SHEET).focus()
    for key in ("ArrowUp", "ArrowUp", "Space"):
        one.page.keyboard.press(key)
    one.settle()
    assert painted(one) == 41 == denoising.painted_pixels(one.query()["dn_painted_8"][0], 8).sum()
    assert "64 % of the pixels" in said(one) and one.complaints == []
