"""A Dask scheduler and two workers on this machine train many models, each a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from tests.core.jobs.sweeps import (
    begun,
    finished,
    grid_file,
    needs_dask,
    posix,
    seeds,
    start_sweep,
    states,
    trained,
    wait_for,
)
from tests.harness import ROOT
from vae_core.cli.main import main
from vae_core.jobs.executors import dask_executor
from vae_core.jobs.sweep import sweep
from vae_core.store import Store, checkpoints


def test_a_scheduler_without_dask_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert main(["sweep", str(grid_file(tmp_path, 1, 3)), "--scheduler", "tcp://127.0.0.1:1"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert 'pip install -e ".[cluster]"' in err
    assert err.count("\n") == 1


class Cluster:
    """A scheduler and the workers that were started, with the folder of models of each."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder, self.stack = folder, stack
        self.workers: dict[Path, subprocess.Popen[bytes]] = {}
        folder.mkdir()
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--dashboard-address", "127.0.0.1:0")
        wait_for(lambda: (folder / "scheduler.json").exists() and (folder / "scheduler.json").read_text().endswith("}"))
        self.address = json.loads((folder / "scheduler.json").read_text())["address"]

    def add_worker(self, store: Path) -> None:
        name = f"worker{len(self.workers)}"
        scratch = ("--local-directory", str(self.folder / name))
        options = ("--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", "--no-dashboard", "--name", name, *scratch)
        self.workers[self.folder / name] = self._start("worker", *options, VAE_EXPLORER_CHECKPOINTS=str(store))

    def _start(self, kind: str, *options: str, **environment: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "dask", kind, "--scheduler-file", str(self.folder / "scheduler.json"), *options]
        log = self.stack.enter_context((self.folder / f"log{len(self.workers)}_{kind}").open("wb"))
        patience = {"DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "1 hour"}  # a busy machine is no lost worker
        process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **patience, **environment}, stdout=log, stderr=log)
        self.stack.callback(process.wait)
        self.stack.callback(process.kill)
        return process


@contextmanager
def cluster(tmp_path: Path, *stores: Path) -> Iterator[Cluster]:
    """A scheduler on loopback, with one worker a folder of models."""
    with ExitStack() as stack:
        started = Cluster(tmp_path / "cluster", stack)
        for store in stores:
            started.add_worker(store)
        with dask_executor(started.address) as executor:
            executor._client.wait_for_workers(len(stores), timeout=600)
        yield started


@needs_dask
@posix
@pytest.mark.slow
@pytest.mark.parametrize("is_shared", [True, False], ids=["one store", "a store each"])
def test_a_cluster_trains_every_model_once_though_a_worker_is_killed(is_shared: bool, store: Store, tmp_path: Path) -> None:
    first, second = (store.local, store.local) if is_shared else (tmp_path / "first", tmp_path / "second")
    specs = seeds(5, n_epochs=100)
    everything = {spec.fingerprint for spec in specs}
    with cluster(tmp_path, first, second) as started, dask_executor(started.address) as executor:
        with closing(sweep(specs, store, executor, own_stores=True)) as coming:
            outcomes = [next(coming)]
            wait_for(lambda: begun(first) - finished(first))
            next(iter(started.workers.values())).kill()
            outcomes += list(coming)
        assert {outcome.spec.fingerprint for outcome in outcomes} == everything
        assert [outcome.state for outcome in outcomes] == ["trained"] * len(specs), outcomes
        assert states(specs, store, executor, own_stores=True) == ["already there"] * len(specs)
    assert finished(store.local) == everything
    assert all(len(store.find(spec).history) == 100 for spec in specs)
    if not is_shared:
        assert finished(first) & finished(second) == set()
        assert finished(first) | finished(second) == everything
        (lost,) = (spec for spec in specs if spec.fingerprint in begun(first) - finished(first))
        alone = trained(lost, Store(local=tmp_path / "alone", shipped=store.shipped))
        assert (store.find(lost).folder / checkpoints.WEIGHTS).read_bytes() == alone[checkpoints.WEIGHTS]


@needs_dask
@posix
@pytest.mark.slow
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGKILL], ids=["interrupted", "killed"])
def test_the_end_of_a_sweep_frees_its_cluster_and_the_next_one_goes_on(ending: int, tmp_path: Path) -> None:
    roots = [tmp_path / "first", tmp_path / "second"]
    grid_file(tmp_path, 3, 100_000)
    with cluster(tmp_path, *roots) as started:
        process = start_sweep(tmp_path, "--scheduler", started.address)
        wait_for(lambda: all(list(root.glob("*.partial/training.safetensors")) for root in roots))
        process.send_signal(ending)
        out, err = process.communicate(timeout=600)
        assert (process.returncode, out) == (130 if ending == signal.SIGINT else -ending, "")
        assert "Traceback" not in err
        grid_file(tmp_path, 2, 3)
        again = start_sweep(tmp_path, "--scheduler", started.address)  # has workers only once they have left the first sweep
        out, err = again.communicate(timeout=600)
        assert again.returncode == 0, err
        assert len(json.loads(out)["trained"]) == 2
        reached = [len(checkpoints.read_partial(path)[1]) for root in roots for path in root.glob("*.partial")]
        assert len(reached) == 2
        assert min(reached) > 0


@needs_dask
@posix
@pytest.mark.slow
def test_a_worker_whose_scheduler_is_lost_stops_training_and_keeps_its_epochs(tmp_path: Path) -> None:
    root = tmp_path / "first"
    grid_file(tmp_path, 1, 100_000)
    with cluster(tmp_path, root) as started:
        process = start_sweep(tmp_path, "--scheduler", started.address)
        wait_for(lambda: list(root.glob("*.partial/training.safetensors")))
        started.scheduler.kill()
        (worker,) = started.workers.values()
        wait_for(lambda: worker.poll() is not None, seconds=300)
        process.kill()
        process.communicate()
    (partial,) = root.glob("*.partial")
    assert len(checkpoints.read_partial(partial)[1]) > 0


@needs_dask
@pytest.mark.slow
def test_an_address_that_is_none_is_one_sentence_and_leaves_nothing_that_complains_at_the_end(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "vae_core", "sweep", str(grid_file(tmp_path, 1, 3)), "--scheduler", "localhost"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert run.returncode == 2
    assert "scheduler must be the address of one that answers, got 'localhost': missing port number" in run.stderr
    assert "Traceback" not in run.stderr
    assert run.stdout == ""


@needs_dask
@pytest.mark.slow
def test_a_scheduler_that_does_not_answer_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    import dask
    import distributed  # noqa: F401  # the end of `set` takes its defaults away if they came in between, from every later test

    with dask.config.set({"distributed.comm.timeouts.connect": "1s"}):
        assert main(["sweep", str(grid_file(tmp_path, 1, 3)), "--scheduler", "tcp://127.0.0.1:1"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "scheduler must be the address of one that answers, got 'tcp://127.0.0.1:1'" in err
    assert "Traceback" not in err
