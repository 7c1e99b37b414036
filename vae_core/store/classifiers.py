"""Trained classifiers, which lie beside the models: found by data set, verified when read, trained once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import torch
from filelock import FileLock

from vae_core import data as datasets
from vae_core.models.classifier import Accuracy, Classifier, ClassifierSpec, classifier_spec, is_labelled
from vae_core.store import checkpoints
from vae_core.store.checkpoints import METRICS, SPEC, WEIGHTS, DamagedCheckpoint
from vae_core.store.store import Remark, Store
from vae_core.training.classifier import fit_classifier, labels_of
from vae_core.training.events import EpochDone

SUFFIX = ".classifier"


class DamagedClassifier(DamagedCheckpoint):
    """A classifier that is not what was saved."""

    def __str__(self) -> str:
        return f"{self.damage}; to train the classifier again sets it aside (python -m vae_core classifier)"


def folder_of(spec: ClassifierSpec, root: Path) -> Path:
    """Where a classifier lies in a folder of models."""
    return root / f"{spec.fingerprint}{SUFFIX}"


def classifier_of(dataset: str, store: Store | None = None) -> Classifier | None:
    """The classifier of a data set, on the CPU, without gradients; None where none is trained, or images have no labels.

    Raises:
        DamagedClassifier: if its files are not what was saved.
        ValueError: if there is no data set of that name.
    """
    if not is_labelled(dataset):
        return None
    place, spec = store or Store(), classifier_spec(dataset)
    folders = (folder_of(spec, root) for root in (place.shipped, place.local))
    return next((read(folder, spec) for folder in folders if checkpoints.exists(folder)), None)


def read(folder: Path, spec: ClassifierSpec) -> Classifier:
    """The classifier in a folder, with its accuracy.

    Raises:
        DamagedClassifier: if its files are not what was saved.
    """
    model = Classifier(spec)
    try:
        recorded = json.loads((folder / SPEC).read_text())
        checkpoints.read_weights(model, folder / WEIGHTS, recorded["weights_sha256"])
        model.accuracy = Accuracy(**json.loads((folder / METRICS).read_text()))
    except DamagedCheckpoint as error:
        raise DamagedClassifier(error.damage) from error
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise DamagedClassifier(f"classifier must be readable, got {folder}: {error}") from error
    return checkpoints.frozen(model)


def set_damaged_aside(spec: ClassifierSpec, store: Store) -> Iterator[Remark]:
    """Move what is there and damaged out of the way, and say so."""
    for folder in (folder_of(spec, root) for root in (store.shipped, store.local)):
        try:
            if checkpoints.exists(folder):
                read(folder, spec)
        except DamagedClassifier as error:
            aside = folder.rename(checkpoints.damaged_name(folder))
            yield Remark(f"{error.damage}. It was set aside as {aside.name}.")


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
    store.local.mkdir(parents=True, exist_ok=True)
    with FileLock(folder_of(spec, store.local).with_suffix(f"{SUFFIX}.lock")):
        if checkpoints.exists(folder):
            return
        images, model, history = datasets.load(spec.dataset), Classifier(spec), []
        for event in fit_classifier(model, images, device=device):
            history.append(event.to_json())
            yield event
        rounded = {name: tensor.float() for name, tensor in checkpoints.storable(model, as_float16=True).items()}
        model.load_state_dict(rounded)
        accuracy = checkpoints.frozen(model).accuracy_on(images.test.x, labels_of(images.test))
        metrics = {"share": accuracy.share, "n_images": accuracy.n_images}
        checkpoints.write(model, folder, metrics=metrics, history=history, as_float16=True)
