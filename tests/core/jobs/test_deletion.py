"""Local models are deleted, shipped ones never."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest

from tests.harness import CPU, tiny_spec
from vae_core.explore.training import training_film
from vae_core.jobs import deletion
from vae_core.store import Store, archive
from vae_core.store.checkpoints import WEIGHTS, Checkpoint


def trained_pca(store: Store, *, ship: bool = False) -> Checkpoint:
    spec = tiny_spec("pca")
    store.train(spec, device=CPU, ship=ship)
    return store.find(spec)


def test_a_local_model_is_deleted_with_its_snapshots(store: Store) -> None:
    checkpoint = trained_pca(store)
    training_film.film_folder(checkpoint.spec, store).mkdir()
    deletion.delete_model(checkpoint, store)
    assert checkpoint.spec not in store
    assert [path for path in store.local.iterdir() if path.suffix != ".lock"] == []


def test_a_shipped_model_is_never_deleted(store: Store) -> None:
    checkpoint = trained_pca(store, ship=True)
    with pytest.raises(ValueError, match="model must be a local one"):
        deletion.delete_model(checkpoint, store)
    with pytest.raises(ValueError, match="model must be a local one"):
        deletion.delete_model(replace(checkpoint, is_shipped=False), store)
    assert checkpoint.spec in store


def test_a_damaged_copy_of_a_local_model_can_be_replaced_by_its_file(store: Store) -> None:
    checkpoint = trained_pca(store)
    data = archive.exported(checkpoint)
    (checkpoint.folder / WEIGHTS).write_bytes(b"")
    deletion.delete_model(checkpoint, store)
    archive.imported(data, store)
    assert store.load(checkpoint.spec).components.abs().sum() > 0
    shutil.rmtree(store.local)
