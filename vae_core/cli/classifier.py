"""The command that trains the classifier of a data set."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Annotated, Literal

import tyro
from tqdm import tqdm

from vae_core.cli.output import answer, say
from vae_core.models.classifier import Classifier, classifier_spec
from vae_core.store import Store
from vae_core.store.classifiers import classifier_of, read, training
from vae_core.store.companions import folder_of, set_damaged_aside
from vae_core.training.devices import choose_device


@dataclass(frozen=True, slots=True, kw_only=True)
class Classify:
    """Train the classifier of a data set, which says what a picture is read as, or find it trained.

    Attributes:
        dataset: the data set, one with labels.
        device: where to train.
        ship: put it among what comes with the program.
        json: print one JSON object.
    """

    dataset: str
    device: Literal["auto", "cuda", "mps", "cpu"] = "auto"
    ship: Annotated[bool, tyro.conf.FlagCreatePairsOff] = False
    json: bool = False

    def run(self) -> None:
        spec, store = classifier_spec(self.dataset), Store()
        for remark in set_damaged_aside(Classifier(spec), spec, store):
            say(remark.sentence)
        classifier = classifier_of(self.dataset, store)
        if classifier is None:
            epochs = training(spec, store, device=choose_device(self.device), ship=self.ship)
            for _ in tqdm(epochs, total=spec.n_epochs, unit="epoch", disable=not sys.stderr.isatty()):
                pass
            classifier = read(folder_of(spec, store.shipped if self.ship else store.local), spec)
        accuracy = classifier.accuracy
        found = {"spec": spec.to_json(), "fingerprint": spec.fingerprint, "accuracy": accuracy.share, "interval": accuracy.interval}
        answer(self.json, {**found, "n_images": accuracy.n_images}, f"classifier of {self.dataset}: {accuracy.in_words}")
