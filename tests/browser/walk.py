"""The walk: every control of a page is moved in its window; it goes not blank, fails not in the browser and shows no exception."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from pages.shared.controls import ADVANCED
from tests.browser.windows import IS_STILL, Visit

if TYPE_CHECKING:
    from playwright.sync_api import Locator

MOST = 40
"""More moves than any page has."""

COUNT_RUNS = """() => {
  const app = document.querySelector('[data-testid="stApp"]'), state = 'data-test-script-state';
  window.runs = 0;
  new MutationObserver(() => (window.runs += app.getAttribute(state) === 'notRunning')).observe(app, { attributeFilter: [state] });
}"""
CONTROLS = """kinds => {
  const key = one => [...(one.closest('[class*="st-key-"]')?.classList ?? [])].find(name => name.startsWith('st-key-'));
  const parts = (one, kind) => (kind === 'stButtonGroup' ? [...one.querySelectorAll('button')].map((_, k) => k) : [0]);
  return kinds.flatMap(kind => [...document.querySelectorAll(`[data-testid="stMain"] [data-testid="${kind}"]`)]
    .filter(one => key(one) && one.checkVisibility() && !one.querySelector('input:disabled'))
    .flatMap(one => parts(one, kind).map(part => [kind, key(one), part])));
}"""
"""Kind, key and, of segments, number of each control that is there."""


def walk(one: Visit) -> None:
    """Move every control of the page, those of its further settings and those that appear on the way too."""
    for folded in one.page.locator(f".st-key-{ADVANCED} summary").all():
        folded.click()
        one.settle()
    steps = Walk(one)
    while control := steps.next():
        assert len(steps.moved) < MOST, steps.moved
        steps.move(*control)


class Walk:
    """A window in which controls are moved."""

    def __init__(self, one: Visit) -> None:
        self.one, self.page, self.moved = one, one.page, []
        self.page.evaluate(COUNT_RUNS)

    def next(self) -> list | None:
        """What can be moved now and was not; segments come last, since they bring other controls."""
        return next((control for control in self.page.evaluate(CONTROLS, list(MOVES)) if control not in self.moved), None)

    def move(self, kind: str, key: str, part: int) -> None:
        """Move a control as a visitor does, and look at what has come of it."""
        self.moved.append([kind, key, part])
        for act in MOVES[kind](self.page.locator(f".{key} [data-testid={kind}]").first, part):
            self._run(act)
            assert self.page.locator("h1").count() == 1, f"blank after {key}"
            assert self.page.locator('[data-testid="stException"]').all_inner_texts() == [], key
            assert self.one.complaints == [], key

    def _run(self, act: Callable[[], object]) -> None:
        """Do something, and wait until what it began is over; it need not begin anything."""
        from playwright.sync_api import TimeoutError

        before = self.page.evaluate("window.runs")
        act()
        with suppress(TimeoutError):
            self.page.wait_for_function("before => window.runs > before", arg=before, timeout=1000)
        self.page.wait_for_function(IS_STILL)


def last_option(box: Locator, part: int) -> Iterator[Callable]:
    box.locator("input").first.click()
    yield box.page.locator('[role="option"]').last.click


def one_more(box: Locator, part: int) -> Iterator[Callable]:
    yield from last_option(box, part)
    box.page.keyboard.press("Escape")  # its list stays open


def both_ends(slider: Locator, part: int) -> Iterator[Callable]:
    for thumb, key, end in ((slider.locator('input[type="range"]').last, "End", "max"), (slider.locator("input").first, "Home", "min")):
        if thumb.input_value() != thumb.get_attribute(end):
            yield lambda thumb=thumb, key=key: thumb.press(key)


def largest(field: Locator, part: int) -> Iterator[Callable]:
    field.locator("input").fill(field.locator("input").get_attribute("max") or "1")
    yield lambda: field.locator("input").press("Enter")


def segment(group: Locator, part: int) -> Iterator[Callable]:
    if group.locator("button").nth(part).get_attribute("aria-checked") != "true":
        yield group.locator("button").nth(part).click


def other_side(box: Locator, part: int) -> Iterator[Callable]:
    yield box.locator("label").click


MOVES = {
    "stSlider": both_ends,
    "stNumberInput": largest,
    "stCheckbox": other_side,
    "stMultiSelect": one_more,
    "stSelectbox": last_option,
    "stButtonGroup": segment,
}
"""How each kind of control is moved: what begins a run, one after the other."""
