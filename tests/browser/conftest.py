"""Fixtures of the tests in a browser: one server, one browser, one visitor, and windows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.windows import WINDOW, Visit, served
from tests.harness import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Playwright

ARGUMENTS = ["--no-sandbox"]


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    with served() as address:
        yield address


@pytest.fixture(scope="module")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with a cache and a folder of models of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VAE_EXPLORER_CACHE", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("VAE_EXPLORER_CHECKPOINTS", str(tmp_path_factory.mktemp("models")))
        with served() as address:
            yield address


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """Playwright, until a test comes that is none of these: as long as it runs, its event loop is that of the thread."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="install playwright to run it")
    with sync_api.sync_playwright() as started:
        yield started


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """A browser in which every window is another visitor's."""
    started = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
    yield started
    started.close()


@pytest.fixture(scope="package")
def visitor(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    """The windows of one visitor, whose profile keeps what was fetched and compiled: half of each first page."""
    profile = tmp_path_factory.mktemp("profile")
    started = playwright.chromium.launch_persistent_context(profile, executable_path=chromium(), args=ARGUMENTS, **WINDOW)
    yield started
    started.close()


@pytest.fixture
def visit(request: pytest.FixtureRequest, visitor: BrowserContext) -> Iterator[Callable[..., Visit]]:
    """Open windows; those with settings of Playwright's contexts are another visitor's, with nothing fetched."""
    visits: list[Visit] = []

    def start(**settings: Any) -> Visit:
        another = request.getfixturevalue("browser").new_page if settings else None
        visits.append(Visit(another(**WINDOW | settings) if another else visitor.new_page()))
        return visits[-1]

    yield start
    for one in visits:
        one.page.close()
