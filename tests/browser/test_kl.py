"""The divergence of two Gaussians in a browser: q follows the hand on the curves, on the map and on the costs of a width."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.morph import wait_for_query
from tests.browser.windows import Visit
from vae_core.explore.elbo.gaussian import PRIOR, Gaussian, kl

pytestmark = pytest.mark.browser

FIND = "[...document.querySelectorAll('*')].map(e => e.shadowRoot?.querySelector('.divergence')).find(Boolean)"


def seen(one: Visit) -> dict[str, str]:
    """What the picture says of itself."""
    one.page.wait_for_function(f"() => {FIND}?.dataset.kl")
    return one.page.evaluate(f"() => ({{...{FIND}.dataset}})")


def drag(one: Visit, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Drag from one place of the picture to another, in shares of it."""
    box = one.page.locator('[data-part="stage"]').bounding_box()
    (x, y), (to_x, to_y) = ((box["x"] + a * box["width"], box["y"] + b * box["height"]) for a, b in (start, end))
    one.page.mouse.move(x, y)
    one.page.mouse.down()
    one.page.mouse.move(to_x, to_y, steps=5)
    one.draw()
    one.page.mouse.up()


def test_q_follows_the_hand_and_every_way_finds_its_divergence(server: str, visit: Callable[..., Visit]) -> None:
    one = visit().open(f"{server}/kl")
    for start, end in (((0.2, 0.3), (0.3, 0.3)), ((0.7, 0.5), (0.85, 0.3))):
        before = seen(one)
        drag(one, start, end)
        after = seen(one)
        assert after["mean"] != before["mean"]
        q = Gaussian(float(after["mean"]), float(after["width"]))
        assert float(after["kl"]) == pytest.approx(kl(q, PRIOR), abs=1e-4)
        assert float(after["quadrature"]) == pytest.approx(float(after["kl"]), abs=1e-6)
    one.page.locator('[data-part="swap"]').click()
    one.page.wait_for_function(f"() => {FIND}.dataset.swapped === 'true'")
    assert float(seen(one)["kl"]) == pytest.approx(kl(PRIOR, q), rel=1e-4)
    wait_for_query(one.page, "kl_swapped", "1")
    one.settle()
    other = visit().open(one.link())
    assert seen(other)["swapped"] == "true"
    assert float(seen(other)["mean"]) == pytest.approx(q.mean, abs=1e-4)
    assert one.complaints == other.complaints == []


def test_a_width_is_dragged_on_its_costs(server: str, visit: Callable[..., Visit]) -> None:
    one = visit().open(f"{server}/kl?kl_below=%CF%83+%E2%86%92+0")
    before = seen(one)
    drag(one, (0.6, 0.8), (0.25, 0.8))
    after = seen(one)
    assert float(after["width"]) < 0.1 < float(before["width"])
    assert after["mean"] == before["mean"]
