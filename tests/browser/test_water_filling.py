"""The water in a browser: it falls when it is told to, and the dot runs along the curve."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.windows import Visit

pytestmark = pytest.mark.browser

TITLE = "() => document.querySelector('.gtitle')?.textContent ?? ''"
RING = "() => document.querySelector('.js-plotly-plot').data.find(trace => trace.name === 'optimum at τ').x[0]"

WATCH = f"""() => {{
  globalThis.seen = [];
  const note = () => seen.push([({TITLE})(), ({RING})()]);
  new MutationObserver(note).observe(document.querySelector('.vae-chart'), {{ subtree: true, childList: true, attributes: true }});
}}"""
"""Notes title and ring at every change of the chart: a frame that lasts a tenth of a second is not to be missed."""


def test_the_water_falls_and_the_dot_runs_along_the_curve(server: str, visit: Callable[..., Visit]) -> None:
    one = visit().open(f"{server}/exact-curve?dataset=digits&latent_dim=2")
    one.page.locator(".js-plotly-plot .gtitle").first.wait_for()
    before, chosen = one.page.evaluate(TITLE), one.page.evaluate(RING)
    one.page.evaluate(WATCH)
    one.page.locator(".updatemenu-button").first.click()
    one.page.wait_for_function("() => seen.some(([title, ring]) => title.includes(': 0 active') && ring === 0)")
    one.page.wait_for_function(f"chosen => ({RING})() > chosen", arg=chosen)
    one.page.locator(".updatemenu-button").nth(2).click()
    one.page.wait_for_function(f"before => ({TITLE})() === before", arg=before)
    assert one.page.evaluate(RING) == pytest.approx(chosen)
    assert set(one.complaints) <= {"undefined"}  # with which Plotly rejects the promise of an animation that was interrupted
