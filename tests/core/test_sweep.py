"""Many models on many workers: each trained once, each in the store, whoever is lost on the way."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.harness import CPU, ROOT, hear_ctrl_c, tiny_spec
from vae_core.cli.main import main
from vae_core.cli.many_models import Sweep
from vae_core.jobs.executors import ProcessExecutor, dask_executor
from vae_core.jobs.sweep import sweep
from vae_core.models import default_spec
from vae_core.specs import ModelSpec
from vae_core.store import Store, checkpoints
from vae_core.store.checkpoints import DamagedCheckpoint
from vae_core.training.grids import multiply_adds, read_grids, tasks

TINY = replace(tiny_spec("vae"), hidden=(16,))
ALONE = replace(tiny_spec("autoencoder"), hidden=(16,))
"""A model that is trained by itself, whatever others there are."""
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


# Any executor: threads of this process stand for workers.


def test_a_grid_or_a_list_of_grids_is_read_and_equal_models_are_one(tmp_path: Path) -> None:
    grid = {"family": "autoencoder", "fixed": {"dataset": "digits", "latent_dim": 2}, "product": {"seed": [0, 1, 1]}}
    path = tmp_path / "grid.json"
    for held in (grid, [grid, grid]):
        path.write_text(json.dumps(held))
        assert [spec.seed for spec in read_grids(path)] == [0, 1]


def held_grid(fixed: dict | None = None, **parts: object) -> str:
    return json.dumps({"family": "vae", "fixed": {"dataset": "digits", "latent_dim": 2, **(fixed or {})}, **parts})


@pytest.mark.parametrize(
    ("held", "sentence"),
    [
        ("{", "grid file must be readable JSON"),
        ("[" * 100_000, "grid file must be readable JSON"),
        ("[]", "grid file must hold a grid or a list of grids"),
        ("[3]", "grid file must hold a grid or a list of grids"),
        (held_grid({"betta": 3}), "grid must name fields of vae (activation, batch_size, beta"),
        (held_grid(product={"seed": 3}), "seed must have a list of values in product"),
        (held_grid(product={"beta": []}), "beta must have a list of values in product"),
        (held_grid(product=[3]), "grid must have objects for fixed and product"),
        (held_grid(produkt={"beta": [1]}), "grid must hold only family, fixed, product, got ['produkt']"),
        (held_grid({"latent_dim": [2]}), "latent_dim must be a whole number, got [2]"),
        (held_grid({"dataset": ["digits"]}), "dataset must be a name, got ['digits']"),
        (held_grid({"batch_size": 64.0}), "batch_size must be a whole number, got 64.0"),
        (held_grid({"beta": -1}), "beta must be at least 0"),
        (held_grid(family="gan"), "family must be one of"),
    ],
)
def test_a_grid_that_cannot_be_read_is_one_sentence(held: str, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    path = tmp_path / "grid.json"
    path.write_text(held)
    assert main(["sweep", str(path), "--json"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert sentence in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("own_stores", [False, True])
def test_every_model_arrives_and_is_trained_once(own_stores: bool, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAE_EXPLORER_CHECKPOINTS", str(tmp_path / "worker"))
    specs = [*seeds(2), *seeds(1), tiny_spec("pca", 5)]
    with ThreadPoolExecutor(1) as executor:
        assert states(specs, store, executor, own_stores=own_stores) == ["trained"] * 3
        assert states(specs, store, executor, own_stores=own_stores) == ["already there"] * 3
    assert finished(store.local) == {spec.fingerprint for spec in specs}
    assert finished(tmp_path / "worker") == ({spec.fingerprint for spec in specs} if own_stores else set())
    if own_stores:
        mine, sent = (folder / specs[0].fingerprint / checkpoints.WEIGHTS for folder in (store.local, tmp_path / "worker"))
        assert mine.read_bytes() == sent.read_bytes()


def test_a_model_that_a_worker_has_is_sent_and_not_trained(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    worker = Store(local=tmp_path / "worker", shipped=store.shipped)
    trained(TINY, worker)
    monkeypatch.setenv("VAE_EXPLORER_CHECKPOINTS", str(worker.local))
    with ThreadPoolExecutor(1) as executor:
        assert states([TINY], store, executor, own_stores=True) == ["already there"]
    assert TINY in store


def test_a_model_that_fails_says_why_and_the_others_go_on(store: Store) -> None:
    diverges = replace(TINY, likelihood="gaussian", scale=1e-30)
    with ThreadPoolExecutor(1) as executor:
        outcomes = {outcome.spec: outcome for outcome in sweep([diverges, TINY], store, executor)}
    assert outcomes[TINY].state == "trained"
    assert outcomes[diverges].state == "failed"
    assert "training must keep a finite loss" in outcomes[diverges].sentence


def test_a_damaged_model_is_trained_again(store: Store) -> None:
    trained(TINY, store)
    (store.find(TINY).folder / checkpoints.WEIGHTS).write_bytes(b"")
    with ThreadPoolExecutor(1) as executor:
        (outcome,) = sweep([TINY], store, executor)
    assert outcome.state == "trained"
    assert "set aside" in outcome.sentence
    assert store.load(TINY)


def test_closing_a_sweep_drops_what_has_not_begun(store: Store) -> None:
    with ThreadPoolExecutor(1) as executor, closing(sweep(seeds(30), store, executor)) as coming:
        next(coming)
    assert len(finished(store.local)) < 30


DAMAGES = {
    "truncated": lambda files, _: files | {checkpoints.WEIGHTS: files[checkpoints.WEIGHTS][:-4]},
    "flipped": lambda files, _: files | {checkpoints.WEIGHTS: files[checkpoints.WEIGHTS][:-1] + b"\x55"},
    "another model's": lambda _, other: other,
    "another model's weights": lambda files, other: files | {checkpoints.WEIGHTS: other[checkpoints.WEIGHTS]},
    "a file is missing": lambda files, _: {name: data for name, data in files.items() if name != checkpoints.METRICS},
    "a file too many": lambda files, _: files | {"../outside": b"x"},
    "weights of another shape": lambda files, other: files | with_weights(files, other[checkpoints.WEIGHTS]),
}


def test_closing_a_sweep_cancels_what_waits_before_what_runs(store: Store) -> None:
    """A worker whose task is cancelled first takes up the next one, which nobody wants either."""
    cancelled: list[int] = []

    class OneAfterTheOther(Executor):
        """The first task is done, and no other is ever begun."""

        n_submitted = 0

        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            future: Future[Any] = Future()
            place, self.n_submitted = self.n_submitted, self.n_submitted + 1
            if place == 0:
                future.set_result(fn(*args, **kwargs))
            future.add_done_callback(lambda f: cancelled.append(place) if f.cancelled() else None)
            return future

    with closing(sweep(seeds(4), store, OneAfterTheOther())) as coming:
        next(coming)
    assert cancelled == [3, 2, 1]


def with_weights(files: dict[str, bytes], weights: bytes) -> dict[str, bytes]:
    """A checkpoint whose SHA-256 is right for weights that are not its own."""
    recorded = json.loads(files[checkpoints.SPEC]) | {"weights_sha256": hashlib.sha256(weights).hexdigest()}
    return {checkpoints.WEIGHTS: weights, checkpoints.SPEC: json.dumps(recorded).encode()}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_checkpoint_that_is_not_what_was_trained_is_refused_and_leaves_nothing(damage: str, store: Store, tmp_path: Path) -> None:
    worker = Store(local=tmp_path / "worker", shipped=store.shipped)
    files, other = trained(TINY, worker), trained(replace(TINY, latent_dim=3), worker)
    with pytest.raises(DamagedCheckpoint):
        store.take(TINY, DAMAGES[damage](files, other))
    assert TINY not in store
    assert not list(store.local.rglob("*.safetensors"))
    store.take(TINY, files)
    assert store.load(TINY)


def test_a_checkpoint_that_arrives_replaces_a_damaged_one_and_no_other(store: Store, tmp_path: Path) -> None:
    files = trained(TINY, Store(local=tmp_path / "worker", shipped=store.shipped))
    store.take(TINY, files)
    weights = store.find(TINY).folder / checkpoints.WEIGHTS
    written_at = weights.stat().st_mtime_ns
    store.take(TINY, files)
    assert weights.stat().st_mtime_ns == written_at
    weights.write_bytes(b"")
    store.take(TINY, files)
    assert store.load(TINY)


def test_a_checkpoint_is_not_taken_in_under_a_training_of_its_model(store: Store, tmp_path: Path) -> None:
    files = trained(TINY, Store(local=tmp_path / "worker", shipped=store.shipped))
    with store.held(TINY), pytest.raises(ValueError, match="model must be at rest"):
        store.take(TINY, files)
    assert TINY not in store
    assert [path for path in store.local.iterdir() if path.suffix != ".lock"] == []


def test_a_scheduler_without_dask_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert main(["sweep", str(grid_file(tmp_path, 1, 3)), "--scheduler", "tcp://127.0.0.1:1"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert 'pip install -e ".[cluster]"' in err
    assert err.count("\n") == 1


# What is trained in one pass.


GRID = [replace(TINY, beta=beta, latent_dim=d, seed=seed) for beta in (0.5, 2.0) for d in (2, 3) for seed in (0, 1)]


@pytest.mark.parametrize("own_stores", [False, True])
def test_a_small_grid_is_one_task_and_each_model_lands_by_itself(
    own_stores: bool, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAE_EXPLORER_CHECKPOINTS", str(tmp_path / "worker"))
    assert tasks(GRID, n_workers=1) == [GRID]
    specs = [*GRID, *seeds(1)]
    with ThreadPoolExecutor(1) as executor:
        assert states(specs, store, executor, own_stores=own_stores) == ["trained"] * 9
        assert states(specs, store, executor, own_stores=own_stores) == ["already there"] * 9
    by_itself = Store(local=tmp_path / "alone", shipped=store.shipped)
    by_itself.train(GRID[3], device=CPU)
    mine, theirs = store.find(GRID[3]), by_itself.find(GRID[3])
    assert [event["epoch"] for event in mine.history] == [1, 2, 3]
    for name, value in theirs.metrics.items():
        if isinstance(value, float):
            assert mine.metrics[name] == pytest.approx(value, rel=1e-4), name
    assert not list(store.local.glob("*.partial"))


def test_what_is_worth_one_pass_is_decided_by_the_cost_of_a_step() -> None:
    digits = [replace(default_spec("vae", "digits", d), beta=beta) for d in (2, 10) for beta in range(1, 11)]
    mnist = [replace(default_spec("vae", "mnist", d), beta=beta) for d in (2, 20) for beta in (1.0, 4.0)]
    assert multiply_adds(replace(mnist[0], hidden=(400,), batch_size=128)) == 128 * (784 * 400 + 400 * 4 + 2 * 400 + 400 * 784)
    assert tasks([*digits, *mnist], n_workers=1) == [digits, *([spec] for spec in mnist)]
    assert tasks(mnist, n_workers=1, device="cuda") == [mnist]
    assert sorted(map(len, tasks(digits, n_workers=2))) == [10, 10]
    assert tasks(digits, n_workers=2, device="cuda") == [digits]
    assert sorted(map(len, tasks(digits, n_workers=100))) == [4] * 5
    linear = [default_spec("vae", "digits", d, "linear") for d in (2, 3)]
    assert tasks([*linear, *digits[:1]], n_workers=1) == [[linear[0]], [linear[1]], digits[:1]]


def test_shipped_models_are_trained_alone_so_that_they_are_the_same_again(store: Store, tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as executor:
        assert states(GRID[:2], store, executor, ship=True) == ["trained"] * 2
    by_itself = Store(local=tmp_path / "alone", shipped=tmp_path / "other")
    by_itself.train(GRID[1], device=CPU, ship=True)
    mine, theirs = ((s.find(GRID[1]).folder / checkpoints.WEIGHTS).read_bytes() for s in (store, by_itself))
    assert mine == theirs


def test_a_model_that_diverges_in_a_grid_says_why_and_the_others_arrive(store: Store) -> None:
    specs = [replace(TINY, likelihood="gaussian", scale=scale) for scale in (1.0, 1e-30, "learned")]
    with ThreadPoolExecutor(1) as executor:
        outcomes = {outcome.spec: outcome for outcome in sweep(specs, store, executor)}
    assert [outcomes[spec].state for spec in specs] == ["trained", "failed", "trained"]
    assert "training must keep a finite loss" in outcomes[specs[1]].sentence


def test_a_damaged_model_of_a_grid_is_trained_again_with_the_others(store: Store) -> None:
    trained(GRID[0], store)
    (store.find(GRID[0]).folder / checkpoints.WEIGHTS).write_bytes(b"")
    with ThreadPoolExecutor(1) as executor:
        assert states(GRID[:3], store, executor) == ["trained"] * 3
    assert all(store.load(spec) for spec in GRID[:3])


def test_a_cancelled_grid_goes_on_where_it_stopped_in_one_pass_or_alone(store: Store, tmp_path: Path) -> None:
    with closing(store.training_together(GRID[:3], device=CPU)) as events:
        assert next(events).epoch == 1
        next(events)
    assert not any(spec in store for spec in GRID)
    store.train(GRID[0], device=CPU)
    rest = list(store.training_together(GRID[:3], device=CPU))
    assert [(event.epoch, len(event.models)) for event in rest] == [(3, 2)]
    whole = Store(local=tmp_path / "whole", shipped=store.shipped)
    list(whole.training_together(GRID[:3], device=CPU))
    for spec in GRID[:3]:
        assert len(store.find(spec).history) == 3
        assert store.find(spec).metrics["sse"] == pytest.approx(whole.find(spec).metrics["sse"], rel=1e-4)


KILL = """
import os, signal, sys
from pathlib import Path
from tests.core.test_sweep import CPU, GRID
from vae_core import unfinished
from vae_core.store import Store
unfinished.SECONDS_BETWEEN_WRITES = 0
for event in Store(local=Path(sys.argv[1]), shipped=Path(sys.argv[2])).training_together(GRID[:3], device=CPU):
    if event.epoch == 2:
        os.kill(os.getpid(), signal.SIGKILL)
"""


@posix
@pytest.mark.slow
def test_a_killed_grid_resumes_though_its_models_were_kept_at_different_epochs(store: Store) -> None:
    killed = subprocess.run([sys.executable, "-c", KILL, str(store.local), str(store.shipped)], cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert [len(checkpoints.read_partial(store.partial_folder(spec))[1]) for spec in GRID[:3]] == [2, 2, 2]
    shutil.rmtree(store.partial_folder(GRID[1]))  # as if it had died between one write and the next
    rest = [(event.epoch, len(event.models)) for event in store.training_together(GRID[:3], device=CPU)]
    assert rest == [(1, 1), (2, 1), (3, 1), (3, 2)]
    assert all(len(store.find(spec).history) == 3 for spec in GRID[:3])


def test_two_processes_do_not_train_one_model_of_a_grid_twice(store: Store) -> None:
    with closing(store.training_together(GRID[:2], device=CPU)) as events:
        next(events)
        other = Store(local=store.local, shipped=store.shipped)
        assert [set(event.models) for event in other.training_together(GRID[:3], device=CPU)] == [{GRID[2].fingerprint}] * 3
    assert finished(store.local) == {GRID[2].fingerprint}


# Processes of this machine.


def start_sweep(tmp_path: Path, *arguments: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "VAE_EXPLORER_CHECKPOINTS": str(tmp_path / "local")}
    command = [sys.executable, "-m", "vae_core", "sweep", str(tmp_path / "grid.json"), "--json", *arguments]
    hears = None if sys.platform == "win32" else hear_ctrl_c
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=hears)


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
    assert not any(is_alive(pid) for pid in workers)
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
    specs = seeds(3, n_epochs=100)
    with ProcessExecutor(2) as executor, closing(sweep(specs, store, executor)) as coming:
        killed = []
        for outcome in coming:
            assert outcome.state == "trained", outcome.sentence
            if not killed:
                killed = [pool_process for pool in executor._pools.values() for pool_process in pool._processes]
                os.kill(killed[0], signal.SIGKILL)
    assert finished(store.local) == {spec.fingerprint for spec in specs}
    assert all(len(store.find(spec).history) == 100 for spec in specs)


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


# A Dask scheduler and two workers on this machine, each a process of its own.


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


def test_a_gpu_is_one_worker_unless_more_are_asked_for(tmp_path: Path) -> None:
    assert [Sweep(grid=tmp_path).n_workers(device) for device in ("cpu", "cuda", "mps")] == [os.cpu_count(), 1, 1]
    assert Sweep(grid=tmp_path, n_processes=3).n_workers("cuda") == 3
