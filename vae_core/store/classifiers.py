"""Trained classifiers, which lie beside the models: found by data set, verified when read, trained once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import torch

from vae_core import data as datasets
from vae_core.models.classifier import Accuracy, Classifier, ClassifierSpec, classifier_spec, is_labelled
from vae_core.store import checkpoints, companions
from vae_core.store.companions import DamagedCompanion, alone, folder_in, folder_of
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
    folder = folder_of(spec, store.shipped if ship else store.local)
    with alone(spec, store):
        if checkpoints.exists(folder):
            return
        images, model, history = datasets.load(spec.dataset), Classifier(spec), []
        for event in fit_classifier(model, images, device=device):
            history.append(event.to_json())
            yield event
        companions.round_weights(model)
        accuracy = checkpoints.frozen(model).accuracy_on(images.test.x, labels_of(images.test))
        metrics = {"share": accuracy.share, "n_images": accuracy.n_images}
        checkpoints.write(model, folder, metrics=metrics, history=history, as_float16=True)
