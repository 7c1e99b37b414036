"""What only a browser does: deep links on a fresh server, choices that outlive page changes, nothing asked of any other server."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlparse

import pytest

from tests.conftest import chromium
from tests.test_pages import PAGES, WITH_MODELS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 90
"""Longest wait for a server or a page, on a machine that is busy with other things."""

SECTIONS = list(dict.fromkeys(file.split("/")[1] for file in PAGES))

IS_STILL = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  return app && app.getAttribute('data-test-script-state') === 'notRunning' && !document.querySelector('[data-testid="stSkeleton"]');
}"""


@contextmanager
def served() -> Iterator[str]:
    """The address of a fresh server."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "explorer_app.py", "--server.port", str(port), "--server.headless", "true"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ))
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


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with served() as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="install playwright to run it")
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield started
        started.close()


class Visit:
    """A browser window that notes what it should not meet; `wanted` are settings of Playwright's browser contexts."""

    def __init__(self, browser: Browser, **wanted: Any) -> None:
        self.page: Page = browser.new_page(**{"viewport": {"width": 1280, "height": 800}} | wanted)
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
        return self

    def go_to(self, path: str) -> Visit:
        """Change the page as a visitor does, in the sidebar."""
        end = f"/{path}" if path else "/"
        links = self.page.query_selector_all('[data-testid="stSidebarNavLink"]')
        next(link for link in links if urlparse(link.get_attribute("href") or "").path.rstrip("/").endswith(end.rstrip("/"))).click()
        self.page.wait_for_function("path => location.pathname.replace(/^[/]+/, '') === path", arg=path)
        return self.settle()

    def query(self) -> dict[str, list[str]]:
        return parse_qs(urlparse(self.page.url).query)

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


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visit]]:
    visits: list[Visit] = []

    def start(**wanted: Any) -> Visit:
        visits.append(Visit(browser, **wanted))
        return visits[-1]

    yield start
    for one in visits:
        one.page.close()


def assert_is_inside_the_frame(one: Visit, address: str, path: str) -> None:
    assert one.page.locator("h1").count() == 1
    assert one.page.locator('[data-testid="stSidebarNavLink"]').count() == len(PAGES)
    assert one.choices() == ["digits", "pca", "2"]
    assert urlparse(one.page.url).path == f"/{path}"
    assert one.query()["latent_dim"] == ["2"]
    assert one.faults() == []
    assert one.complaints == []
    assert one.strangers(address) == set()


FIRST_OF_SECTIONS = [next(path for file, path in PAGES.items() if file.split("/")[1] == name) for name in SECTIONS]
A_LINK = "dataset=digits&latent_dim=2&family=pca"


@pytest.mark.parametrize("path", FIRST_OF_SECTIONS, ids=lambda path: path or "start")
def test_a_deep_link_as_the_first_request_of_a_fresh_server_opens_inside_the_frame(path: str, visit: Callable[..., Visit]) -> None:
    with served() as address:
        assert_is_inside_the_frame(visit().open(f"{address}/{path}?{A_LINK}"), address, path)


@pytest.mark.parametrize("path", [path for path in PAGES.values() if path not in FIRST_OF_SECTIONS])
def test_a_deep_link_opens_inside_the_frame(path: str, server: str, visit: Callable[..., Visit]) -> None:
    assert_is_inside_the_frame(visit().open(f"{server}/{path}?{A_LINK}"), server, path)


def test_choices_of_a_link_outlive_two_changes_of_page(server: str, visit: Callable[..., Visit]) -> None:
    one = visit().open(f"{server}/compare?dataset=digits&latent_dim=2&family=ppca")
    for path in ("", "compare", ""):
        one.go_to(path)
        assert one.choices() == ["digits", "ppca", "2"]
        assert one.faults() == []
    assert one.complaints == []


def test_boxes_of_a_page_follow_the_sidebar_and_what_they_show_is_what_is_sent(server: str, visit: Callable[..., Visit]) -> None:
    """A value that was deleted on the server would stay on the screen, and come back with the next change."""
    one = visit().open(f"{server}/train?dataset=digits&latent_dim=2&family=vae")
    main, d = one.page.locator('[data-testid="stMain"]'), one.page.locator('[data-testid="stSidebar"] input[type="range"]').first

    def field(name: str) -> str:
        return main.get_by_role("textbox", name=name, exact=True).input_value()

    assert (field("latent_dim"), field("beta")) == ("2", "1")
    d.press("ArrowRight")
    one.settle()
    assert (one.choices()[2], field("latent_dim")) == ("10", "10")
    main.get_by_role("textbox", name="beta", exact=True).fill("4")
    one.page.keyboard.press("Enter")
    one.settle()
    assert (field("latent_dim"), field("beta")) == ("10", "4")
    assert main.get_by_text("Not trained yet").count() == 1
    one.go_to("doctor")
    patient = main.get_by_role("combobox", name="Model", exact=True)
    assert patient.input_value().startswith("mlp, d = 10")
    d.press("ArrowLeft")
    one.settle()
    assert patient.input_value().startswith("mlp, d = 2")
    assert one.faults() == []


def test_a_card_of_the_overview_opens_its_model(server: str, visit: Callable[..., Visit]) -> None:
    one = visit().open(f"{server}/?dataset=digits&latent_dim=2&family=vae")
    one.page.get_by_text("Linear AE", exact=False).first.click()
    one.page.wait_for_function("() => location.pathname === '/compare'")
    one.settle()
    assert one.choices() == ["digits", "linear-autoencoder", "2"]


@pytest.mark.parametrize("page", WITH_MODELS)
def test_picture_and_controls_fit_one_window(page: str, server: str, visit: Callable[..., Visit]) -> None:
    one = visit().open(f"{server}/{PAGES[page]}?dataset=digits&latent_dim=2")
    main = one.page.locator('[data-testid="stMain"]')
    assert main.evaluate("e => e.scrollHeight - e.clientHeight") <= 0
    assert main.evaluate("e => e.scrollWidth - e.clientWidth") <= 0


def test_images_are_enlarged_by_whole_numbers_and_without_blur(server: str, visit: Callable[..., Visit]) -> None:
    one = visit().open(f"{server}/compare?dataset=digits&latent_dim=2")
    images = one.page.locator('[data-testid="stHtml"] img')
    assert images.count() == 24
    sizes = images.evaluate_all("es => es.map(e => [e.clientWidth / e.naturalWidth, e.clientHeight / e.naturalHeight])")
    assert all(x == y == int(x) >= 4 for x, y in sizes)
    assert set(images.evaluate_all("es => es.map(e => getComputedStyle(e).imageRendering)")) == {"pixelated"}


def test_the_link_of_a_view_restores_it(server: str, visit: Callable[..., Visit]) -> None:
    one = visit().open(f"{server}/compare?dataset=digits&latent_dim=2&family=pca")
    one.page.get_by_text("hardest", exact=True).click()
    one.settle()
    hardest = one.page.locator('[data-testid="stHtml"] img').first.get_attribute("src")
    one.page.get_by_text("Link", exact=True).click()
    link = one.page.locator('[data-testid="stPopoverBody"] code').first.inner_text()
    assert link.startswith(f"{server}/compare?")
    other = visit().open(link)
    assert other.choices() == ["digits", "pca", "2"]
    assert other.page.locator('[data-testid="stHtml"] img').first.get_attribute("src") == hardest


def test_the_landing_page_does_not_load_plotly(server: str, visit: Callable[..., Visit]) -> None:
    one = visit().open(f"{server}/?dataset=digits&latent_dim=2")
    assert not [url for url in one.requests if "plotly" in url.lower()]


def test_a_dark_page_is_dark(server: str, visit: Callable[..., Visit]) -> None:
    page = visit(color_scheme="dark").open(f"{server}/?dataset=digits&latent_dim=2").page
    background = page.locator('[data-testid="stApp"]').evaluate("e => getComputedStyle(e).backgroundColor")
    assert background == "rgb(15, 20, 25)"
