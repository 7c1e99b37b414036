"""Many models on many workers, here threads of this process: each trained once, each in the store, whatever fails."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.core.jobs.sweeps import (
    TINY,
    finished,
    seeds,
    states,
    trained,
)
from tests.harness import tiny_spec
from vae_core.cli.main import main
from vae_core.cli.many_models import Sweep
from vae_core.jobs.sweep import sweep
from vae_core.store import Store, checkpoints
from vae_core.store.checkpoints import DamagedCheckpoint
from vae_core.training.grids import read_grids


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
        ("{", 'write it as {"family": "vae", "fixed"'),
        ("[" * 100_000, "grid file must be readable JSON"),
        ("[]", "grid file must hold a grid or a list of grids"),
        ("[3]", "grid file must hold a grid or a list of grids"),
        (held_grid({"betta": 3}), "grid must name fields of vae (activation, augmentation, batch_size, beta"),
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


@pytest.fixture(scope="module")
def files_of_two(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The files of a model that a worker has trained, and of another one."""
    worker = Store(local=tmp_path_factory.mktemp("worker"), shipped=tmp_path_factory.mktemp("shipped"))
    return trained(TINY, worker), trained(replace(TINY, latent_dim=3), worker)


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_checkpoint_that_is_not_what_was_trained_is_refused_and_leaves_nothing(
    damage: str, store: Store, files_of_two: tuple[dict[str, bytes], dict[str, bytes]]
) -> None:
    files, other = files_of_two
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


def test_a_gpu_is_one_worker_unless_more_are_asked_for(tmp_path: Path) -> None:
    assert [Sweep(grid=tmp_path).n_workers(device) for device in ("cpu", "cuda", "mps")] == [os.cpu_count(), 1, 1]
    assert Sweep(grid=tmp_path, n_processes=3).n_workers("cuda") == 3
