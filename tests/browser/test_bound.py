"""The bound in a browser: q and x follow the hand, the sum stays where it is, the ascent ends at the best Gaussian, a link restores all."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.morph import wait_for_query
from tests.browser.windows import Visit
from vae_core.explore.elbo import bound
from vae_core.explore.elbo.bound import WORLDS

pytestmark = pytest.mark.browser

FIND = "[...document.querySelectorAll('*')].map(e => e.shadowRoot?.querySelector('.bound')).find(Boolean)"


def seen(one: Visit) -> dict[str, float]:
    """The numbers of the picture."""
    one.page.wait_for_function(f"() => {FIND}?.dataset.elbo")
    return {name: float(value) for name, value in one.page.evaluate(f"() => ({{...{FIND}.dataset}})").items()}


def drag(one: Visit, start: tuple[float, float], end: tuple[float, float]) -> list[dict[str, float]]:
    """Drag from one place of the picture to another, in shares of it; what it shows on the way."""
    box = one.page.locator('[data-part="stage"]').bounding_box()
    (x, y), (to_x, to_y) = ((box["x"] + a * box["width"], box["y"] + b * box["height"]) for a, b in (start, end))
    one.page.mouse.move(x, y)
    one.page.mouse.down()
    shown = []
    for k in range(1, 7):
        one.page.mouse.move(x + (to_x - x) * k / 6, y + (to_y - y) * k / 6)
        shown.append(seen(one.draw()))
    one.page.mouse.up()
    return shown


def test_elbo_and_kl_sum_to_the_same_while_q_is_dragged(server: str, visit: Callable[..., Visit]) -> None:
    one = visit().open(f"{server}/bound")
    shown = drag(one, (0.3, 0.2), (0.45, 0.2))
    assert len({frame["mean"] for frame in shown}) > 3
    assert all(frame["elbo"] + frame["gap"] == pytest.approx(frame["evidence"], abs=3e-6) for frame in shown)
    assert all(-(frame["rate"] + frame["distortion"]) == pytest.approx(frame["elbo"], abs=3e-6) for frame in shown)
    assert len({frame["evidence"] for frame in shown}) == 1
    wait_for_query(one.page, "bound_bend_mean", f"{seen(one)['mean']:.4f}".rstrip("0"))
    other = visit().open(one.link())
    assert seen(other)["mean"] == pytest.approx(seen(one)["mean"], abs=1e-4)
    assert one.complaints == []


def test_the_ascent_ends_at_the_best_gaussian_and_x_can_be_dragged(server: str, visit: Callable[..., Visit]) -> None:
    one = visit().open(f"{server}/bound")
    one.page.locator('[data-part="ascend"]').click()
    one.page.wait_for_function(f"() => Math.abs({FIND}.dataset.elbo - {FIND}.dataset.best) < 1e-5")
    best = bound.best(WORLDS["bend"], WORLDS["bend"].x)
    assert (seen(one)["mean"], seen(one)["width"]) == (pytest.approx(best.mean, abs=1e-3), pytest.approx(best.width, abs=1e-3))
    shown = drag(one, (0.5, 0.75), (0.5, 0.9))
    assert shown[-1]["x"] < WORLDS["bend"].x
    assert shown[-1]["evidence"] == pytest.approx(bound.log_evidence(WORLDS["bend"], shown[-1]["x"]), abs=1e-4)
    one.page.locator('[data-part="stage"]').focus()
    before = seen(one)["width"]
    one.page.keyboard.press("ArrowUp")
    one.page.wait_for_function(f"width => +{FIND}.dataset.width > width", arg=before)
