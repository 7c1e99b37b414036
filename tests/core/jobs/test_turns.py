"""The last models of a sweep are trained in turns, so that no worker is idle while another trains a whole one."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.core.jobs.sweeps import GRID, seeds, states
from tests.harness import CPU
from vae_core.jobs.sweep import sweep
from vae_core.store import Store, checkpoints


class Recording(ThreadPoolExecutor):
    """One worker, which notes what it is asked for: fingerprints, and the share of their epochs."""

    def __init__(self) -> None:
        super().__init__(1)
        self.asked: list[tuple[list[str], float]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.asked.append(([fingerprint for _, fingerprint in args[0]], args[-1]))
        return super().submit(fn, *args, **kwargs)


@pytest.mark.parametrize("ship", [False, True])
def test_the_last_models_take_turns_and_end_at_the_bits_of_one_training(ship: bool, store: Store, tmp_path: Path) -> None:
    specs = seeds(5, n_epochs=6)
    with Recording() as executor:
        assert states(specs, store, executor, n_workers=2, ship=ship) == ["trained"] * 5
    whole, last = specs[:2], specs[2:]
    expected = [([spec.fingerprint], 1.0) for spec in whole]
    expected += [([spec.fingerprint], share) for share in (0.25, 0.5, 0.75, 1.0) for spec in last]
    assert executor.asked == expected
    by_itself = Store(local=tmp_path / "alone", shipped=tmp_path / "other")
    by_itself.train(last[0], device=CPU, ship=ship)
    mine, theirs = (one.find(last[0]) for one in (store, by_itself))
    assert (mine.folder / checkpoints.WEIGHTS).read_bytes() == (theirs.folder / checkpoints.WEIGHTS).read_bytes()
    assert [epoch["epoch"] for epoch in mine.history] == [1, 2, 3, 4, 5, 6]
    assert not list(store.local.glob("*.partial"))


@pytest.mark.parametrize(("n_models", "n_workers"), [(4, 2), (2, 3), (3, 1)])
def test_models_that_come_out_even_take_no_turns(n_models: int, n_workers: int, store: Store) -> None:
    with Recording() as executor:
        list(sweep(seeds(n_models), store, executor, n_workers=n_workers))
    assert [share for _, share in executor.asked] == [1.0] * n_models


@pytest.mark.slow
def test_what_one_pass_trains_and_what_has_too_few_epochs_is_not_interrupted(store: Store) -> None:
    with Recording() as executor:
        assert states([*GRID, *seeds(2, n_epochs=1)], store, executor, n_workers=2) == ["trained"] * 10
    assert [(len(names), share) for names, share in executor.asked] == [(4, 1.0), (4, 1.0), (1, 1.0), (1, 1.0)]
    with Recording() as executor:
        assert states(seeds(5, n_epochs=1)[2:], store, executor, n_workers=2) == ["trained"] * 3
    assert len(executor.asked) == 3


def test_what_was_said_in_an_earlier_turn_is_not_lost(store: Store) -> None:
    specs = seeds(3, n_epochs=6)
    store.train(specs[2], device=CPU)
    (store.find(specs[2]).folder / checkpoints.WEIGHTS).write_bytes(b"")
    with Recording() as executor:
        outcomes = {outcome.spec: outcome for outcome in sweep(specs, store, executor, n_workers=2)}
    assert "set aside" in outcomes[specs[2]].sentence
