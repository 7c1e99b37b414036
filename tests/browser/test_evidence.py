"""Samples of the noisy curve land in the browser, and its noise is moved there; bars follow the hand, and Python hears of it once."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.browser.morph import wait_for_query
from tests.browser.windows import Visit
from vae_core.explore.elbo.surprise import surprise

pytestmark = pytest.mark.browser

SAMPLES = "[...document.querySelectorAll('*')].map(e => e.shadowRoot?.querySelector('.by-hand')).find(Boolean)?.dataset.samples"


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
    one.page.locator('[data-part="run"]').click()
    one.page.get_by_role("application", name="At noise η = 0.010, log p(x) is").wait_for()
    assert one.complaints == []


def test_a_bar_follows_the_hand_and_a_link_restores_it(server: str, visit: Callable[..., Visit]) -> None:
    find = "[...document.querySelectorAll('*')].map(e => e.shadowRoot?.querySelector('.by-hand')).find(Boolean)"
    one = visit().open(f"{server}/why-hard?evidence_part=Surprise")
    one.page.wait_for_function(f"() => {find}?.dataset.model === '[5,5,5,5]'")
    box = one.page.locator('[data-part="stage"]').bounding_box()
    at = (box["x"] + 0.13 * box["width"], box["y"] + 0.8 * box["height"])  # on the model's bar of A
    one.page.mouse.move(*at)
    one.page.mouse.down()
    one.page.mouse.move(at[0], box["y"] + 0.3 * box["height"], steps=5)
    one.draw()
    one.page.mouse.up()
    dragged = one.page.evaluate(f"() => ({{...{find}.dataset}})")
    weights = json.loads(dragged["model"])
    assert weights[0] > 5.0 == weights[1]
    here = surprise((9, 5, 2, 1), weights)
    assert [float(dragged[name]) for name in ("entropy", "divergence", "cross")] == pytest.approx(
        [here.entropy, here.divergence, here.cross_entropy], rel=1e-9
    )
    wait_for_query(one.page, "surprise_model_a", f"{weights[0]:g}")
    one.page.get_by_text(f"{here.divergence:.3f} nats").first.wait_for()
    other = visit().open(one.page.url)
    other.page.wait_for_function(f"m => {find}?.dataset.model === m", arg=dragged["model"])
    assert one.complaints == other.complaints == []
