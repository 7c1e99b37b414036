"""The walk: in a browser every control of every page is moved once; no page goes blank, fails in the browser or shows an exception."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest

from tests.browser.windows import IS_STILL, Visit
from tests.harness import PAGES

pytestmark = pytest.mark.browser

A_LINK = "dataset=digits&latent_dim=10&family=vae"
KINDS = ("stSelectbox", "stSlider", "stNumberInput", "stButtonGroup", "stCheckbox", "stMultiSelect")
MOST = 30
"""More controls than any page has."""

COUNT_RUNS = """() => {
  const app = document.querySelector('[data-testid="stApp"]'), state = 'data-test-script-state';
  window.runs = 0;
  new MutationObserver(() => (window.runs += app.getAttribute(state) === 'notRunning')).observe(app, { attributeFilter: [state] });
}"""
CONTROLS = """kinds => {
  const places = document.querySelectorAll('[data-testid="stMain"], [data-testid="stPopoverBody"]');
  const all = [...places].flatMap(place => [...place.querySelectorAll(kinds.map(kind => `[data-testid="${kind}"]`).join())]);
  const keyed = all.filter(one => one.checkVisibility() && !one.querySelector('[disabled], [aria-disabled="true"]'))
    .map(one => [one.dataset.testid, [...(one.closest('[class*="st-key-"]')?.classList ?? [])].find(name => name.startsWith('st-key-'))]);
  return keyed.filter(([, key]) => key);
}"""


class Walk:
    """A window in which controls are moved."""

    def __init__(self, one: Visit) -> None:
        self.one, self.page, self.moved = one, one.page, []
        self.page.evaluate(COUNT_RUNS)

    def controls(self) -> list[tuple[str, str]]:
        """Kind and key of every control that can be moved now and was not."""
        return [(kind, key) for kind, key in self.page.evaluate(CONTROLS, KINDS) if key not in self.moved]

    def move(self, kind: str, key: str) -> None:
        """Move a control as a visitor does, and look at what has come of it."""
        self.moved.append(key)
        for act in getattr(self, kind)(self.page.locator(f".{key} [data-testid={kind}]").first):
            self.run(act)
            assert self.page.locator("h1").count() == 1, f"blank after {key}"
            assert self.page.locator('[data-testid="stException"]').all_inner_texts() == [], key
            assert self.one.complaints == [], key

    def run(self, act: Callable[[], object]) -> None:
        """Do something, and wait until what it began is over; it need not begin anything."""
        from playwright.sync_api import TimeoutError

        before = self.page.evaluate("window.runs")
        act()
        with suppress(TimeoutError):
            self.page.wait_for_function("before => window.runs > before", arg=before, timeout=1000)
        self.page.wait_for_function(IS_STILL)

    def stSelectbox(self, box):  # noqa: N802
        box.locator("input").click()
        yield self.page.locator('[role="option"]').last.click

    def stSlider(self, box):  # noqa: N802
        thumb = box.locator('input[type="range"]').first
        yield lambda: thumb.press("End")
        yield lambda: thumb.press("Home")

    def stNumberInput(self, box):  # noqa: N802
        field = box.locator("input")
        field.fill(field.get_attribute("max"))
        yield lambda: field.press("Enter")

    def stButtonGroup(self, box):  # noqa: N802
        yield box.locator("button").last.click

    def stCheckbox(self, box):  # noqa: N802
        yield box.locator("label").click

    def stMultiSelect(self, box):  # noqa: N802
        box.locator("input").click()
        yield self.page.locator('[role="option"]').last.click


@pytest.mark.parametrize("path", PAGES.values(), ids=lambda path: path or "start")
def test_every_control_of_a_page_can_be_moved(path: str, server: str, visit: Callable[..., Visit]) -> None:
    one = visit()
    one.page.goto(f"{server}/{path}?{A_LINK}")
    one.page.locator("h1").wait_for()
    one.settle()
    walk = Walk(one)
    while walk.controls():
        assert len(walk.moved) < MOST
        walk.move(*walk.controls()[0])
    print(path, walk.moved)
