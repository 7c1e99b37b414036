"""Trained classifiers, which lie beside the models: found by data set, verified when read, trained once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch

from vae_core import data as datasets
from vae_core.models.classifier import Accuracy, Classifier, ClassifierSpec, classifier_spec, is_labelled
from vae_core.store import companions
from vae_core.store.companions import DamagedCompanion, folder_in
from vae_core.store.store import Store
from vae_core.training.classifier import fit_classifier, labels_of
from vae_core.training.events import EpochDone


def classifier_of(dataset: str, store: Store | None = None) -> Classifier | None:
    """The classifier of a data set, on the CPU, without gradients; None where none is trained, or images have no labels.

    Raises:
        DamagedCompanion: if its files are not what was saved.
        ValueError: if there is no data set of that name.
    """
    if not is_labelled(dataset):
        return None
    spec = classifier_spec(dataset)
    folder = folder_in(store or Store(), spec)
    return None if folder is None else read(folder, spec)


def read(folder: Path, spec: ClassifierSpec) -> Classifier:
    """The classifier in a folder, with its accuracy.

    Raises:
        DamagedCompanion: if its files are not what was saved.
    """
    model = Classifier(spec)
    metrics = companions.read(model, folder, spec.kind)
    try:
        model.accuracy = Accuracy(**metrics)
    except TypeError as error:
        raise DamagedCompanion(f"classifier must be readable, got {folder}: {error}", spec.kind) from error
    return model


def training(spec: ClassifierSpec, store: Store, *, device: torch.device, ship: bool = False) -> Iterator[EpochDone]:
    """Train a classifier, and keep it as float16, with its accuracy after rounding on every test image; nothing where another process
    trained it while this one waited.

    Args:
        spec: what to train.
        store: whose folders it is kept in.
        device: where to train.
        ship: put it among what comes with the program.

    Raises:
        TrainingDiverged: if a loss is not finite.
        DatasetUnavailable: if the data set is found nowhere.
    """
    images, model = datasets.load(spec.dataset), Classifier(spec)

    def figures(_: object) -> dict[str, Any]:
        companions.round_weights(model)
        accuracy = model.accuracy_on(images.test.x, labels_of(images.test))
        return {"share": accuracy.share, "n_images": accuracy.n_images}

    yield from companions.kept(model, spec, store, fit_classifier(model, images, device=device), figures, ship=ship)
