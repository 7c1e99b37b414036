"""A curve of one number in a browser: its point follows the hand, and its picture is saved sharp."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PIL import Image

from tests.browser.morph import morph, wait_for_query
from tests.browser.windows import Visit

pytestmark = pytest.mark.browser


def test_the_point_on_the_curve_follows_the_hand_and_a_saved_picture_has_three_pixels_for_one_of_the_screen(
    server: str, visit: Callable[..., Visit]
) -> None:
    one = visit().open(f"{server}/expressiveness-curve?curve_name=Circle")
    box = one.page.locator('[data-part="stage"]').bounding_box()
    one.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 0.1 * box["height"])  # the top of the circle: a quarter turn
    one.draw()
    assert float(morph(one.page)["z"]) == pytest.approx(0.25, abs=0.005)
    wait_for_query(one.page, "curve_z", morph(one.page)["z"].rstrip("0"))

    wide = one.page.locator('[data-part="stage"]').evaluate("stage => stage.clientWidth")
    before = one.page.locator('[data-part="lines"]').evaluate("canvas => canvas.width")
    with one.page.expect_download() as got:
        one.page.locator('[data-part="save"]').click()
    with Image.open(got.value.path()) as picture:
        assert picture.size == (3 * wide, 3 * wide)
    assert one.page.locator('[data-part="lines"]').evaluate("canvas => canvas.width") == before
