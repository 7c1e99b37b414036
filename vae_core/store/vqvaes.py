"""Trained VQ-VAEs, which lie beside the models: found by data set, verified when read, trained once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import torch

from vae_core import data as datasets
from vae_core.models.vqvae import VQVAE, VQVAESpec
from vae_core.store import checkpoints, companions
from vae_core.store.companions import alone, folder_in, folder_of
from vae_core.store.store import Store
from vae_core.training.events import EpochDone
from vae_core.training.vqvae import fit_priors, fit_vqvae


def vqvae_of(dataset: str, store: Store | None = None) -> VQVAE | None:
    """The VQ-VAE of a data set, on the CPU, without gradients; None where none is trained.

    Raises:
        DamagedCompanion: if its files are not what was saved.
        ValueError: if there are no images of that name.
    """
    spec = VQVAESpec(dataset=dataset)
    folder = folder_in(store or Store(), spec)
    return None if folder is None else read(folder, spec)


def read(folder: Path, spec: VQVAESpec) -> VQVAE:
    """The VQ-VAE in a folder.

    Raises:
        DamagedCompanion: if its files are not what was saved.
    """
    model = VQVAE(spec)
    companions.read(model, folder, spec.kind)
    return model


def training(spec: VQVAESpec, store: Store, *, device: torch.device, ship: bool = False) -> Iterator[EpochDone]:
    """Train a VQ-VAE, and keep it as float16. Codes are counted, and the network over them is trained, after rounding the encoder.

    Nothing where another process trained it while this one waited.

    Args:
        spec: what to train.
        store: whose folders it is kept in.
        device: where to train.
        ship: put it among what comes with the program.

    Raises:
        TrainingDiverged: if a loss is not finite.
        DatasetUnavailable: if the data set is found nowhere.
    """
    folder = folder_of(spec, store.shipped if ship else store.local)
    with alone(spec, store):
        if checkpoints.exists(folder):
            return
        images, model, history = datasets.load(spec.dataset), VQVAE(spec), []
        for event in fit_vqvae(model, images, device=device):
            history.append(event.to_json())
            yield event
        companions.round_weights(model)
        for event in fit_priors(model, images, device=device):
            history.append(event.to_json())
            yield event
        metrics = {**history[spec.n_epochs - 1]["test"], **history[-1]["test"]}
        checkpoints.write(checkpoints.frozen(model), folder, metrics=metrics, history=history, as_float16=True)
