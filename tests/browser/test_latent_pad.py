"""The latent pad in a browser: it follows the hand, the keys and the link, and says one thing for each drag."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.browser.windows import Visit
from vae_core.explore.latent_pad import decoded
from vae_core.models import default_spec
from vae_core.store import Store

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(default_spec("vae", "digits", 2) not in Store(), reason="train it first: vae of digits at latent_dim 2"),
]

PAD = "[...document.querySelectorAll('*')].map((e) => e.shadowRoot?.querySelector('.pad')).find(Boolean)"
LINK = "manifold-pad?dataset=digits&latent_dim=2&family=vae"


def pad(page: Page) -> dict[str, str]:
    return page.evaluate(f"() => ({{...{PAD}?.dataset}})")


def z_of(page: Page) -> list[float]:
    return [float(v) for v in pad(page)["z"].split(",")]


def wait_for_frames(page: Page, more_than: int = 0) -> None:
    page.wait_for_function(f"n => +({PAD}?.dataset.frames || 0) > n", arg=more_than)


def opened_pad(visit: Callable[..., Visit], address: str) -> Visit:
    found = visit().open(address)
    wait_for_frames(found.page)
    return found


def shown(page: Page, part: str) -> np.ndarray:
    """Grey levels of one of the pad's pictures."""
    script = f"""() => {{ const c = {PAD}.querySelector('[data-part="{part}"]');
      return [c.width, c.height, ...c.getContext('2d').getImageData(0, 0, c.width, c.height).data]; }}"""
    width, height, *levels = page.evaluate(script)
    return np.array(levels).reshape(height, width, 4)[:, :, 0]


def test_a_drag_decodes_as_it_goes_sends_nothing_meanwhile_and_one_message_at_its_end(
    server: str,
    visit: Callable[..., Visit],
) -> None:
    found = visit()
    sent: list[int] = []
    found.page.on("websocket", lambda socket: socket.on("framesent", lambda data: sent.append(len(data))))
    found.open(f"{server}/{LINK}")
    page = found.page
    wait_for_frames(page)
    box = page.locator(".plane").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    before = int(pad(page)["frames"])
    page.mouse.move(x, y)
    page.mouse.down()
    quiet = len(sent)
    for k in range(1, 21):
        page.mouse.move(x + 6 * k, y - 3 * k)
        page.wait_for_timeout(20)
    assert len(sent) == quiet
    wait_for_frames(page, before + 5)
    assert len(sent) == quiet
    page.mouse.up()
    page.wait_for_function("() => new URLSearchParams(location.search).get('z')")
    assert int(pad(page)["messages"]) == 1
    z = z_of(page)
    assert [float(v) for v in found.settle().query()["z"][0].split(",")] == pytest.approx(z, abs=1e-4)
    model = Store().load(default_spec("vae", "digits", 2))
    assert np.abs(shown(page, "decoded") - np.clip(255 * decoded(model, np.array([z]))[0, 0], 0, 255)).max() <= 2
    assert not found.complaints


def test_a_reload_of_the_link_shows_the_same_model_code_and_picture(server: str, visit: Callable[..., Visit]) -> None:
    page = opened_pad(visit, f"{server}/{LINK}&z=0.75,-1.25&pin=5").page
    picture, kept = shown(page, "decoded"), shown(page, "thumbnail")
    assert z_of(page) == [0.75, -1.25]
    again = opened_pad(visit, page.url).page
    assert z_of(again) == [0.75, -1.25]
    assert np.array_equal(shown(again, "decoded"), picture)
    assert np.array_equal(shown(again, "thumbnail"), kept)


def test_the_link_of_a_place_that_was_chosen_by_hand_shows_the_very_picture(server: str, visit: Callable[..., Visit]) -> None:
    found = opened_pad(visit, f"{server}/{LINK}")
    page, box = found.page, found.page.locator(".plane").bounding_box()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.5 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.3137 * box["width"], box["y"] + 0.6271 * box["height"], steps=3)
    page.mouse.up()
    for keys in ([], ["Enter"]):  # anywhere, and at a code
        for key in keys:
            page.locator(".plane").press(key)
        page.wait_for_function("() => new URLSearchParams(location.search).get('z')")
        page.wait_for_timeout(600)
        found.settle()
        again = opened_pad(visit, page.url).page
        assert z_of(again) == z_of(page)
        assert np.array_equal(shown(again, "decoded"), shown(page, "decoded"))


def test_keys_move_z_and_take_the_nearest_image_and_a_number_that_is_typed_moves_it_too(server: str, visit: Callable[..., Visit]) -> None:
    page = opened_pad(visit, f"{server}/{LINK}").page
    page.locator(".plane").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    page.wait_for_function(f"() => {PAD}.dataset.z.split(',').every((v) => +v > 0)")
    page.keyboard.press("Enter")
    page.wait_for_function("() => +new URLSearchParams(location.search).get('pin') >= 0 && new URLSearchParams(location.search).get('z')")
    assert "kept" in page.evaluate(f"""() => {PAD}.querySelector('[data-part="what"]').textContent""")
    page.keyboard.press("Home")
    page.wait_for_function(f"() => {PAD}.dataset.z === '0,0'")
    field = page.get_by_role("textbox", name="Code z")
    field.fill("-1, 0.5")
    field.press("Enter")
    page.wait_for_function(f"() => {PAD}.dataset.z === '-1,0.5'")


def test_a_finger_drags_as_the_mouse_does(server: str, visit: Callable[..., Visit]) -> None:
    page = visit(viewport={"width": 1024, "height": 768}, has_touch=True).open(f"{server}/{LINK}").page
    wait_for_frames(page)
    box = page.locator(".plane").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    touch = page.context.new_cdp_session(page)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for k in range(1, 11):
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x + 8 * k, "y": y}]})
    page.wait_for_function(f"() => +{PAD}.dataset.z.split(',')[0] > 0.5")
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_function("() => new URLSearchParams(location.search).get('z')")
