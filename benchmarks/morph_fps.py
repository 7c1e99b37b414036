"""Frame rate of the morph at 2,000, 10,000 and 20,000 points in Chromium, in the plane and in space, what one picture costs
the script, and the bytes that it is sent.

Usage: python -m benchmarks.morph_fps [--seconds 3]
Starts a server of its own. Prints a line a view, and a JSON object at the end. Needs playwright and Chromium.
"""

from __future__ import annotations

import argparse
import statistics

from playwright.sync_api import Browser

from benchmarks.explorer import browser, served
from benchmarks.machine import report

VIEWS = [(n_points, dim) for dim in (2, 3) for n_points in (2000, 10_000, 20_000)]
FIND = "[...document.querySelectorAll('*')].map((e) => e.shadowRoot?.querySelector('.morph')).find(Boolean)"
PLAY = f"""(seconds) => new Promise((done) => {{
  const morph = {FIND}, times = [], draws = [], button = morph.querySelector('[data-part="play"]');
  let last = morph.dataset.frames;
  const start = performance.now();
  const look = (now) => {{
    if (morph.dataset.frames !== last) [last] = [morph.dataset.frames, times.push(now), draws.push(+morph.dataset.drawMs)];
    if (morph.dataset.playing !== 'true') button.click();
    if (performance.now() - start < 1000 * seconds) requestAnimationFrame(look);
    else done({{ times, draws, bytes: +morph.dataset.bytes, points: +morph.dataset.points, size: morph.querySelector('canvas').width }});
  }};
  requestAnimationFrame(look);
}})"""


def measure(browser: Browser, url: str, n_points: int, dim: int, seconds: float) -> dict[str, float]:
    """Play the morph again and again for so many seconds, with grid, circles and a followed point drawn."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(f"{url}/expressiveness?ring_points={n_points}&ring_dim={dim}&ring_t=0&ring_follow=3")
    page.wait_for_function(f"() => ({FIND})?.dataset.points === '{n_points}'", timeout=60_000)
    page.wait_for_timeout(3000)
    seen = page.evaluate(PLAY, seconds)
    page.close()
    gaps = [b - a for a, b in zip(seen["times"], seen["times"][1:], strict=False)]
    return {
        "fps": round(1000 * len(gaps) / (seen["times"][-1] - seen["times"][0]), 1),
        "median_gap_ms": round(statistics.median(gaps), 1),
        "p95_gap_ms": round(sorted(gaps)[int(0.95 * len(gaps))], 1),
        "draw_ms": round(statistics.median(seen["draws"]), 2),
        "draw_ms_p95": round(sorted(seen["draws"])[int(0.95 * len(seen["draws"]))], 2),
        "payload_bytes": seen["bytes"],
        "canvas_pixels": seen["size"],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=3)
    options = parser.parse_args()
    results = {}
    with served() as server, browser() as window:
        for n_points, dim in VIEWS:
            name = f"{n_points:,} points, d = {dim}"
            results[name] = measure(window, server.url, n_points, dim, options.seconds)
            print(f"{name}: {results[name]}", flush=True)
    report(views=results)


if __name__ == "__main__":
    main()
