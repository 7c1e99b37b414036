"""A training on the terminal: a bar for its epochs, sentences for what happens on the way."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing

import torch
from tqdm import tqdm

from vae_core.cli.output import say
from vae_core.models import LatentModel
from vae_core.specs import ModelSpec
from vae_core.store import Remark, Store, Waiting
from vae_core.training.devices import Precision
from vae_core.training.events import EpochDone


def trained_model(store: Store, spec: ModelSpec, device: torch.device, precision: Precision) -> LatentModel:
    """The model of a spec, trained first if it is not cached, or damaged."""
    for said in store.set_damaged_aside(spec):
        say(said.sentence)
    if spec not in store:
        train_with_progress(store, spec, device, precision)
    return store.load(spec)


def train_with_progress(store: Store, spec: ModelSpec, device: torch.device, precision: Precision = "float32") -> None:
    """Train a model, with a progress bar on a terminal."""
    for _ in epochs(store, spec, device, precision):
        pass


def epochs(store: Store, spec: ModelSpec, device: torch.device, precision: Precision) -> Iterator[EpochDone]:
    """Train a model, with a progress bar on a terminal; what is said on the way goes to stderr."""
    events, has_waited = store.training(spec, device=device, precision=precision), False
    with closing(events), tqdm(total=spec.n_epochs, unit="epoch", disable=not sys.stderr.isatty()) as bar:
        for event in events:
            if isinstance(event, Remark):
                say(event.sentence)
            elif isinstance(event, Waiting) and not has_waited:
                has_waited = True
                say("Another process trains this model; its end is waited for.")
            elif isinstance(event, EpochDone):
                bar.update(event.epoch - bar.n)
                bar.set_postfix(train=f"{event.train['loss']:.2f}", test=f"{event.test['loss']:.2f}")
                yield event
