"""Models that differ in numbers only are trained in one pass, and each lands by itself."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from tests.core.jobs.sweeps import (
    GRID,
    TINY,
    finished,
    posix,
    seeds,
    states,
    trained,
)
from tests.harness import CPU, ROOT
from vae_core.jobs.sweep import sweep
from vae_core.models import default_spec
from vae_core.store import Store, checkpoints
from vae_core.training.grids import tasks


@pytest.mark.slow
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
    mnist = [replace(default_spec("vae", "mnist", d), beta=beta) for d in (2, 10) for beta in (1.0, 4.0)]
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


@pytest.mark.slow
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


@pytest.mark.slow
def test_a_grid_that_goes_on_in_the_same_pass_ends_at_the_same_bits_and_alone_within_rounding(store: Store, tmp_path: Path) -> None:
    whole, alone = (Store(local=tmp_path / name, shipped=store.shipped) for name in ("whole", "alone"))
    list(whole.training_together(GRID[:3], device=CPU))
    for begun in (store, alone):
        with closing(begun.training_together(GRID[:3], device=CPU)) as events:
            next(events)
    list(store.training_together(GRID[:3], device=CPU))
    for spec in GRID[:3]:
        alone.train(spec, device=CPU)
        mine, theirs, apart = (one.load(spec).state_dict() for one in (store, whole, alone))
        for name, tensor in theirs.items():
            assert torch.equal(mine[name], tensor)
            assert (apart[name] - tensor).abs().max() <= 1e-5 * tensor.abs().max()


KILL = """
import os, signal, sys
from pathlib import Path
from tests.core.jobs.sweeps import CPU, GRID
from vae_core.store import Store, unfinished
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
