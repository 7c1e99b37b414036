"""Fixtures of the tests of pages: who visits, the models and images that are there, and no word that the platform is about to drop."""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.runtime.context import ContextProxy, StreamlitHeaders

from pages.shared import cached
from tests.harness import CPU, At
from vae_core.models import FAMILIES, default_spec
from vae_core.store import Store


@pytest.fixture(scope="module")
def checkpoints(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store of the module's own, which every page finds; what this machine lacks for digits is trained into it."""
    local, specs = tmp_path_factory.mktemp("local"), [default_spec(family, "digits", 2) for family in FAMILIES]
    for checkpoint in filter(None, map(Store().find, specs)):
        shutil.copytree(checkpoint.folder, local / checkpoint.spec.fingerprint)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VAE_EXPLORER_CHECKPOINTS", str(local))
        store = Store()
        for spec in specs:
            store.train(spec, device=CPU)
        yield store


@pytest.fixture
def no_images(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine that has none of the data sets that are downloaded."""
    monkeypatch.delenv("VAE_EXPLORER_DATA", raising=False)
    monkeypatch.setenv("VAE_EXPLORER_CACHE", str(tmp_path / "empty"))


@pytest.fixture(autouse=True)
def at(monkeypatch: pytest.MonkeyPatch) -> type[At]:
    """The visitor's address and headers, which the platform's own test harness leaves open."""
    monkeypatch.setattr(ContextProxy, "ip_address", property(lambda _: At.address))
    monkeypatch.setattr(ContextProxy, "headers", property(lambda _: StreamlitHeaders(At.headers.items())))
    for name in ("address", "headers"):
        monkeypatch.setattr(At, name, getattr(At, name))  # so that a test may set them
    return At


@pytest.fixture(autouse=True)
def nothing_goes_on(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a page prepares beside its visitors ends with the test: another one has other models and images."""
    yield
    with monkeypatch.context() as patch:
        patch.setattr(cached, "is_wanted", lambda: False)
        for thread in threading.enumerate():
            if thread.name == cached.PREPARING:
                thread.join()
    cached.prepare.clear()


@pytest.fixture(autouse=True)
def no_deprecation() -> Iterator[None]:
    """No page uses an argument that Streamlit will drop; it says so in its log."""
    messages: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: messages.append(record.getMessage())
    logger = logging.getLogger("streamlit.deprecation_util")
    logger.addHandler(handler)
    yield
    logger.removeHandler(handler)
    assert messages == []
