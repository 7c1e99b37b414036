"""Frame rate of the latent pad during a drag of three seconds in Chromium, the time of one decode, and what goes over the wire.

Usage: python -m benchmarks.pad_fps [--seconds 3]
Starts a server of its own. Prints one line a model, and a JSON object at the end. Needs playwright and Chromium.
"""

from __future__ import annotations

import argparse
import math
import statistics
import time

from playwright.sync_api import Page, TimeoutError, WebSocket

from benchmarks.explorer import browser, served
from benchmarks.machine import report

VIEWS = {
    "mnist vae d=2, MLP 2-200-400-784": "dataset=mnist&latent_dim=2&family=vae",
    "mnist vae d=20, MLP 20-200-400-784": "dataset=mnist&latent_dim=20&family=vae&code_size=d+of+the+sidebar",
    "frey_faces vae d=2, MLP 2-200-560": "dataset=frey_faces&latent_dim=2&family=vae",
    "olivetti_faces vae d=2, convolutions to 64 x 64": "dataset=olivetti_faces&latent_dim=2&family=vae",
    "digits vae d=2, MLP 2-64-128-64": "dataset=digits&latent_dim=2&family=vae",
}
IN_PAGE = """() => {
  const pad = [...document.querySelectorAll('*')].map((e) => e.shadowRoot?.querySelector('.pad')).find(Boolean);
  globalThis.padSeen = { times: [], decodes: [] };
  let last = pad.dataset.frames;
  const look = (now) => {
    if (pad.dataset.frames !== last) {
      last = pad.dataset.frames;
      padSeen.times.push(now);
      padSeen.decodes.push(+pad.dataset.decodeMs);
    }
    globalThis.padLook = requestAnimationFrame(look);
  };
  look(performance.now());
  return { messages: +(pad.dataset.messages || 0), bytes: +pad.dataset.bytes };
}"""
RESULT = """() => {
  cancelAnimationFrame(padLook);
  const pad = [...document.querySelectorAll('*')].map((e) => e.shadowRoot?.querySelector('.pad')).find(Boolean);
  return { ...padSeen, messages: +(pad.dataset.messages || 0), z: pad.dataset.z };
}"""


def drag(page: Page, seconds: float) -> dict:
    """Drag along a figure of eight, and what was seen meanwhile."""
    traffic = {"sent": 0, "received": 0, "sent_frames": 0}

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", lambda data: traffic.update(sent=traffic["sent"] + len(data), sent_frames=traffic["sent_frames"] + 1))
        socket.on("framereceived", lambda data: traffic.update(received=traffic["received"] + len(data)))

    page.on("websocket", listen)
    page.reload()
    plane = page.locator(".plane")
    plane.wait_for()
    page.wait_for_function("() => [...document.querySelectorAll('*')].some((e) => e.shadowRoot?.querySelector('.pad[data-frames]'))")
    page.wait_for_timeout(1500)
    box = plane.bounding_box()
    x, y, r = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, box["width"] * 0.35
    page.mouse.move(x, y)
    before = page.evaluate(IN_PAGE)
    page.mouse.down()
    traffic.update(sent=0, received=0, sent_frames=0)
    start = time.perf_counter()
    while (t := time.perf_counter() - start) < seconds:
        page.mouse.move(x + r * math.sin(2 * t), y + r * math.sin(4 * t) / 2)
    during = dict(traffic)
    page.mouse.up()
    page.wait_for_timeout(800)
    after = page.evaluate(RESULT)
    gaps = [b - a for a, b in zip(after["times"], after["times"][1:], strict=False)]
    return {
        "fps": round(len(after["times"]) / seconds, 1),
        "decode_ms": round(statistics.median(after["decodes"]), 3),
        "decode_ms_p95": round(sorted(after["decodes"])[int(0.95 * len(after["decodes"]))], 3),
        "longest_gap_ms": round(max(gaps), 1),
        "payload_bytes": before["bytes"],
        "bytes_while_dragging": during["sent"] + during["received"],
        "messages": after["messages"] - before["messages"],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3)
    options = parser.parse_args()
    results = {}
    with served() as server, browser() as window:
        for name, query in VIEWS.items():
            page = window.new_page(viewport={"width": 1280, "height": 800})
            page.goto(f"{server.url}/manifold-pad?{query}")
            try:
                page.locator(".plane").wait_for(timeout=30_000)
            except TimeoutError:
                print(f"{name}: not trained here, left out")
                continue
            results[name] = drag(page, options.seconds)
            print(f"{name}: {results[name]}", flush=True)
            page.close()
    report(views=results)


if __name__ == "__main__":
    main()
