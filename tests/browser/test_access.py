"""A finger on a telephone moves what it drags; what else holds for eyes and hands of every kind is in `test_every_page.py`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.browser.windows import Visit

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

A_LINK = "dataset=digits&latent_dim=2&family=vae"
TELEPHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}

SCROLLED = "document.querySelector('[data-testid=stMain]').scrollTop"


def drag(page: Page, selector: str, start: tuple[float, float], end: tuple[float, float]) -> None:
    """A finger put on a place of an element, in shares of its sides, moved to another, and lifted."""
    box = page.locator(selector).first.bounding_box()
    at = lambda share: {"x": box["x"] + share[0] * box["width"], "y": box["y"] + share[1] * box["height"]}  # noqa: E731
    between = [(start[0] + k / 8 * (end[0] - start[0]), start[1] + k / 8 * (end[1] - start[1])) for k in range(9)]
    finger = page.context.new_cdp_session(page)
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [at(start)]})
    for place in between[1:]:
        finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [at(place)]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def dataset(page: Page, root: str) -> dict[str, str]:
    """What a component says of itself."""
    return page.evaluate(
        "root => ({...[...document.querySelectorAll('*')].map(e => e.shadowRoot?.querySelector(root)).find(Boolean).dataset})", root
    )


@pytest.mark.parametrize(
    ("address", "root", "part", "said"),
    [
        ("manifold-pad", ".pad", '[data-part="plane"]', "z"),
        ("expressiveness?ring_t=0.2", ".morph", '[data-part="stage"]', "t"),
        ("own-images?own_way=draw", ".drawing", '[data-part="sheet"]', "messages"),
        ("manifold-toys?toy=drawn", ".painting", '[data-part="sheet"]', "messages"),
    ],
    ids=["pad", "ring", "drawing", "painting"],
)
def test_a_finger_on_a_telephone_moves_what_it_drags(
    address: str, root: str, part: str, said: str, server: str, visit: Callable[..., Visit]
) -> None:
    start, _, query = address.partition("?")
    one = visit(**TELEPHONE).open(f"{server}/{start}?{A_LINK}&{query}")
    sheet = one.page.locator(f"{root} {part}").first
    sheet.scroll_into_view_if_needed()
    box = sheet.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390
    assert box["width"] >= 170
    before, scrolled = dataset(one.page, root).get(said), one.page.evaluate(SCROLLED)
    drag(one.page, f"{root} {part}", (0.3, 0.5), (0.75, 0.55))
    one.settle()
    assert dataset(one.page, root).get(said) != before
    assert one.page.evaluate(SCROLLED) == pytest.approx(scrolled, abs=1)
    assert one.complaints == []
