"""What passes until Home's first picture in Chromium, at a second visit: beside an empty page of the platform, and other trees' in turns.

Usage: python -m benchmarks.first_picture [--n 10] [--against FOLDER …] [--address manifold-pad]
Starts servers of its own: of this tree, of each FOLDER's (another checkout), and of a page of one line. Each round opens each of them
once, in a browser that was there before. Seconds are counted from the address on: until the first message of the server, until text,
until the component is mounted, until the plane and the digit are drawn, and until the frame that shows the digit; `thread` is what the
browser's main thread has worked by then, which other processes lengthen least. Prints a line for each, the ratios of each visit to the
one beside it (medians), and a JSON object. Needs playwright and Chromium.
"""

from __future__ import annotations

import argparse
import contextlib
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext

from benchmarks.explorer import ROOT, browser, served
from benchmarks.machine import report, say, spread

MARKS = """(() => {
  const marks = (globalThis.marks = {}), mark = (name) => (marks[name] ??= performance.now() / 1000);
  const after = (owner, name, then) => {
    const whole = owner[name];
    owner[name] = function (...given) {
      then(this);
      return whole.apply(this, given);
    };
  };
  const Socket = WebSocket;
  globalThis.WebSocket = class extends Socket {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", ({ data }) => {
        mark("message");
        marks.bytes = (marks.bytes ?? 0) + (data.size ?? data.byteLength ?? 0);
      });
    }
  };
  const shown = () => requestAnimationFrame(() => requestAnimationFrame(() => mark("shown")));
  after(Element.prototype, "attachShadow", () => mark("mounted"));
  const pen = CanvasRenderingContext2D.prototype;
  after(pen, "fillText", ({ canvas }) => canvas.dataset.part === "below" && mark("plane"));
  after(pen, "putImageData", ({ canvas }) => {
    if (canvas.dataset.part !== "decoded" || marks.digit) return;
    mark("digit");
    shown();
  });
  const watch = new MutationObserver(() => {
    if (!document.querySelector('[data-testid="stMain"] [data-testid="stMarkdownContainer"]')) return;
    mark("text");
    watch.disconnect();
    if (globalThis.isBare) shown();
  });
  watch.observe(document, { subtree: true, childList: true });
})()"""
STAGES = ("message", "text", "mounted", "plane", "digit", "shown", "thread", "bytes")
EMPTY = "import streamlit as st\n\nst.set_page_config(layout='wide')\nst.write('hello')\n"


@contextlib.contextmanager
def servers(others: dict[str, Path], empty: Path) -> Iterator[dict[str, str]]:
    """Name → address of each that is to be opened."""
    with contextlib.ExitStack() as all_of_them:
        started = {name: all_of_them.enter_context(served(folder=folder)).url for name, folder in {"this": ROOT, **others}.items()}
        yield started | {"empty page": all_of_them.enter_context(served(folder=empty, script="empty.py")).url}


def visited(context: BrowserContext, url: str) -> dict[str, float]:
    """The marks of one visit."""
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.goto(url, wait_until="commit", timeout=120_000)
    page.wait_for_function("() => marks.shown", timeout=120_000)
    counted = {metric["name"]: metric["value"] for metric in session.send("Performance.getMetrics")["metrics"]}
    marks = page.evaluate("() => marks")
    page.close()
    return marks | {"thread": counted["TaskDuration"]}


def rounds(window: Browser, addresses: dict[str, str], n: int) -> dict[str, list[dict[str, float]]]:
    """Name → the marks of each of n visits, in turns, after two that are not counted."""
    contexts = {name: window.new_context(viewport={"width": 1280, "height": 800}) for name in addresses}
    for name, context in contexts.items():
        context.add_init_script(f"globalThis.isBare = {'true' if name == 'empty page' else 'false'};\n{MARKS}")
    found: dict[str, list[dict[str, float]]] = {name: [] for name in addresses}
    for k in range(n + 2):
        for name, url in addresses.items():
            marks = visited(contexts[name], url)
            if k >= 2:
                found[name].append(marks)
                say(f"{name}: shown after {marks['shown']:.2f} s, {marks['thread']:.2f} s of the main thread")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=10, help="visits of each")
    parser.add_argument("--against", type=Path, nargs="*", default=[], help="other checkouts of the program")
    parser.add_argument("--address", default="", help="of the page with a plane of codes")
    options = parser.parse_args()
    others = {str(folder): folder.resolve() for folder in options.against}
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "empty.py").write_text(EMPTY)
        with servers(others, Path(folder)) as started, browser() as window:
            addresses = {name: url if name == "empty page" else f"{url}/{options.address}" for name, url in started.items()}
            visits = rounds(window, addresses, options.n)
    stages = {
        name: {stage: spread([visit[stage] for visit in each if stage in visit]) for stage in STAGES if stage in each[0]}
        for name, each in visits.items()
    }
    for name, each in stages.items():
        print(name, {stage: (found["median"], found["lowest"]) for stage, found in each.items()}, flush=True)
    ratios = {}
    for other in set(stages) - {"this"}:
        for stage in ("shown", "thread"):
            pairs = [mine[stage] / its[stage] for mine, its in zip(visits["this"], visits[other], strict=True)]
            ratios[f"{stage}, this / {other}"] = round(statistics.median(pairs), 3)
    print(ratios, flush=True)
    report(second_visit=stages, ratios=ratios)


if __name__ == "__main__":
    main()
