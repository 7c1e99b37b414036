"""Servers of the explorer and windows of a browser that looks at them: what the tests marked `browser` share."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlparse

from pages.frame.navigation import SECTIONS, by_section
from tests.harness import PAGES, ROOT, table

if TYPE_CHECKING:
    from playwright.sync_api import ElementHandle, Page

SECONDS = 90
"""Longest wait for a server or a page, on a machine that is busy with other things."""

WINDOW = {"viewport": {"width": 1280, "height": 800}}

A_LINK = "dataset=digits&latent_dim=2&family=pca"
"""Choices of the sidebar, as a link says them."""

FRAMES = "(n) => new Promise((done) => (function next(k) { k ? requestAnimationFrame(() => next(k - 1)) : done() })(n))"

IS_STILL = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  return app && app.getAttribute('data-test-script-state') === 'notRunning' && !document.querySelector('[data-testid="stSkeleton"]');
}"""


@contextmanager
def served(**environment: str) -> Iterator[str]:
    """The address of a fresh server."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "explorer_app.py", "--server.port", str(port), "--server.headless", "true"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, **environment})
    try:
        for _ in range(SECONDS * 5):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1).close()
                break
            except OSError:
                time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=30)


class Visit:
    """A browser window that notes what it should not meet."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.page.set_default_timeout(SECONDS * 1000)
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._note)

    def _note(self, message) -> None:
        # Below a deep link the platform first asks for its health at a path that is not there.
        if message.type == "error" and "_stcore" not in message.location.get("url", ""):
            self.complaints.append(message.text)

    def open(self, url: str) -> Visit:
        self.page.goto(url)
        return self.settle()

    def settle(self) -> Visit:
        """Wait until the script has run and nothing has changed for a while."""
        self.page.wait_for_function(IS_STILL)
        self.page.wait_for_timeout(700)
        self.page.wait_for_function(IS_STILL)
        return self.draw()

    def draw(self, n: int = 2) -> Visit:
        """Wait for n frames; after two, what was asked of a canvas is drawn: components draw, and say what they drew, with the next."""
        self.page.evaluate(FRAMES, n)
        return self

    def go_to(self, path: str) -> Visit:
        """Change the page, and wait until it is there."""
        self.choose(path)
        return self.settle()

    def back(self, path: str) -> Visit:
        """Press Back until the page at the path is there: once, or twice where the other page wrote into its address as it was left."""
        from playwright.sync_api import TimeoutError

        self.settle()
        for patience in (SECONDS / 4, SECONDS):
            self.page.go_back()
            try:
                self.page.wait_for_function("path => location.pathname === path", arg=path, timeout=1000 * patience)
                break
            except TimeoutError:
                if patience == SECONDS:
                    raise
        return self.settle()

    def choose(self, path: str) -> None:
        """Change the page as a visitor does, in the menus of the header."""
        folder = next(folder for folder, address in PAGES.items() if address == path)
        self.menu(SECTIONS[folder.partition("/")[0]])
        next(link for link in self.entries() if urlparse(link.get_attribute("href") or "").path.strip("/") == path).click()
        self.page.wait_for_function("path => location.pathname.replace(/^[/]+/, '') === path", arg=path)

    def menu(self, title: str) -> None:
        """Open the menu of a section."""
        self.page.locator('[data-testid="stTopNavSection"]', has_text=re.compile(f"^{re.escape(title)}")).click()
        self.page.locator('[data-testid="stTopNavPopover"]').wait_for()

    def entries(self) -> list[ElementHandle]:
        """The pages that the open menu lists."""
        return self.page.query_selector_all('[data-testid="stTopNavDropdownLink"]')

    def query(self) -> dict[str, list[str]]:
        return parse_qs(urlparse(self.page.url).query)

    def link(self) -> str:
        """The link of the view, as the row below the picture shows it."""
        self.page.locator(".st-key-footer").get_by_text("Link", exact=True).click()
        return self.page.locator('.st-key-footer details[open] [data-testid="stCode"] code').inner_text()

    def choices(self) -> list[str]:
        """Data set, latent dimension and model, as the sidebar shows them."""
        sidebar = self.page.locator('[data-testid="stSidebar"]')
        shown = [box.input_value() for box in sidebar.locator('[data-testid="stSelectbox"] input').all()]
        return [*shown, sidebar.locator('[data-testid="stSliderThumbValue"]').first.inner_text()]

    def strangers(self, address: str) -> set[str]:
        """Other servers than this one that were asked for anything."""
        asked = [urlparse(url) for url in self.requests]
        return {url.netloc for url in asked if url.scheme in ("http", "https", "ws", "wss")} - {urlparse(address).netloc}

    def faults(self) -> list[str]:
        faulty = '[data-testid="stException"], [data-testid="stAlertContentError"], [role="dialog"]'
        return [element.inner_text() for element in self.page.query_selector_all(faulty)]


def assert_is_inside_the_frame(one: Visit, address: str, path: str) -> None:
    """The page at the path stands inside the whole frame with the choices of `A_LINK`, and asked no other server."""
    assert one.page.locator("h1").count() == 1
    assert one.page.locator('[data-testid="stTopNavSection"]').count() == len(by_section(table()))
    if any(page.uses_data for page in table() if page.address == path):
        assert one.choices() == ["Digits 8 × 8", "PCA", "2"]
    assert urlparse(one.page.url).path == f"/{path}"
    assert parse_qs(A_LINK).items() <= one.query().items()
    assert one.faults() == []
    assert one.complaints == []
    assert one.strangers(address) == set()


THEMES = {"light": "rgb(255, 255, 255)", "dark": "rgb(15, 20, 25)"}
"""Background of the page in each."""


def in_theme(one: Visit, theme: str) -> None:
    """Let the visitor's system prefer a theme, and wait until the page has taken it."""
    one.page.emulate_media(color_scheme=theme)
    background = f"() => getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor === '{THEMES[theme]}'"
    one.page.wait_for_function(background)
    one.settle()


def upload(one: Visit, *files: Path) -> None:
    """Hand files over, and wait until the page has taken them."""
    one.page.locator('[data-testid="stMain"] input[type="file"]').set_input_files([str(path) for path in files])
    one.page.locator('[data-testid="stFileUploaderFile"], [data-testid="stFileChip"]').first.wait_for()
    one.settle()
