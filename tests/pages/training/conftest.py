"""A folder of models of each test's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from vae_core.store import Store


@pytest.fixture(autouse=True)
def local(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Store:
    """A store of its own for each test; shipped models are found beside it."""
    monkeypatch.setenv("VAE_EXPLORER_CHECKPOINTS", str(tmp_path))
    return Store()
