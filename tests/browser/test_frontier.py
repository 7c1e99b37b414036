"""The frontier in a browser: a slider's release changes dot, pictures and address; the address brings them back; all fits one screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.browser.windows import Visit
from vae_core.explore.rates import frontier
from vae_core.store import Store

if TYPE_CHECKING:
    from playwright.sync_api import Page

TRAINED = [spec for spec in frontier.planes()["MNIST Bernoulli"] if spec in Store()]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(len(TRAINED) < 7, reason="train it first: python -m vae_core ship checkpoints/shipped/frontier.json"),
]

DRAWN = """() => ({
  dot: document.querySelector('.js-plotly-plot').data.filter((t) => t.marker?.symbol === 'circle-open').map((t) => [t.x[0], t.y[0]])[0],
  pictures: [...document.querySelectorAll('.rdcard img')].map((image) => image.src).join(),
  bars: [...document.querySelectorAll('.rdcard .bars i')].map((bar) => bar.title).join(),
})"""


def drawn(page: Page) -> dict:
    page.wait_for_selector(".js-plotly-plot .scatterlayer .trace")
    page.wait_for_selector(".rdcard .bars i")
    return page.evaluate(DRAWN)


def test_all_stands_on_one_screen_moving_beta_changes_the_picture_and_the_link_restores_it(
    server: str, visit: Callable[..., Visit]
) -> None:
    found = visit().open(f"{server}/frontier?beta=1&d={TRAINED[0].latent_dim}")
    page = found.page
    before = drawn(page)
    for selector in (".js-plotly-plot", ".rdcard", "[data-testid='stSlider']", ".st-key-footer"):
        box = page.locator(selector).first.bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 800
        assert box["x"] + box["width"] <= 1280
    page.get_by_role("slider", name="β").press("ArrowRight")
    page.wait_for_function("() => new URLSearchParams(location.search).get('beta') === '2'")
    found.settle()
    after = drawn(page)
    assert after["dot"][0] < before["dot"][0]  # a larger β, a smaller rate
    assert after["pictures"] != before["pictures"]
    assert after["bars"] != before["bars"]
    again = visit().open(page.url)
    assert drawn(again.page) == after
    assert not found.faults()
    assert not found.complaints


def test_all_epochs_play_in_the_browser(server: str, visit: Callable[..., Visit]) -> None:
    page = visit().open(f"{server}/frontier-training?epoch=1").page
    page.wait_for_selector(".js-plotly-plot .scatterlayer .trace")
    where = "() => document.querySelector('.js-plotly-plot').data.find((t) => t.mode === 'lines+markers').x[0]"
    start = page.evaluate(where)
    page.locator(".updatemenu-button").first.click()
    page.wait_for_function(f"start => ({where})() !== start", arg=start)
