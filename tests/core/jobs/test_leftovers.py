"""What a killed process leaves is swept at the next start; what another process is at, and epochs to resume from, stay."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from tests.harness import CPU, ROOT, tiny_spec
from tests.own_folder import prepared
from vae_core.data import leftovers, own
from vae_core.jobs.leftovers import remove_leftovers
from vae_core.jobs.live_runs import PREFIX
from vae_core.store import Store

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills as POSIX does")

KILLED_WHILE_IT_WRITES = """
import os, signal, sys
from pathlib import Path
from vae_core.models import default_spec
from vae_core.store import Store

Path.rename = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
Store(Path(sys.argv[1]), Path(sys.argv[2])).train(default_spec("pca", "digits", 2))
"""


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAE_EXPLORER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


@pytest.fixture
def dead() -> str:
    """The mark of a process of this machine that is gone."""
    with subprocess.Popen(["true"]) as process:
        process.wait()
    return f"{leftovers.mark_of_machine()}-{process.pid}"


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.suffix != ".lock"}


@pytest.mark.slow
def test_what_a_kill_leaves_of_a_checkpoint_is_swept(store: Store) -> None:
    command = [sys.executable, "-c", KILLED_WHILE_IT_WRITES, str(store.local), str(store.shipped)]
    assert subprocess.run(command, cwd=ROOT, check=False, capture_output=True).returncode == -signal.SIGKILL
    assert any(name.endswith(".writing") for name in names(store.local))
    remove_leftovers(store)
    assert names(store.local) == set()


def test_epochs_to_resume_from_stay_and_those_of_a_model_that_is_there_go(store: Store) -> None:
    spec = tiny_spec("vae")
    with closing(store.training(spec, device=CPU)) as events:
        next(event for event in events)
    partial = store.partial_folder(spec)
    (partial / "history.json.writing").write_text("half")
    remove_leftovers(store)
    assert {path.name for path in partial.iterdir()} == {"spec.json", "history.json", "training.safetensors"}
    kept = {path.name: path.read_bytes() for path in partial.iterdir()}
    store.train(spec, device=CPU)
    partial.mkdir()
    for name, content in kept.items():
        (partial / name).write_bytes(content)  # as a kill between the model and its epochs leaves them
    remove_leftovers(store)
    assert names(store.local) == {spec.fingerprint}
    partial.mkdir()
    (partial / "spec.json").write_text(json.dumps(spec.to_json()))
    remove_leftovers(store)
    assert names(store.local) == {spec.fingerprint}


def test_what_another_process_is_at_stays(store: Store) -> None:
    spec = tiny_spec("pca")
    for name in (f"{spec.fingerprint}.1.writing", f"{spec.fingerprint}.x.taking", f"{spec.fingerprint}.partial"):
        (store.local / name).mkdir(parents=True)
    before = names(store.local)
    with store.held(spec):
        remove_leftovers(store)
        assert names(store.local) == before
    remove_leftovers(store)
    assert names(store.local) == set()


def test_halves_of_own_data_sets_and_of_downloads_and_frames_are_swept_if_their_process_is_gone(
    store: Store, dead: str, tmp_path: Path
) -> None:
    name = own.keep(prepared(), "Mine")
    cache, living, elsewhere = tmp_path / "cache", f"{leftovers.mark_of_machine()}-{os.getpid()}", "other-1"
    for mark in (dead, living, elsewhere):
        (cache / f"{name}.{mark}.writing").mkdir()
        (tmp_path / f"{PREFIX}{mark}-abc").mkdir()
    (cache / "mnist").mkdir()
    for file in ("mnist/.lock", "mnist/images.gz.part", "mnist/images.gz"):
        (cache / file).write_text("")
    remove_leftovers(store)
    assert {path.name for path in cache.glob("own-*")} == {name, f"{name}.{living}.writing", f"{name}.{elsewhere}.writing"}
    assert {path.name for path in tmp_path.glob(f"{PREFIX}*")} == {f"{PREFIX}{living}-abc", f"{PREFIX}{elsewhere}-abc"}
    assert {path.name for path in (cache / "mnist").iterdir()} == {".lock", "images.gz"}
    assert leftovers.mark() == living
