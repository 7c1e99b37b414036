"""Trained VQ-VAEs, which lie beside the models: found by data set, verified when read, trained once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch

from vae_core import data as datasets
from vae_core.models.vqvae import VQVAE, VQVAESpec
from vae_core.store import companions
from vae_core.store.companions import folder_in
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
    images, model = datasets.load(spec.dataset), VQVAE(spec)

    def epochs() -> Iterator[EpochDone]:
        yield from fit_vqvae(model, images, device=device)
        companions.round_weights(model)
        yield from fit_priors(model, images, device=device)

    def figures(history: list[dict[str, Any]]) -> dict[str, Any]:
        return {**history[spec.n_epochs - 1]["test"], **history[-1]["test"]}

    yield from companions.kept(model, spec, store, epochs(), figures, ship=ship)
