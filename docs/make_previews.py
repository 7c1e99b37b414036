"""Make the small pictures of the views of lectures, by hand: `python -m docs.make_previews` from the root, with Playwright and Chromium.

Each step's view is opened as its link opens it, without a data folder, and written to `pages/start/lectures/previews/` by the step's name.
Names of steps after the command are those that are made; without any, all are, and pictures of steps that are no more are taken away.
"""

from __future__ import annotations

import sys
import tempfile
from urllib.parse import urlencode

from docs.window import explorer, picture
from pages.shared.lectures.lectures import lectures
from pages.start.lectures.cached import PREVIEWS
from tests.browser.windows import WINDOW
from tests.harness import PAGES

HEADER = 38
"""Pixels of the window above the page."""
WIDTH = 480
FOLDERS = ("VAE_EXPLORER_DATA", "VAE_EXPLORER_CACHE", "VAE_EXPLORER_CHECKPOINTS")
"""Variables of folders that are empty, as on a fresh machine."""


def main() -> None:
    """Write a picture a step, and say what each takes."""
    steps = {step.name: step for lecture in lectures().values() for step in lecture.steps}
    chosen = sys.argv[1:] or list(steps)
    PREVIEWS.mkdir(exist_ok=True)
    for path in PREVIEWS.glob("*.webp"):
        if path.stem not in steps:
            path.unlink()
    size = WINDOW["viewport"]
    below_header = {"x": 0, "y": HEADER, "width": size["width"], "height": size["height"] - HEADER}
    with tempfile.TemporaryDirectory() as empty, explorer(**dict.fromkeys(FOLDERS, empty)) as opened:
        for name in chosen:
            page = opened(f"{PAGES[steps[name].page]}?{urlencode(steps[name].state)}", "light")
            path = PREVIEWS / f"{name}.webp"
            picture(page.screenshot(clip=below_header), WIDTH).save(path, quality=70, method=6)
            page.close()
            print(f"{name}: {path.stat().st_size / 1000:.1f} kB", flush=True)


if __name__ == "__main__":
    main()
