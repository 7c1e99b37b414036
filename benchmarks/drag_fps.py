"""Frame rate while q is dragged on the pages of the ELBO, in Chromium: the bound with its derivation and with Jensen, the divergence.

Usage: python -m benchmarks.drag_fps [--seconds 3]
Starts a server of its own. Prints a line a view, and a JSON object at the end. Needs playwright and Chromium.
"""

from __future__ import annotations

import argparse
import statistics
import time
from itertools import pairwise

from playwright.sync_api import Browser

from benchmarks.explorer import browser, served
from benchmarks.machine import report

VIEWS = {
    "bound, q": ("bound?bound_derivation=by+KL", (0.2, 0.2), (0.5, 0.2)),
    "bound, x": ("bound?bound_derivation=by+KL", (0.4, 0.65), (0.4, 0.9)),
    "bound, Jensen": ("bound?bound_below=Jensen", (0.2, 0.12), (0.5, 0.12)),
    "KL, map": ("kl", (0.7, 0.3), (0.9, 0.6)),
    "KL, no metric": ("kl?kl_below=no+metric", (0.7, 0.2), (0.9, 0.4)),
}
"""Name → address, and from where to where of the picture the pointer goes, in shares of it."""
LEAST = 20
"""Frames that are waited for, however long they take."""
FIND = "[...document.querySelectorAll('*')].map((e) => e.shadowRoot?.querySelector('.bound, .divergence')).find(Boolean)"
WATCH = f"""() => {{
  const root = {FIND}, look = (now) => {{
    const shown = JSON.stringify({{ ...root.dataset }});
    if (shown !== window.shown) [window.shown] = [shown, window.times.push(now), window.draws.push(+root.dataset.drawMs)];
    requestAnimationFrame(look);
  }};
  [window.times, window.draws] = [[], []];
  requestAnimationFrame(look);
}}"""


def measure(browser: Browser, url: str, view: str, seconds: float) -> dict[str, float]:
    """Frames in which the picture changed while the pointer went to and fro for so many seconds, and what one costs the script."""
    address, start, end = VIEWS[view]
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(f"{url}/{address}")
    page.wait_for_function(f"() => {FIND}?.dataset.mean", timeout=60_000)
    page.wait_for_timeout(3000)
    box = page.locator('[data-part="stage"]').bounding_box()
    ends = [(box["x"] + a * box["width"], box["y"] + b * box["height"]) for a, b in (start, end)]
    page.mouse.move(*ends[0])
    page.mouse.down()
    page.evaluate(WATCH)
    began, k = time.perf_counter(), 0
    while time.perf_counter() - began < seconds or page.evaluate("window.times.length") < LEAST:
        k += 1
        share = abs(k % 200 - 100) / 100
        page.mouse.move(*(a + share * (b - a) for a, b in zip(*ends, strict=True)))
    times, draws = page.evaluate("[window.times, window.draws]")
    page.mouse.up()
    page.close()
    gaps = [b - a for a, b in pairwise(times)]
    return {
        "fps": round(1000 * len(gaps) / (times[-1] - times[0]), 1),
        "median_gap_ms": round(statistics.median(gaps), 1),
        "p95_gap_ms": round(sorted(gaps)[int(0.95 * len(gaps))], 1),
        "draw_ms": round(statistics.median(draws), 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=3)
    options = parser.parse_args()
    results = {}
    with served() as server, browser() as window:
        for view in VIEWS:
            results[view] = measure(window, server.url, view, options.seconds)
            print(f"{view}: {results[view]}", flush=True)
    report(views=results)


if __name__ == "__main__":
    main()
