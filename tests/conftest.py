"""What the tests share: small trained models, a store of their own, and the reasons to skip."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import torch

from tests.browser.windows import WINDOW, Visit, served
from vae_core.models import FAMILIES, LatentModel, default_spec
from vae_core.specs import ModelSpec, TrainedSpec
from vae_core.store import Store
from vae_core.training.devices import settle_arithmetic

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

DATA = Path(os.environ.get("VAE_EXPLORER_DATA") or "nowhere")
CPU = torch.device("cpu")


def chromium() -> str | None:
    """Path of the browser that the tests drive, or None."""
    return os.environ.get("VAE_EXPLORER_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what this machine lacks, and say how to run it."""
    no_data = pytest.mark.skip(reason="set VAE_EXPLORER_DATA to a folder with mnist/, frey_faces/ and olivetti_faces/ to run it")
    no_browser = pytest.mark.skip(reason="install Chromium, or set VAE_EXPLORER_CHROMIUM to its path, to run it")
    slow = pytest.mark.skip(reason="takes minutes: set VAE_EXPLORER_SLOW_TESTS=1 to run it")
    for item in items:
        if "data" in item.keywords and not all((DATA / name).is_dir() for name in ("mnist", "frey_faces", "olivetti_faces")):
            item.add_marker(no_data)
        if "browser" in item.keywords and chromium() is None:
            item.add_marker(no_browser)
        if "slow" in item.keywords and not os.environ.get("VAE_EXPLORER_SLOW_TESTS"):
            item.add_marker(slow)


def hear_ctrl_c() -> None:
    """Let a child process (`preexec_fn`) be interrupted: what a shell's & started ignores SIGINT, and so do its children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def tiny_spec(family: str, latent_dim: int = 2) -> ModelSpec:
    """A spec of the family on digits that trains in a second."""
    spec = default_spec(family, "digits", latent_dim)
    return replace(spec, n_epochs=3) if isinstance(spec, TrainedSpec) else spec


@pytest.fixture(scope="session", autouse=True)
def arithmetic() -> None:
    """The arithmetic that every command uses: bits agree between processes only if it is the same."""
    settle_arithmetic()


@pytest.fixture(scope="session")
def tiny_store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store that holds a tiny trained model of every family at two and five latent dimensions."""
    root = tmp_path_factory.mktemp("checkpoints")
    store = Store(local=root / "local", shipped=root / "shipped")
    for family in FAMILIES:
        for latent_dim in (2, 5):
            for _ in store.train(tiny_spec(family, latent_dim), device=CPU):
                pass
    return store


@pytest.fixture(params=FAMILIES)
def trained(request: pytest.FixtureRequest, tiny_store: Store) -> LatentModel:
    """A tiny trained model of each family, of two latent dimensions."""
    return tiny_store.load(tiny_spec(request.param))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return Store(local=tmp_path / "local", shipped=tmp_path / "shipped")


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    with served() as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="install playwright to run it")
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="session")
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    """The windows of one visitor, who has what was fetched and compiled once: half of each first page."""
    with browser.new_context(**WINDOW) as context:
        yield context


@pytest.fixture
def visit(browser: Browser, visitor: BrowserContext) -> Iterator[Callable[..., Visit]]:
    """Open windows; those with settings of Playwright's contexts are another visitor's, with nothing fetched."""
    visits: list[Visit] = []

    def start(**wanted: Any) -> Visit:
        visits.append(Visit(browser.new_page(**WINDOW | wanted) if wanted else visitor.new_page()))
        return visits[-1]

    yield start
    for one in visits:
        one.page.close()
