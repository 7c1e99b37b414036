"""Pages with a morph fit every window, in both themes; all pages do the usual one (`test_every_page.py`)."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest

from tests.browser.morph import PIXELS, morph
from tests.browser.windows import THEMES, Visit, in_theme

pytestmark = pytest.mark.browser

WITH_A_MORPH = ("expressiveness", "expressiveness-learned", "expressiveness-curve")


@pytest.mark.parametrize("path", WITH_A_MORPH)
def test_the_pages_fit_every_window_in_both_themes(path: str, server: str, visit: Callable[..., Visit]) -> None:
    one = visit().open(f"{server}/{path}?ring_t=1")
    for theme, (width, height) in product(THEMES, ((1024, 768), (1280, 800), (1920, 1080))):
        in_theme(one, theme)
        one.page.set_viewport_size({"width": width, "height": height})
        one.settle()
        morph(one.page)
        main = one.page.locator('[data-testid="stMain"]')
        assert main.evaluate("e => e.scrollWidth - e.clientWidth") <= 0
        stage = one.page.locator('[data-part="stage"], .panel .stage').first.bounding_box()
        assert stage["width"] >= 220
        assert stage["y"] + stage["height"] <= height
        assert min(n for n, _ in one.page.evaluate(PIXELS)) > 200
    assert one.faults() == []
    assert one.complaints == []
    assert one.strangers(server) == set()
