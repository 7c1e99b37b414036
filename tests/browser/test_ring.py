"""The ring in a browser: the morph draws and moves, follows the hand, and a link restores it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.morph import FIND, PIXELS, morph, wait_for_query
from tests.browser.windows import Visit

pytestmark = pytest.mark.browser


def test_the_points_move_with_t(server: str, visit: Callable[..., Visit]) -> None:
    one = visit().open(f"{server}/expressiveness?ring_t=0")
    assert morph(one.page)["t"] == "0.0000"
    before = one.page.evaluate(PIXELS)
    assert all(n > 1000 for n, _ in before)
    one.page.locator('[data-part="t"]').fill("1")
    one.page.wait_for_timeout(300)
    one.draw()
    after = one.page.evaluate(PIXELS)
    assert morph(one.page)["t"] == "1.0000"
    assert [a != b for a, b in zip(before, after, strict=True)] == [True, True, False, False]  # z and g(z) beside it stand still
    assert after[0][0] < before[0][0]  # ten thousand points, drawn in towards the ring, cover fewer pixels
    assert int(morph(one.page)["bytes"]) <= 200_000
    assert one.complaints == []


def test_points_are_sent_once(server: str, visit: Callable[..., Visit]) -> None:
    one, received = visit(), []
    one.page.on("websocket", lambda socket: socket.on("framereceived", lambda data: received.append(len(data))))
    one.open(f"{server}/expressiveness?ring_t=1")
    payload = int(morph(one.page)["bytes"])
    assert sum(received) > payload
    received.clear()
    one.page.get_by_role("radio", name="magnification", exact=True).click()
    one.settle()
    one.page.wait_for_function(f"() => ({FIND})().textContent.includes('1/|det J|, log scale')")
    assert 0 < sum(received) < 0.5 * payload


def test_play_ends_at_one_and_a_link_of_the_view_restores_it(server: str, visit: Callable[..., Visit]) -> None:
    one = visit().open(f"{server}/expressiveness?ring_t=0.9")
    one.page.locator('[data-part="play"]').click()
    one.page.wait_for_function(f"() => ({FIND})().dataset.t === '1.0000' && ({FIND})().dataset.playing === 'false'")
    one.page.locator('[data-parameter="a"]').fill("4")
    one.page.locator('[data-part="t"]').fill("0.55")
    wait_for_query(one.page, "ring_t", "0.55")
    wait_for_query(one.page, "ring_a", "4")
    one.settle()
    assert "ρ = r/4 + 1" in one.page.locator('[data-testid="stMain"]').inner_text()
    other = visit().open(one.link())
    assert morph(other.page)["t"] == "0.5500"
    assert other.page.locator('[data-parameter="a"]').input_value() == "4"
    assert other.page.evaluate(PIXELS) == one.page.evaluate(PIXELS)


def test_the_picture_is_as_it_was_left_after_two_changes_of_page(server: str, visit: Callable[..., Visit]) -> None:
    one = visit().open(f"{server}/expressiveness?ring_t=0.4&ring_a=3")
    one.page.locator('[data-parameter="b"]').fill("0.5")
    wait_for_query(one.page, "ring_b", "0.5")
    one.go_to("expressiveness-curve")
    assert "ring_a" not in one.query()
    one.go_to("expressiveness")
    assert morph(one.page)["t"] == "0.4000"
    assert [one.page.locator(f'[data-parameter="{name}"]').input_value() for name in "ab"] == ["3", "0.5"]
    assert "ρ = r/3 + 0.5" in one.page.locator('[data-testid="stMain"]').inner_text()


def test_the_hand_and_the_keys_move_the_points_and_follow_one(server: str, visit: Callable[..., Visit]) -> None:
    one = visit().open(f"{server}/expressiveness?ring_t=0.2")
    stage = one.page.locator('[data-part="stage"]')
    box = stage.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    one.page.mouse.move(x, y)
    one.page.mouse.down()
    one.page.mouse.move(x + 0.35 * box["width"], y, steps=5)
    one.page.mouse.up()
    one.draw()
    assert float(morph(one.page)["t"]) == pytest.approx(0.7, abs=0.03)
    stage.focus()
    one.page.keyboard.press("Home")
    one.page.keyboard.press("ArrowRight")
    one.page.wait_for_function(f"() => ({FIND})().dataset.t === '0.0200'")
    one.page.mouse.click(x, y)
    said = one.page.locator('[data-part="said"]')
    one.page.wait_for_function(f"() => ({FIND})().querySelector('[data-part=said]').textContent.includes('1/|det J|')")
    one.page.keyboard.press("Escape")
    one.draw()
    assert said.inner_text() == "Click a point to follow it."


def test_space_can_be_turned(server: str, visit: Callable[..., Visit]) -> None:
    one = visit().open(f"{server}/expressiveness?ring_dim=3&ring_t=1&ring_points=2000")
    before = one.page.evaluate(PIXELS)
    stage = one.page.locator('[data-part="stage"]')
    box = stage.bounding_box()
    one.page.mouse.move(box["x"] + 150, box["y"] + 150)
    one.page.mouse.down()
    one.page.mouse.move(box["x"] + 260, box["y"] + 190, steps=4)
    one.page.mouse.up()
    one.page.wait_for_timeout(300)
    one.draw()
    assert morph(one.page)["t"] == "1.0000"
    assert one.page.evaluate(PIXELS)[0] != before[0]
    one.page.wait_for_function("() => new URLSearchParams(location.search).has('ring_yaw')")


def test_still_pages_for_those_who_ask_for_less_motion(server: str, visit: Callable[..., Visit]) -> None:
    one = visit()
    one.page.emulate_media(reduced_motion="reduce")
    page = one.open(f"{server}/expressiveness").page
    assert morph(page)["t"] == "0.0000"
    page.wait_for_timeout(1500)
    assert morph(page)["t"] == "0.0000"
