"""Samples of the noisy curve land in the browser, and its noise is moved there."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.morph import wait_for_query
from tests.browser.windows import Visit

pytestmark = pytest.mark.browser

SAMPLES = "[...document.querySelectorAll('*')].map(e => e.shadowRoot?.querySelector('.noisy')).find(Boolean)?.dataset.samples"


def test_samples_land_until_they_are_cleared_and_the_noise_is_moved(server: str, visit: Callable[..., Visit]) -> None:
    one = visit().open(f"{server}/why-hard?evidence_part=Curve")
    one.page.wait_for_function(f"() => {SAMPLES} === '0'")
    one.page.locator('[data-part="run"]').click()
    one.page.wait_for_function(f"() => +{SAMPLES} > 2")
    one.page.locator('[data-part="run"]').click()
    one.page.locator('[data-part="clear"]').click()
    one.page.wait_for_function(f"() => {SAMPLES} === '0'")
    one.page.locator('[data-part="run"]').click()
    one.page.wait_for_function(f"() => +{SAMPLES} > 0")
    one.page.locator('[data-part="noise"]').fill("-2")
    wait_for_query(one.page, "curve_log_eta", "-2")
    one.page.get_by_text("is too small for the test points").wait_for()
    assert one.complaints == []
