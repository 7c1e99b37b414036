"""Frame rate while something is dragged on the pages of the ELBO, in Chromium: q, x and s of the bound, q of the divergence, the amount of
noise on a curve, an Ising grid's J, bars of an average surprise, q of two gradient estimates, the temperature of a relaxed Bernoulli, the
steps of EM; and while q glides to the best Gaussian. (Its slider has as many places as the ascent has steps, fewer than frames.)

Usage: python -m benchmarks.drag_fps [--seconds 3] [--only WORD]
Starts a server of its own. Prints a line a view, and a JSON object at the end. Needs playwright and Chromium.
"""

from __future__ import annotations

import argparse
import statistics
import time
from itertools import pairwise

from playwright.sync_api import Browser, Page

from benchmarks.explorer import browser, served
from benchmarks.machine import report

VIEWS = {
    "bound, q": ("bound?bound_derivation=by+KL", "stage", (0.2, 0.2), (0.5, 0.2)),
    "bound, x": ("bound?bound_derivation=by+KL", "stage", (0.4, 0.65), (0.4, 0.9)),
    "bound, Jensen": ("bound?bound_below=Jensen", "stage", (0.2, 0.12), (0.5, 0.12)),
    "bound, log-normal": ("bound?bound_below=Jensen&bound_weights=log-normal", "s", (0.1, 0.5), (0.9, 0.5)),
    "KL, q": ("kl", "stage", (0.1, 0.5), (0.4, 0.5)),
    "KL, map": ("kl", "stage", (0.7, 0.3), (0.9, 0.6)),
    "KL, no metric": ("kl?kl_below=no+metric", "stage", (0.7, 0.2), (0.9, 0.4)),
    "KL, J²/η": ("kl?kl_below=σ+→+0", "sharp", (0.1, 0.5), (0.9, 0.5)),
    "noise η": ("why-hard?evidence_part=Curve", "noise", (0.05, 0.5), (0.95, 0.5)),
    "noise b": ("why-hard?evidence_part=Curve&curve_noise=Laplace", "stage", (0.6, 0.5), (0.95, 0.5)),
    "Ising, J": ("why-hard?evidence_part=Ising", "stage", (0.6, 0.5), (0.9, 0.5)),
    "race, q": ("inside?inside_part=Race", "stage", (0.3, 0.1), (0.7, 0.1)),
    "noise, T": ("inside?inside_part=Noise&noise_of=Bernoulli", "temperature", (0.1, 0.5), (0.9, 0.5)),
    "surprise": ("why-hard?evidence_part=Surprise", "stage", (0.1, 0.8), (0.1, 0.2)),
    "EM, steps": ("em?em_model=pPCA", "steps", (0.05, 0.5), (0.95, 0.5)),
}
"""Name → address, what is dragged, and from where to where of it the pointer goes, in shares of it."""
GLIDE = "ascent, glide"
"""The view in which nobody drags: a button is pressed."""
LEAST = 20
"""Frames that are waited for, however long they take."""
PAUSE = 500
"""Milliseconds without a frame in which nothing moved."""
ROOTS = ".by-hand, .noisy, .ascent"
FIND = f"[...document.querySelectorAll('*')].map((e) => e.shadowRoot?.querySelector('{ROOTS}')).find(Boolean)"
WATCH = f"""() => {{
  const root = {FIND}, look = (now) => {{
    const {{ frames, drawMs }} = root.dataset;
    if (frames !== window.drawn) [window.drawn] = [frames, window.times.push(now), window.draws.push(+drawMs)];
    requestAnimationFrame(look);
  }};
  [window.times, window.draws, window.drawn] = [[], [], root.dataset.frames];
  requestAnimationFrame(look);
}}"""


def opened(browser: Browser, address: str) -> Page:
    """The page of a view, with its picture drawn."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(address)
    page.wait_for_function(f"() => {FIND}?.dataset.drawMs", timeout=60_000)
    page.wait_for_timeout(3000)
    return page


def dragged(browser: Browser, url: str, view: str, seconds: float) -> dict[str, float]:
    """Frames in which the picture changed while the pointer went to and fro for so many seconds, and what one costs the script."""
    address, part, start, end = VIEWS[view]
    page = opened(browser, f"{url}/{address}")
    box = page.locator(f'[data-part="{part}"]').bounding_box()
    ends = [(box["x"] + a * box["width"], box["y"] + b * box["height"]) for a, b in (start, end)]
    page.mouse.move(*ends[0])
    page.mouse.down()
    page.evaluate(WATCH)
    began, k = time.perf_counter(), 0
    while time.perf_counter() - began < seconds or page.evaluate("window.times.length") < LEAST:
        k += 1
        share = abs(k % 200 - 100) / 100
        page.mouse.move(*(a + share * (b - a) for a, b in zip(*ends, strict=True)))
    page.mouse.up()
    return frames(page)


def glided(browser: Browser, url: str) -> dict[str, float]:
    """The same while q ascends by itself, three times."""
    page = opened(browser, f"{url}/which-posterior?dataset=mnist_5k")
    page.evaluate(WATCH)
    for _ in range(3):
        page.locator('[data-part="ascend"]').click()
        page.wait_for_function(f"() => {FIND}.querySelector('[data-part=ascend]').getAttribute('aria-pressed') === 'false'")
        page.locator('[data-part="reset"]').click()
    return frames(page)


def frames(page: Page) -> dict[str, float]:
    """Of what was watched: frames per second, between pauses of half a second and more, and milliseconds of the script per frame."""
    times, draws = page.evaluate("[window.times, window.draws]")
    page.close()
    gaps = [b - a for a, b in pairwise(times) if b - a < PAUSE]
    return {
        "fps": round(1000 * len(gaps) / sum(gaps), 1),
        "median_gap_ms": round(statistics.median(gaps), 1),
        "p95_gap_ms": round(sorted(gaps)[int(0.95 * len(gaps))], 1),
        "draw_ms": round(statistics.median(draws), 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--only", default="", help="views whose name holds this word")
    options = parser.parse_args()
    results = {}
    with served() as server, browser() as window:
        for view in [*VIEWS, GLIDE]:
            if options.only in view:
                one = glided(window, server.url) if view == GLIDE else dragged(window, server.url, view, options.seconds)
                results[view] = one
                print(f"{view}: {one}", flush=True)
    report(views=results)


if __name__ == "__main__":
    main()
