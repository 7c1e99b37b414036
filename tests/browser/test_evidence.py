"""Samples of the noisy curve land in the browser, and are gone when the noise is another."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.windows import Visit

pytestmark = pytest.mark.browser

SAMPLES = "[...document.querySelectorAll('*')].map(e => e.shadowRoot?.querySelector('.noisy')).find(Boolean)?.dataset.samples"


def test_samples_land_until_they_are_cleared(server: str, visit: Callable[..., Visit]) -> None:
    one = visit().open(f"{server}/why-hard?evidence_part=Curve")
    one.page.wait_for_function(f"() => {SAMPLES} === '0'")
    one.page.locator('[data-part="run"]').click()
    one.page.wait_for_function(f"() => +{SAMPLES} > 2")
    one.page.locator('[data-part="run"]').click()
    one.page.locator('[data-part="clear"]').click()
    one.page.wait_for_function(f"() => {SAMPLES} === '0'")
    assert one.complaints == []
