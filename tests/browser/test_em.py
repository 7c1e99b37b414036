"""The steps of EM in a browser: E closes the gap, M lifts both lines, ten steps go on from there, and Python hears where they end."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.browser.morph import wait_for_query
from tests.browser.windows import Visit

pytestmark = pytest.mark.browser

FIND = "[...document.querySelectorAll('*')].map(e => e.shadowRoot?.querySelector('.by-hand')).find(Boolean)"
SAID = f"() => {FIND}.querySelector('[data-part=said]').textContent"


def after(one: Visit, step: int) -> tuple[float, float]:
    """log p(x) and the gap, as the picture prints them once it has glided to a step."""
    one.page.wait_for_function(f"n => +{FIND}?.dataset.t === n", arg=step)
    said = re.fullmatch(rf"Step {step} of \d+: log p\(x\) (\S+), gap (\S+)", one.page.evaluate(SAID))
    log_px, gap = (float(number.replace("−", "-")) for number in said.groups())
    return log_px, gap


def test_e_closes_the_gap_m_lifts_both_and_ten_steps_go_on(server: str, visit: Callable[..., Visit]) -> None:
    one = visit().open(f"{server}/em")
    shown = [after(one, 0)]
    for name, step in (("e", 1), ("m", 2), ("ten", 12)):
        one.page.locator(f'[data-part="{name}"]').click()
        shown.append(after(one, step))
    (start, gap), (e, closed), (m, _), (end, _) = shown
    assert (e, closed) == (start, 0)
    assert gap > 0
    assert start < m < end
    bounds = [log_px - gap for log_px, gap in shown]
    assert bounds == sorted(bounds)
    wait_for_query(one.page, "em_step", "12")
    assert one.complaints == []
