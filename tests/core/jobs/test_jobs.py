"""Training beside the server: joined, followed, cancelled, resumed; nobody's death leaves an orphan."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from tests.harness import ROOT, tiny_spec, wait_for
from vae_core.jobs import jobs, process
from vae_core.store import Store

LONG = replace(tiny_spec("vae"), n_epochs=100_000)


@pytest.mark.slow
def test_a_job_trains_the_model_and_says_so_to_many_who_look_at_once(store: Store) -> None:
    """None of them takes another for the job."""
    spec = tiny_spec("vae")
    job = jobs.start(spec, store)
    assert job.status().is_alive
    wait_for(lambda: not job.status().is_alive)
    status = job.status()
    assert (status.state, status.event["epoch"]) == ("done", 3)
    assert [epoch["epoch"] for epoch in status.history] == [1, 2, 3]
    assert spec in store
    with process._processes.pop(job.folder):  # as another server sees it: it ends, and its pipe is closed
        pass
    with ThreadPoolExecutor(30) as looking:
        assert not any(looking.map(lambda _: job.status().is_alive, range(600)))


@pytest.mark.slow
def test_a_second_start_joins_the_first_and_a_cancelled_job_goes_on_later(store: Store) -> None:
    job = jobs.start(LONG, store)
    assert jobs.start(LONG, store) == job == jobs.find(LONG, store)
    wait_for(lambda: job.status().event)
    job.cancel()
    wait_for(lambda: not job.status().is_alive)
    reached = job.status().event["epoch"]
    assert job.status().state == "cancelled"
    assert LONG not in store
    again = jobs.start(LONG, store)
    wait_for(lambda: again.status().event)
    assert again.status().history[0]["epoch"] > reached
    again.cancel()
    wait_for(lambda: not again.status().is_alive)


@pytest.mark.slow
def test_a_job_of_a_server_that_ignores_ctrl_c_is_cancelled(store: Store) -> None:
    hears = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as a shell's & starts it
    try:
        job = jobs.start(LONG, store)
    finally:
        signal.signal(signal.SIGINT, hears)
    wait_for(lambda: job.status().event)
    job.cancel()
    wait_for(lambda: not job.status().is_alive)
    assert job.status().state == "cancelled"


@pytest.mark.slow
def test_jobs_queue_behind_one_another(store: Store) -> None:
    first, second = jobs.start(LONG, store), jobs.start(tiny_spec("autoencoder"), store)
    wait_for(lambda: first.status().event or second.status().event)
    states = sorted([first.status().state, second.status().state])
    assert states in (["queued", "running"], ["done", "queued"], ["done", "running"])
    first.cancel()
    wait_for(lambda: not first.status().is_alive and not second.status().is_alive)
    assert second.status().state == "done"


@pytest.mark.slow
def test_a_job_that_fails_says_why(store: Store) -> None:
    spec = replace(tiny_spec("vae"), likelihood="gaussian", scale=1e-30)
    job = jobs.start(spec, store)
    wait_for(lambda: not job.status().is_alive)
    assert job.status().state == "failed"
    assert "training must keep a finite loss" in job.status().sentence


@pytest.mark.slow
def test_a_job_that_is_killed_is_seen_to_have_failed(store: Store) -> None:
    job = jobs.start(LONG, store)
    wait_for(lambda: job.status().event)
    process._processes[job.folder].kill()
    wait_for(lambda: not job.status().is_alive)
    assert job.status().state == "failed"
    assert "start it again to go on" in job.status().sentence


def test_a_job_that_another_server_has_just_asked_for_is_starting_and_one_without_a_word_has_failed(store: Store) -> None:
    spec = tiny_spec("vae")
    folder = store.local / f"{spec.fingerprint}.job"
    folder.mkdir(parents=True)
    (folder / "spec.json").write_text(json.dumps(spec.to_json()))
    assert jobs.find(spec, store).status().state == "queued"
    before = time.time() - process.SECONDS_TO_START - 1
    os.utime(folder / "spec.json", (before, before))
    assert jobs.find(spec, store).status().state == "failed"


START = """
import sys, time
from dataclasses import replace
from pathlib import Path
from vae_core.models import default_spec
from vae_core.store import Store
from vae_core.jobs import jobs
root = Path(sys.argv[1])
jobs.start(replace(default_spec("vae", "digits", 2), n_epochs=100_000), Store(local=root / "local", shipped=root / "shipped"))
time.sleep(600)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kills as POSIX does")
@pytest.mark.slow
def test_the_death_of_the_server_ends_its_jobs(tmp_path: Path) -> None:
    store = Store(local=tmp_path / "local", shipped=tmp_path / "shipped")
    server = subprocess.Popen([sys.executable, "-c", START, str(tmp_path)], cwd=ROOT)
    wait_for(lambda: (job := jobs.find(LONG, store)) and job.status().event)
    server.kill()
    server.wait()
    job = jobs.find(LONG, store)
    wait_for(lambda: not job.status().is_alive)
    assert job.status().state == "cancelled"
    assert store.partial_folder(LONG).exists()
