"""Trainings in processes of their own: one at a time, followed and stopped by anyone; nothing blocks them, and they say how they ended."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.core.jobs.works import HERE
from tests.harness import wait_for
from vae_core.jobs import process
from vae_core.jobs.process import Status

SILENT = "It ended without a word."


def start(folder: Path, work: str) -> None:
    process.start(folder, "{}", f"{HERE}:{work}", models=folder.parent, if_cancelled="Stopped.")


def status(folder: Path) -> Status:
    return process.status(folder, if_silent=SILENT)


def ended(folder: Path) -> Status:
    wait_for(lambda: not status(folder).is_alive)
    return status(folder)


def test_one_trains_at_a_time_and_the_other_waits_for_its_turn(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    start(first, "sleep")
    wait_for(lambda: status(first).state == "running")
    start(second, "sleep")
    wait_for(lambda: (second / process.EVENTS).is_file() and (second / process.EVENTS).read_text())
    assert (status(first).state, status(second).state) == ("running", "queued")
    process.cancel(first)
    wait_for(lambda: status(second).state == "running")
    assert status(first) == Status("cancelled", status(first).history, "Stopped.")
    process.cancel(second)
    assert ended(second).state == "cancelled"


def test_one_that_waits_is_cancelled_without_its_turn(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    start(first, "sleep")
    wait_for(lambda: status(first).event)
    start(second, "sleep")
    process.cancel(second)
    assert ended(second) == Status("cancelled", [], "Stopped.")
    assert status(first).state == "running"
    process.cancel(first)
    ended(first)


@pytest.mark.skipif(sys.platform == "win32", reason="priorities are POSIX's")
def test_it_trains_at_low_priority(tmp_path: Path) -> None:
    start(tmp_path / "one", "sleep")
    wait_for(lambda: status(tmp_path / "one").event)
    assert status(tmp_path / "one").event["niceness"] >= min(19, os.nice(0) + process.NICENESS)
    process.cancel(tmp_path / "one")
    ended(tmp_path / "one")


def test_what_a_process_prints_never_blocks_it(tmp_path: Path) -> None:
    start(tmp_path / "one", "flood")
    assert ended(tmp_path / "one") == Status("done", [], None)


def test_an_error_is_its_sentence(tmp_path: Path) -> None:
    start(tmp_path / "one", "refuse")
    assert ended(tmp_path / "one") == Status("failed", [], "hidden must be between 1 and 512, got 0")
    assert "Traceback" in (tmp_path / "one" / process.OUTPUT).read_text()  # for whoever looks for the reason


@pytest.mark.skipif(sys.platform == "win32", reason="kills as POSIX does")
def test_one_that_dies_leaves_its_last_words_and_no_lock(tmp_path: Path) -> None:
    start(tmp_path / "one", "die")
    assert ended(tmp_path / "one") == Status("failed", [{"epoch": 1}], f"{SILENT} std::bad_alloc: out of memory")
    start(tmp_path / "two", "flood")
    assert ended(tmp_path / "two").state == "done"


def test_one_whose_work_cannot_be_found_says_so(tmp_path: Path) -> None:
    start(tmp_path / "one", "nothing")
    assert ended(tmp_path / "one").state == "failed"
    assert "nothing" in ended(tmp_path / "one").sentence


def test_one_that_is_forgotten_ends(tmp_path: Path) -> None:
    start(tmp_path / "one", "sleep")
    wait_for(lambda: status(tmp_path / "one").event)
    child = process._processes[tmp_path / "one"]
    process.forget(tmp_path / "one")
    assert child.returncode == 0
    assert not (tmp_path / "one").exists()
    process.cancel(tmp_path / "one")  # by somebody who still looks at it
    assert not (tmp_path / "one").exists()


SERVER = """
import sys, time
from pathlib import Path
from vae_core.jobs import process
for name in ("first", "second"):
    folder = Path(sys.argv[1]) / name
    process.start(folder, "{}", "tests.core.jobs.works:sleep", models=folder.parent, if_cancelled="Stopped.")
time.sleep(600)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kills as POSIX does")
def test_the_death_of_the_server_ends_the_one_that_trains_and_the_one_that_waits(tmp_path: Path) -> None:
    folders = [tmp_path / "first", tmp_path / "second"]
    server = subprocess.Popen([sys.executable, "-c", SERVER, str(tmp_path)], cwd=process.ROOT)
    wait_for(lambda: any(status(folder).event for folder in folders) and all((f / process.EVENTS).is_file() for f in folders))
    (pid,) = (status(folder).event["pid"] for folder in folders if status(folder).event)
    os.kill(server.pid, signal.SIGKILL)
    server.wait()
    assert [ended(folder).state for folder in folders] == ["cancelled", "cancelled"]  # as seen from another server
    with pytest.raises(ProcessLookupError):
        wait_for(lambda: os.kill(pid, 0), 60)


def test_a_process_that_could_not_write_why_it_ended_has_met_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "training"
    folder.mkdir()
    (folder / process.SPEC).write_text("{}")
    (folder / process.EVENTS).write_text('{"state": "running"}\n')
    assert status(folder) == Status("failed", [], SILENT)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=0))
    assert status(folder) == Status("failed", [], f"{SILENT} The disk that holds {tmp_path} is full: free some room there.")
