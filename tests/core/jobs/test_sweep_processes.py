"""Processes of this machine train many models: they end with who started them, and what they had is resumed."""

from __future__ import annotations

import json
import os
import signal
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.core.jobs.sweeps import (
    children,
    finished,
    grid_file,
    is_alive,
    posix,
    seeds,
    start_sweep,
    wait_for,
)
from vae_core.jobs.executors import ProcessExecutor
from vae_core.jobs.sweep import sweep
from vae_core.store import Store, checkpoints
from vae_core.training.grids import read_grids


@pytest.mark.slow
def test_processes_train_a_grid_and_a_second_sweep_trains_nothing(tmp_path: Path) -> None:
    specs = read_grids(grid_file(tmp_path, 2, 3))
    fingerprints = sorted(spec.fingerprint for spec in specs)
    for state, none in (("trained", "already_there"), ("already_there", "trained")):
        process = start_sweep(tmp_path, "--n-processes", "1")
        out, err = process.communicate(timeout=600)
        assert process.returncode == 0, err
        found = json.loads(out)
        assert (sorted(found[state]), found[none], found["failed"]) == (fingerprints, [], {})
        assert sorted(found["fingerprints"]) == fingerprints
        assert err.count(state.replace("_", " ")) == 2
    assert finished(tmp_path / "local") == set(fingerprints)


@posix
@pytest.mark.slow
def test_an_interrupted_sweep_leaves_what_can_be_resumed_and_ends_its_workers(tmp_path: Path) -> None:
    (spec, _) = read_grids(grid_file(tmp_path, 2, 100_000))
    process = start_sweep(tmp_path, "--n-processes", "1")
    partial = Store(local=tmp_path / "local").partial_folder(spec)
    wait_for(lambda: (partial / "training.safetensors").exists())
    workers = children(process.pid)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=600)
    assert (process.returncode, out) == (130, "")
    assert "Cancelled" in err
    assert "Traceback" not in err
    wait_for(lambda: not any(is_alive(pid) for pid in workers), 60)
    assert len(list((tmp_path / "local").glob("*.partial"))) == 1
    _, history = checkpoints.read_partial(partial)
    assert 0 < len(history) < 100_000


@posix
@pytest.mark.slow
def test_workers_end_with_the_process_that_started_them(tmp_path: Path) -> None:
    grid_file(tmp_path, 2, 100_000)
    process = start_sweep(tmp_path, "--n-processes", "1")
    wait_for(lambda: list((tmp_path / "local").glob("*.partial/training.safetensors")))
    workers = children(process.pid)
    assert workers
    process.kill()
    process.communicate()
    wait_for(lambda: not any(is_alive(pid) for pid in workers), seconds=60)


@posix
@pytest.mark.slow
def test_the_models_of_a_killed_process_are_trained_again(store: Store) -> None:
    specs = seeds(3, n_epochs=40)
    with ProcessExecutor(2) as executor, closing(sweep(specs, store, executor)) as coming:
        killed = []
        for outcome in coming:
            assert outcome.state == "trained", outcome.sentence
            if not killed:
                killed = [pool_process for pool in executor._pools.values() for pool_process in pool._processes]
                os.kill(killed[0], signal.SIGKILL)
    assert finished(store.local) == {spec.fingerprint for spec in specs}
    assert all(len(store.find(spec).history) == 40 for spec in specs)


def blocked_signals() -> set[signal.Signals]:
    time.sleep(1)  # so that each process has one of them
    return signal.pthread_sigmask(signal.SIG_BLOCK, [])


@posix
@pytest.mark.slow
def test_every_process_leaves_ctrl_c_to_its_parent() -> None:
    with ProcessExecutor(2) as executor:
        for answer in [executor.submit(blocked_signals) for _ in range(2)]:
            assert signal.SIGINT in answer.result()


@posix
@pytest.mark.slow
def test_who_asks_twice_does_not_wait_for_what_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    executor = ProcessExecutor(1)
    task = executor.submit(time.sleep, 600)
    wait_for(lambda: executor._pools)
    shutdown, asked = executor._threads.shutdown, []

    def interrupted_once(*args: object, **options: object) -> None:
        asked.append(1)
        if len(asked) == 1:
            raise KeyboardInterrupt
        shutdown(*args, **options)

    monkeypatch.setattr(executor._threads, "shutdown", interrupted_once)
    executor.__exit__()
    assert task.done()


@posix
@pytest.mark.slow
def test_a_task_that_kills_its_process_is_given_up_and_the_others_finish() -> None:
    with ProcessExecutor(2) as executor:
        deadly, harmless = executor.submit(os._exit, 1), executor.submit(abs, -3)
        assert harmless.result() == 3
        with pytest.raises(RuntimeError, match="worker must live until its model is trained, got 4"):
            deadly.result()
        assert executor.submit(abs, -4).result() == 4
