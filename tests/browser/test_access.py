"""On a telephone a finger moves what it drags and scrolls past what it does not, and words of pictures are whole and apart; what else holds
for eyes and hands of every kind is in `test_every_page.py`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.browser import words
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


@pytest.mark.parametrize("address", ["frontier", "collapse", "pca-of-images"])
def test_a_finger_on_a_chart_scrolls_the_page(address: str, server: str, visit: Callable[..., Visit]) -> None:
    one = visit(**TELEPHONE).open(f"{server}/{address}?{A_LINK}")
    chart = one.page.locator(".vae-chart").first
    chart.locator(".main-svg").first.wait_for()
    chart.scroll_into_view_if_needed()
    before = one.page.evaluate(SCROLLED)
    drag(one.page, ".vae-chart", (0.5, 0.7), (0.5, 0.3))
    one.page.wait_for_function(f"before => {SCROLLED} > before + 50", arg=before)
    assert chart.locator(".modebar-btn").count() == 0  # they lay on the legend
    assert one.complaints == []


@pytest.mark.parametrize(
    "view",
    [
        *(
            "fitting?fit_part=dimensions",
            "pca-by-hand",
            "pca-of-images",
            "linear-autoencoder",
            "manifold-grid",
            "why-hard?evidence_part=Guess",
        ),
        *(
            "why-hard?evidence_part=Curve",
            "which-posterior",
            "frontier",
            "latent-dim",
            "exact-curve",
            "discrete-world",
            "collapse",
            "train",
        ),
    ],
)
def test_words_of_a_picture_on_a_telephone_stand_apart_and_whole(view: str, server: str, visit: Callable[..., Visit]) -> None:
    one = visit(**TELEPHONE)
    one.page.add_init_script(words.WORDS)
    one.open(f"{server}/{view}{'&' if '?' in view else '?'}{A_LINK}")
    one.page.wait_for_function("() => [...document.querySelectorAll('.vae-chart')].every((one) => one.querySelector('text'))")
    pictures = one.draw().page.evaluate("pictures()")
    assert pictures
    for picture in pictures:
        assert words.beyond(words.of(picture), picture["width"]) == []
        assert words.in_each_other(words.of(picture)) == []
