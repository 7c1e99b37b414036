"""For eyes and hands of every kind: what is drawn is said, what takes keys shows it, a finger on a telephone moves what it drags."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.browser.windows import Visit
from tests.harness import PAGES

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

A_LINK = "dataset=digits&latent_dim=2&family=vae"
TELEPHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}

SILENT = """() => {
  const silent = [], main = document.querySelector('[data-testid=stMain]');
  const seen = (e) => e.getClientRects().length > 0 && getComputedStyle(e).visibility !== 'hidden';
  const said = (e, name) => e?.getAttribute(name)?.trim();
  const name = (e) => said(e, 'aria-label') || said(e, 'alt') || said(e, 'title')
    || [...(e.labels ?? [])].some((label) => label.textContent.trim()) || (e.matches('button') && e.textContent.trim());
  const told = (e) => said(e.closest('[role=img], [role=application], [role=figure]'), 'aria-label');
  const visit = (root) => {
    for (const e of root.querySelectorAll('*')) {
      if (e.shadowRoot) visit(e.shadowRoot);
      if (!seen(e) || e.closest('[aria-hidden=true], [data-testid=stDataFrame]')) continue;
      const isPicture = e.matches('img, canvas, .vae-chart');
      const isControl = root !== main && e.matches('button, input, select, textarea, [tabindex="0"]');
      if ((isPicture && !name(e) && !told(e)) || (isControl && !name(e))) silent.push(e.outerHTML.slice(0, 160));
    }
  };
  visit(main);
  return silent;
}"""
"""Pictures of the page that nothing is said of, and controls of its parts that have no name. The platform's table is readable by itself."""

WIDTHS = "() => { const main = document.querySelector('[data-testid=stMain]'); return [main.scrollWidth, main.clientWidth]; }"
SCROLLED = "document.querySelector('[data-testid=stMain]').scrollTop"
UNSEEN_FOCUS = """() => {
  const unseen = [];
  const visit = (root) => {
    for (const e of root.querySelectorAll('*')) {
      if (e.shadowRoot) visit(e.shadowRoot);
      if (root === document || e.disabled || !e.matches('button, input, select, [tabindex="0"]') || !e.getClientRects().length) continue;
      e.focus({ focusVisible: true });
      const { outlineStyle, outlineWidth } = getComputedStyle(e);
      if (outlineStyle === 'none' || parseFloat(outlineWidth) < 1) unseen.push(e.outerHTML.slice(0, 120));
    }
  };
  visit(document);
  return unseen;
}"""


@pytest.mark.parametrize("page", PAGES)
def test_a_page_says_what_it_draws_names_its_controls_shows_their_focus_and_fits_a_telephone(
    page: str, server: str, visit: Callable[..., Visit]
) -> None:
    one = visit().open(f"{server}/{PAGES[page]}?{A_LINK}&own_way=sample")
    one.page.wait_for_timeout(500)
    assert one.page.evaluate(SILENT) == []
    assert one.page.evaluate(UNSEEN_FOCUS) == []
    one.page.set_viewport_size(TELEPHONE["viewport"])
    one.settle()
    width, room = one.page.evaluate(WIDTHS)
    assert width <= room


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
    page.wait_for_timeout(500)


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
    assert dataset(one.page, root).get(said) != before
    assert one.page.evaluate(SCROLLED) == pytest.approx(scrolled, abs=1)
    assert one.complaints == []
