"""Fixtures of the tests in a browser: one server, one browser, one visitor, and windows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.windows import WINDOW, Visit, served
from tests.harness import chromium

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Playwright

ARGUMENTS = ["--no-sandbox"]


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    with served() as address:
        yield address


@pytest.fixture(scope="session")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with a cache and a folder of models of its own."""
    with served(
        VAE_EXPLORER_CACHE=str(tmp_path_factory.mktemp("cache")), VAE_EXPLORER_CHECKPOINTS=str(tmp_path_factory.mktemp("models"))
    ) as address:
        yield address


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """Playwright, until a test comes that is none of these: as long as it runs, its event loop is that of the thread."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="install playwright to run it")
    with sync_api.sync_playwright() as started:
        yield started


@pytest.fixture(scope="package")
def another(playwright: Playwright) -> Iterator[Callable[..., BrowserContext]]:
    """Other visitors, one for all who ask for the same settings."""
    browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
    known: dict[str, BrowserContext] = {}

    def visitor(**settings: Any) -> BrowserContext:
        name = repr(sorted(settings.items()))
        known[name] = known.get(name) or browser.new_context(**WINDOW | settings)
        return known[name]

    yield visitor
    browser.close()


@pytest.fixture(scope="package")
def visitor(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    """The windows of one visitor, whose profile keeps what was fetched and compiled: half of each first page."""
    profile = tmp_path_factory.mktemp("profile")
    started = playwright.chromium.launch_persistent_context(profile, executable_path=chromium(), args=ARGUMENTS, **WINDOW)
    yield started
    started.close()


@pytest.fixture
def visit(request: pytest.FixtureRequest, visitor: BrowserContext) -> Iterator[Callable[..., Visit]]:
    """Open windows; those with settings of Playwright's contexts are another visitor's."""
    visits: list[Visit] = []

    def start(**settings: Any) -> Visit:
        whose = request.getfixturevalue("another")(**settings) if settings else visitor
        visits.append(Visit(whose.new_page()))
        return visits[-1]

    yield start
    for one in visits:
        one.page.close()
