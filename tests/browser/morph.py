"""The moving picture of points in a browser: what it draws, and what it says of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

FIND = "() => [...document.querySelectorAll('*')].map(e => e.shadowRoot?.querySelector('.morph')).find(Boolean)"
PIXELS = f"""() => {{
  const layers = [...({FIND})().querySelectorAll('canvas')].map(c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data);
  return layers.map(d => {{
    let sum = 0, n = 0;
    for (let i = 3; i < d.length; i += 4) {{
      n += d[i] > 0;
      sum = (sum * 31 + d[i] * (i % 9973)) % 1e9;
    }}
    return [n, sum];
  }});
}}"""
"""For each canvas: how many pixels are drawn, and a checksum of which."""


def morph(page: Page) -> dict[str, str]:
    """What the picture says of itself."""
    page.wait_for_function(f"() => ({FIND})()?.dataset.t !== undefined || ({FIND})()?.dataset.epoch !== undefined")
    return page.evaluate(f"() => ({{...({FIND})().dataset}})")


def wait_for_query(page: Page, key: str, value: str) -> None:
    page.wait_for_function("([k, v]) => new URLSearchParams(location.search).get(k) === v", arg=[key, value])
