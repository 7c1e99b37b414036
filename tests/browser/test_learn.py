"""A map that is learned, in a browser: its training is scrubbed by epoch."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.morph import PIXELS, morph, wait_for_query
from tests.browser.windows import Visit

pytestmark = pytest.mark.browser


def test_a_training_is_scrubbed_by_epoch(server: str, visit: Callable[..., Visit]) -> None:
    one = visit().open(f"{server}/expressiveness-learned")
    assert morph(one.page)["epoch"] == "40"
    before = one.page.evaluate(PIXELS)
    one.page.locator('[data-part="epoch"]').fill("1")
    wait_for_query(one.page, "ring_epoch", "1")
    one.draw()
    assert one.page.evaluate(PIXELS) != before
    other = visit().open(one.page.url)
    assert morph(other.page)["epoch"] == "1"
