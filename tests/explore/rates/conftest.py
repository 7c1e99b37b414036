"""What the tests of the frontier share: the models of a small grid, and the file of their numbers."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import frontier_numbers as command
from tests.explore.rates.frontier_grid import GRID
from tests.harness import CPU
from vae_core.store import Store
from vae_core.training.grids import specs_of_grid


@pytest.fixture(scope="session")
def grid(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Store]:
    """A grid file, and a store with its models at two seeds."""
    root = tmp_path_factory.mktemp("grid")
    (root / "grid.json").write_text(json.dumps([GRID]))
    store = Store(local=root / "local", shipped=root / "shipped")
    for spec in specs_of_grid(GRID):
        for seed in (0, 1):
            store.train(replace(spec, seed=seed), device=CPU)
    return root / "grid.json", store


@pytest.fixture(scope="session")
def numbers_file(grid: tuple[Path, Store], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The numbers of those models, made by the command's own steps."""
    out = tmp_path_factory.mktemp("numbers") / "numbers.json"
    with pytest.MonkeyPatch.context() as patch:
        asked = ["--stores", str(grid[1].local), "--out", str(out), "--n-samples", "50", "--workers", "2"]
        patch.setattr("sys.argv", ["frontier_numbers", str(grid[0]), *asked])
        command.main()
    return out
