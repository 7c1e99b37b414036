"""Fixtures of every test: small trained models, a store of its own, and the reasons to skip."""

from __future__ import annotations

import functools
import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner

from tests.harness import CPU, DATA, chromium, tiny_spec
from tests.javascript.engine import compiles
from vae_core.models import FAMILIES, LatentModel
from vae_core.store import Store
from vae_core.training.devices import configure_numerics


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what this machine lacks, and say how to run it."""
    no_data = pytest.mark.skip(reason="set VAE_EXPLORER_DATA to a folder with mnist/, frey_faces/ and olivetti_faces/ to run it")
    no_browser = pytest.mark.skip(reason="install Chromium, or set VAE_EXPLORER_CHROMIUM to its path, to run it")
    slow = pytest.mark.skip(reason="takes minutes: set VAE_EXPLORER_SLOW_TESTS=1 to run it")
    for item in items:
        if item.get_closest_marker("data") and not all((DATA / name).is_dir() for name in ("mnist", "frey_faces", "olivetti_faces")):
            item.add_marker(no_data)
        if item.get_closest_marker("browser") and chromium() is None:
            item.add_marker(no_browser)
        if item.get_closest_marker("slow") and not os.environ.get("VAE_EXPLORER_SLOW_TESTS"):
            item.add_marker(slow)


def pytest_collection_finish() -> None:
    """What is imported by now stays: the collector need not go through it again and again, which was a twentieth of the time."""
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def arithmetic() -> None:
    """The arithmetic that every command uses: bits agree between processes only if it is the same."""
    configure_numerics()


@pytest.fixture(scope="session", autouse=True)
def installed_components() -> Iterator[None]:
    """What is installed is looked through once: the platform's test harness reads every package's metadata for each page it opens."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", functools.cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(scope="session", autouse=True)
def components_that_compile() -> Iterator[None]:
    """Each component's script is compiled as it is registered: it is put together from files, of which two may name a thing alike."""
    register = st.components.v2.component

    def compiled(name: str, *, js: str, **others: Any) -> Any:
        compiles(js)
        return register(name, js=js, **others)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(st.components.v2, "component", compiled)
        yield


@pytest.fixture(scope="session")
def tiny_store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store that holds a tiny trained model of every family at two and five latent dimensions."""
    root = tmp_path_factory.mktemp("checkpoints")
    store = Store(local=root / "local", shipped=root / "shipped")
    for family in FAMILIES:
        for latent_dim in (2, 5):
            store.train(tiny_spec(family, latent_dim), device=CPU)
    return store


@pytest.fixture(params=FAMILIES)
def trained(request: pytest.FixtureRequest, tiny_store: Store) -> LatentModel:
    """A tiny trained model of each family, of two latent dimensions; of images of threes, if it needs labels."""
    return tiny_store.load(tiny_spec(request.param)).given(3)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return Store(local=tmp_path / "local", shipped=tmp_path / "shipped")
