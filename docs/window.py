"""A window on the explorer, for what makes pictures of it by hand: a fresh server, and Chromium through Playwright."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.browser.windows import WINDOW, Visit, served
from tests.harness import chromium

SETTLED_MS = 3000
"""After a view stands still, for what glides into its place."""


@contextmanager
def explorer(**environment: str) -> Iterator[Callable[[str, str], Page]]:
    """What opens a view, by its path with its query, in a theme."""
    with served(**environment) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])

        def opened(view: str, theme: str) -> Page:
            page = Visit(browser.new_page(**WINDOW, color_scheme=theme)).open(f"{address}/{view}").page
            page.wait_for_timeout(SETTLED_MS)
            return page

        yield opened
        browser.close()


def picture(png: bytes, width: int | None = None) -> Image.Image:
    """A screenshot, as wide as it is or so wide."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    return image if width is None else image.resize((width, round(width * image.height / image.width)), Image.Resampling.LANCZOS)
