"""Home in a browser: the picture moves until it is touched, its parts open their pages, and it loads no more than it shows."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pages.frame.navigation import SIDEBAR
from tests.browser.windows import Visit

pytestmark = pytest.mark.browser

SIDEBAR_IS = "(width) => document.querySelector('[data-testid=stSidebar]').getBoundingClientRect().width === width"


def home(server: str, one: Visit) -> Visit:
    """The first page, once its decoder has drawn."""
    return drawn(one.open(server))


def drawn(one: Visit) -> Visit:
    one.page.locator('[data-part="z"]:not(:empty)').wait_for()
    return one


def follow(one: Visit, part: str, path: str) -> None:
    """Click on a part of the picture, which opens a page."""
    one.page.get_by_role("link", name=part).first.click()
    one.page.wait_for_function("path => location.pathname === path", arg=path)
    one.settle()
    assert one.faults() == []
    assert one.complaints == []


def place(one: Visit) -> str:
    """Where the point is, as the page says."""
    return one.page.locator('[data-part="z"]').inner_text()


def until_it_moved(one: Visit, before: str) -> None:
    one.page.locator(f'[data-part="z"]:not(:text-is("{before}"))').wait_for()


def test_the_point_moves_until_it_is_dragged_and_the_link_keeps_where_it_was_left(server: str, visit: Callable[..., Visit]) -> None:
    one = home(server, visit())
    before = place(one)
    until_it_moved(one, before)
    box = one.page.locator('[data-part="plane"]').bounding_box()
    one.page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.5 * box["height"])
    one.page.mouse.down()
    one.page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + 0.3 * box["height"], steps=5)
    one.page.mouse.up()
    one.settle()
    left, first = place(one), [*one.requests]
    one.page.wait_for_timeout(500)
    assert place(one) == left
    again = visit().open(one.link())
    assert place(again) == left
    assert one.complaints == again.complaints == []
    heavy = ("plotly", "katex", "SyntaxHighlighter", "Selectbox", "Slider")  # of all that is fetched before the link is opened
    assert not [url for url in first for name in heavy if name.lower() in url.lower()]
    assert one.strangers(server) == set()


def test_nothing_moves_for_whom_motion_disturbs(server: str, visit: Callable[..., Visit]) -> None:
    one = visit()
    one.page.emulate_media(reduced_motion="reduce")
    before = place(home(server, one))
    one.page.wait_for_timeout(500)
    assert place(one) == before


def test_parts_of_the_picture_open_their_pages_and_a_drawn_digit_is_reconstructed_two_steps_from_home(
    server: str, visit: Callable[..., Visit]
) -> None:
    one = home(server, visit())
    for part, path in (("encoder", "/manifold-codes"), ("Compare models", "/compare")):
        follow(one, part, path)
        one.page.wait_for_function(SIDEBAR_IS, arg=SIDEBAR)  # as where a page with a sidebar is opened first
        drawn(one.back("/"))
    follow(one, "Draw a digit", "/own-images")
    box = one.page.locator('[data-testid="stMain"] canvas').first.bounding_box()
    one.page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.2 * box["height"])
    one.page.mouse.down()
    one.page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.8 * box["height"], steps=8)
    one.page.mouse.up()
    one.settle()
    assert one.page.locator('[data-testid="stMain"] .grid img, [data-testid="stMain"] [data-testid="stHtml"] img').count() >= 6
