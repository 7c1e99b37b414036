"""PCA by hand in a browser: v follows the hand, points are added, moved and removed, and a link restores them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.windows import Visit
from vae_core.explore.linear.pca_by_hand import N_POINTS, cloud, principal

pytestmark = pytest.mark.browser


def test_v_and_points_follow_the_hand_and_a_link_restores_them(server: str, visit: Callable[..., Visit]) -> None:
    one = visit().open(f"{server}/pca-by-hand")
    page, plot, box = one.page, one.page.locator(".cloud"), one.page.locator('[data-part="stage"]').bounding_box()
    page.mouse.move(box["x"] + 0.9 * box["width"], box["y"] + 0.5 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.05 * box["height"], steps=4)
    page.mouse.up()
    one.draw()
    assert float(plot.get_attribute("data-angle")) == pytest.approx(90, abs=15)
    page.locator('[data-part="snap"]').click()
    one.draw()
    assert float(plot.get_attribute("data-angle")) == pytest.approx(principal(cloud(0)).angle, abs=1e-3)
    page.locator('[data-part="outlier"]').click()
    page.locator('[data-part="edit"]').click()
    page.mouse.click(box["x"] + 20, box["y"] + box["height"] - 20)
    page.locator(f'.cloud[data-n="{N_POINTS + 2}"]').wait_for()
    page.mouse.move(box["x"] + 20, box["y"] + box["height"] - 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + box["height"] - 60, steps=4)
    page.mouse.up()
    page.wait_for_url("**hand_points=**")
    one.settle()
    error = plot.get_attribute("data-error")
    other = visit().open(page.url)
    assert other.page.locator(".cloud").get_attribute("data-error") == error
    page.mouse.click(box["x"] + 60, box["y"] + box["height"] - 60)
    page.locator(f'.cloud[data-n="{N_POINTS + 1}"]').wait_for()
    assert one.complaints == []
