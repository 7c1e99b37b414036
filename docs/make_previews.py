"""Make the small pictures of the views of lectures, by hand: `python -m docs.make_previews` from the root, with Playwright and Chromium.

Each step's view is opened as its link opens it, without a data folder, and written to `pages/start/lectures/previews/` by the step's name.
Names of steps after the command are those that are made; without any, all are, and pictures of steps that are no more are taken away.
"""

from __future__ import annotations

import io
import sys
import tempfile
from urllib.parse import urlencode

from PIL import Image
from playwright.sync_api import BrowserContext, sync_playwright

from pages.shared.lectures.lectures import Step, lectures
from pages.start.lectures.cached import PREVIEWS
from tests.browser.windows import WINDOW, Visit, served
from tests.harness import PAGES, chromium

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
    with tempfile.TemporaryDirectory() as empty, served(**dict.fromkeys(FOLDERS, empty)) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        window = browser.new_context(**WINDOW, color_scheme="light")
        for name in chosen:
            path = PREVIEWS / f"{name}.webp"
            preview(window, address, steps[name]).save(path, quality=70, method=6)
            print(f"{name}: {path.stat().st_size / 1000:.1f} kB", flush=True)
        browser.close()


def preview(window: BrowserContext, address: str, step: Step) -> Image.Image:
    """The view of a step below the header, as it opens in the light theme."""
    page = window.new_page()
    Visit(page).open(f"{address}/{PAGES[step.page]}?{urlencode(step.state)}")
    page.wait_for_timeout(2000)
    size = WINDOW["viewport"]
    png = page.screenshot(clip={"x": 0, "y": HEADER, "width": size["width"], "height": size["height"] - HEADER})
    page.close()
    image = Image.open(io.BytesIO(png)).convert("RGB")
    return image.resize((WIDTH, round(WIDTH * image.height / image.width)), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    main()
