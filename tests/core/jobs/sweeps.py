"""What the tests of sweeps share: small models, grids of them, and what became of them on the disk and among the processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.harness import CPU, ROOT, hear_ctrl_c, tiny_spec
from vae_core.jobs.sweep import sweep
from vae_core.specs import ModelSpec
from vae_core.store import Store, checkpoints

TINY = replace(tiny_spec("vae"), hidden=(16,))
ALONE = replace(tiny_spec("autoencoder"), hidden=(16,))
"""A model that is trained by itself, whatever others there are."""
GRID = [replace(TINY, beta=beta, latent_dim=d, seed=seed) for beta in (0.5, 2.0) for d in (2, 3) for seed in (0, 1)]
"""Models that are trained in one pass."""
posix = pytest.mark.skipif(sys.platform == "win32", reason="sends SIGKILL or SIGINT")
needs_dask = pytest.mark.skipif(find_spec("distributed") is None, reason='needs Dask: pip install -e ".[cluster]"')


def seeds(n: int, n_epochs: int = 3) -> list[ModelSpec]:
    return [replace(ALONE, seed=seed, n_epochs=n_epochs) for seed in range(n)]


def grid_file(tmp_path: Path, n_seeds: int, n_epochs: int, family: str = "autoencoder") -> Path:
    fixed = {"dataset": "digits", "latent_dim": 2, "n_epochs": n_epochs, "hidden": [16]}
    path = tmp_path / "grid.json"
    path.write_text(json.dumps({"family": family, "fixed": fixed, "product": {"seed": list(range(n_seeds))}}))
    return path


def states(specs: list[ModelSpec], store: Store, executor, **options) -> list[str]:
    return [outcome.state for outcome in sweep(specs, store, executor, **options)]


def trained(spec: ModelSpec, store: Store) -> dict[str, bytes]:
    """The files of the spec's checkpoint, trained here and now."""
    store.train(spec, device=CPU)
    return {name: (store.find(spec).folder / name).read_bytes() for name in checkpoints.FILES}


def finished(root: Path) -> set[str]:
    return {path.parent.name for path in root.glob("*/spec.json") if not path.parent.suffix}


def begun(root: Path) -> set[str]:
    """What was ever trained there, to the end or not."""
    return {path.stem for path in root.glob("*.lock")}


def wait_for(holds: Callable[[], object], seconds: float = 600) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def children(pid: int) -> list[int]:
    """Processes that this one started, and theirs."""
    lines = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout.splitlines()
    parents = {int(line.split()[0]): int(line.split()[1]) for line in lines}
    own = [child for child, parent in parents.items() if parent == pid]
    return own + [grandchild for child in own for grandchild in children(child)]


def is_alive(pid: int) -> bool:
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout.strip()
    return bool(state) and not state.startswith("Z")


def start_sweep(tmp_path: Path, *arguments: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "VAE_EXPLORER_CHECKPOINTS": str(tmp_path / "local")}
    command = [sys.executable, "-m", "vae_core", "sweep", str(tmp_path / "grid.json"), "--json", *arguments]
    hears = None if sys.platform == "win32" else hear_ctrl_c
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=hears)
