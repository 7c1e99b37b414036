"""What one person waits for in Chromium: from a slider's move to the last change of the picture, for the first page, and for the pages
of the ELBO at a second visit.

Usage: VAE_EXPLORER_DATA=... python -m benchmarks.page_latency [--n 20] [--servers 3] [--only WORD]
Starts servers of its own. A slider is moved by an arrow key, to and fro: what is timed is the page's next frame after the last change in
it, from the key's press on; the first moves show values that nobody has seen. After each page a bare one is moved, one slider and one line
of text: what the platform takes alone. `thread_ms` is processor time of the page's thread per move, which a busy machine hardly lengthens;
what looks whether the page is still is part of it. Prints a line a page, and a JSON object at the end. Needs playwright and Chromium.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page

from benchmarks.explorer import browser, served
from benchmarks.machine import report, spread
from benchmarks.thirty_users import SLIDERS

WATCH = """label => {
  const main = document.querySelector('[data-testid="stMain"]');
  const thumb = document.querySelector(`input[type="range"][aria-label="${label}"]`);
  const slider = thumb.closest('[data-testid="stSlider"]');
  globalThis.seen = { pressed: 0, changed: 0, drawn: 0 };
  thumb.addEventListener('keydown', () => { seen.pressed = performance.now(); }, { once: true, capture: true });
  globalThis.watching?.disconnect();
  globalThis.watching = new MutationObserver(changes => {
    if (changes.every(change => slider.contains(change.target))) return;
    const at = seen.changed = performance.now();
    requestAnimationFrame(() => requestAnimationFrame(now => { if (seen.changed === at) seen.drawn = now; }));
  });
  watching.observe(main, { subtree: true, childList: true, attributes: true, characterData: true });
  thumb.focus();
  return { isFirst: +thumb.value === +thumb.min, isLast: +thumb.value === +thumb.max };
}"""
STILL = "() => seen.pressed && seen.drawn > seen.pressed && performance.now() - seen.changed > 600"
DECODED = """() => {
  const host = [...document.querySelectorAll('*')].find(one => one.shadowRoot?.querySelector('[data-part="decoded"]'));
  const image = host?.shadowRoot.querySelector('[data-part="decoded"]');
  return image?.width && image.getContext('2d').getImageData(0, 0, image.width, image.height).data.some((v, k) => k % 4 === 3 && v);
}"""
"""Whether Home has drawn what the decoder makes of its point."""
PICTURE = """() => {
  const roots = [...document.querySelectorAll('*')].map((one) => one.shadowRoot).filter(Boolean);
  const drawn = roots.some((root) => root.querySelector('[data-draw-ms]') || root.querySelector('.diagram svg'));
  return drawn || document.querySelector('.vae-chart .main-svg') !== null;
}"""
"""Whether a page has drawn a picture of its own on a canvas, or a chart."""
BARE = "import streamlit as st\n\nst.set_page_config(layout='wide')\nst.text(st.slider('Step', 0, 100, 50))\n"
"""A program of one slider and one line of text."""
WARM = ("why-hard", "why-hard?evidence_part=Curve", "bound", "kl", "inside", "inside?inside_part=Race", "which-posterior", "em")
"""Pages whose first picture is timed at a second visit."""


def moved(page: Page, label: str, n: int) -> Iterator[float]:
    """Milliseconds from the key's press to the frame after the page's last change: half of n moves, and back, or to the slider's ends."""
    step = 1
    for k in range(n):
        end = page.evaluate(WATCH, label)
        step = -1 if end["isLast"] else 1 if end["isFirst"] else -step if k == n // 2 else step
        page.keyboard.press("ArrowRight" if step > 0 else "ArrowLeft")
        page.wait_for_function(STILL, timeout=60_000, polling=100)
        yield page.evaluate("() => seen.drawn - seen.pressed")


def slider(window: Browser, url: str, path: str, label: str, n: int) -> dict[str, Any]:
    """Median and 95th percentile of n moves, and the slowest of them; and the mean processor time of the page's thread."""
    page = window.new_page(viewport={"width": 1280, "height": 800})
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.goto(f"{url}/{path}")
    page.get_by_text(label, exact=True).first.wait_for(state="attached")
    page.wait_for_timeout(4000)
    if not page.get_by_text(label, exact=True).first.is_visible():
        page.get_by_text("More settings", exact=True).click()
        page.wait_for_timeout(1000)
    before = thread_seconds(session)
    ms = sorted(moved(page, label, n))
    percentiles = {"p50_ms": round(statistics.median(ms)), "p95_ms": round(ms[int(0.95 * (n - 1))]), "max_ms": round(ms[-1]), "n": n}
    percentiles["thread_ms"] = round(1000 * (thread_seconds(session) - before) / n)
    page.close()
    return percentiles


def thread_seconds(session: CDPSession) -> float:
    """Processor time of the page's thread so far."""
    return next(one["value"] for one in session.send("Performance.getMetrics")["metrics"] if one["name"] == "TaskDuration")


def first_picture(page: Page, url: str) -> float:
    """Seconds from the address to the picture of the first page."""
    page.goto(url)
    page.wait_for_function(DECODED, timeout=60_000)
    return page.evaluate("() => performance.now()") / 1000


def first_pages(window: Browser, n: int) -> dict[str, dict[str, Any]]:
    """Of a server that was just started, of one that runs (a new browser), and after a reload; n servers each."""
    seconds: dict[str, list[float]] = {"just started": [], "new visitor": [], "reload": []}
    for _ in range(n):
        with served() as server:
            for name, pages in (("just started", 1), ("new visitor", 2)):
                for _ in range(pages):
                    context = window.new_context(viewport={"width": 1280, "height": 800})
                    page = context.new_page()
                    seconds[name].append(first_picture(page, server.url))
                    if name == "new visitor":
                        seconds["reload"].append(first_picture(page, server.url))
                    context.close()
    return {name: spread(values, 2) for name, values in seconds.items()}


def second_visits(window: Browser, url: str, n: int) -> dict[str, dict[str, Any]]:
    """Seconds from the address to the page's picture in a browser that was there before, n times each."""
    found = {}
    for address in WARM:
        context = window.new_context(viewport={"width": 1280, "height": 800})
        page, seconds = context.new_page(), []
        for _ in range(n + 1):
            page.goto("about:blank")
            page.goto(f"{url}/{address}")
            page.wait_for_function(PICTURE, timeout=60_000)
            seconds.append(page.evaluate("() => performance.now()") / 1000)
        context.close()
        found[address] = spread(seconds[1:], 2)
        print(f"{address}, second visit: {found[address]}", flush=True)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=20, help="moves of each slider")
    parser.add_argument("--servers", type=int, default=3, help="that are started for the first page; 0: sliders only")
    parser.add_argument("--only", default="", help="sliders that have this word in their name")
    options = parser.parse_args()
    moves = {}
    with browser() as window, tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "bare.py").write_text(BARE)
        first = first_pages(window, options.servers) if options.servers else {}
        print(f"first page: {first}", flush=True)
        with served() as server, served(folder=Path(folder), script="bare.py") as bare:
            warm = second_visits(window, server.url, 5) if options.servers else {}
            for what, (path, label) in SLIDERS.items():
                if options.only not in what:
                    continue
                moves[what] = slider(window, server.url, path, label, options.n)
                moves[f"bare page, after {what}"] = slider(window, bare.url, "", "Step", options.n)
                print(f"{what}: {moves[what]}; a bare page: {moves[f'bare page, after {what}']}", flush=True)
    report(first_page_seconds=first, second_visit_seconds=warm, sliders=moves)


if __name__ == "__main__":
    main()
