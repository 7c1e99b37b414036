"""Models and data sets of one's own deleted: never a shipped one, and nothing that a training needs."""

from __future__ import annotations

import os
import shutil

from vae_core.data import own
from vae_core.errors import require
from vae_core.jobs import jobs
from vae_core.store import Store, checkpoints, describe
from vae_core.store.checkpoints import Checkpoint
from vae_core.units import counted


def delete_model(checkpoint: Checkpoint, store: Store) -> None:
    """Delete a local model, with its snapshots and what is left of its job.

    Raises:
        ValueError: if it is shipped, or being trained.
    """
    spec = checkpoint.spec
    require(not checkpoint.is_shipped and checkpoint.folder.parent == store.local, "model", "be a local one", f"{describe(spec)}, shipped")
    require(checkpoints.exists(checkpoint.folder), "model", "be there to be deleted", f"{describe(spec)}, deleted meanwhile")
    job = jobs.find(spec, store)
    require(job is None or not job.status().is_alive, "model", "be at rest", f"{describe(spec)}, in training")
    with store.held(spec):
        aside = store.local / f"{spec.fingerprint}.{os.getpid()}.deleted"
        checkpoint.folder.rename(aside)
        shutil.rmtree(aside, ignore_errors=True)
    jobs.discard(spec, store)


def delete_dataset(name: str, store: Store) -> None:
    """Delete a data set of one's own, and every model that was trained or begun on it.

    Raises:
        ValueError: if it is none of one's own, not on this machine, or a model is being trained on it.
    """
    own.folder_of(name)
    trained = [checkpoint for checkpoint in store.checkpoints() if checkpoint.spec.dataset == name]
    begun = [spec for spec in store.begun() if spec.dataset == name]
    busy = [job for job in jobs.alive(store) if job.spec.dataset == name]
    require(not busy, "data set", "be at rest", f"{name}, on which training goes on ({counted(len(busy), 'model')}): wait, or stop it")
    for spec in begun:
        with store.held(spec):
            pass
    for checkpoint in trained:
        delete_model(checkpoint, store)
    for spec in begun:
        jobs.discard(spec, store)
    own.delete(name)
