"""The public face: what a notebook calls, with the store, the device and a progress bar at their defaults."""

from __future__ import annotations

import sys
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any

import numpy as np
from tqdm import tqdm

from vae_core.drawing.image_table import ImageTable
from vae_core.errors import require
from vae_core.explore.reconstructions import reconstructions
from vae_core.explore.reconstructions_figure import comparison
from vae_core.models import FAMILIES, LatentModel, default_spec, own_choices
from vae_core.specs import ModelSpec
from vae_core.store import Remark, Store, TrainingEvent
from vae_core.training.devices import choose_device, configure_numerics
from vae_core.training.events import EpochDone

A_SPEC = 'be one such as VAESpec(dataset="digits", latent_dim=2)'
"""What `train` asks of a spec."""


def model(family: str, dataset: str, *, latent_dim: int, device: str = "auto", **fields: Any) -> LatentModel:
    """The trained model of a family for a data set: shipped, or trained on this machine before, or now, with a progress bar.

    Args:
        family: one of `vae_core.models.FAMILIES`.
        dataset: its name.
        latent_dim: number of dimensions of the code.
        device: where to train what is missing.
        fields: of the spec, where it is to differ from the family's recipe.

    Raises:
        ValueError: if there is no such family or data set, or a field is not what it must be.
        DatasetUnavailable: if training needs a data set that is found nowhere.
    """
    return train(replace(default_spec(family, dataset, latent_dim), **fields), device=device)


def train(spec: ModelSpec, *, device: str = "auto") -> LatentModel:
    """The trained model of a spec, on the CPU; what the store does not hold is trained and kept, with a progress bar on stderr.

    Raises:
        TrainingDiverged: if a loss is not finite.
        DatasetUnavailable: if the data set is found nowhere.
    """
    require(isinstance(spec, ModelSpec), "spec", A_SPEC, spec)
    with closing(training(spec, device=device)) as events, tqdm(total=spec.n_epochs, unit="epoch", disable=None) as bar:
        for event in events:
            if isinstance(event, EpochDone):
                bar.update(event.epoch - bar.n)
            elif isinstance(event, Remark):
                print(event.sentence, file=sys.stderr)
    return Store().load(spec)


def training(spec: ModelSpec, *, device: str = "auto") -> Generator[TrainingEvent, None, None]:
    """Train a model unless the store holds it: events as they come, `EpochDone` among them. Closing the iterator cancels.

    What was cancelled goes on where it stopped when it is asked for again.
    """
    require(isinstance(spec, ModelSpec), "spec", A_SPEC, spec)
    place = choose_device(device)
    configure_numerics(device=place)
    return Store().training(spec, device=place)


def compare(models: Sequence[LatentModel], x: np.ndarray, *, show_errors: bool = False) -> ImageTable:
    """Images beside what each model makes of them, the squared error (SSE, summed over pixels) below each; shows itself in a notebook.

    Args:
        models: of one data set of images.
        x: images as bytes, (N, C, H, W).
        show_errors: maps of x̂ − x instead of the reconstructions.

    Raises:
        ValueError: if no model or no image is given, or their data sets differ in shape.
    """
    require(isinstance(models, Sequence), "models", "be a list of models", type(models).__name__)
    require(len(models) > 0, "models", "hold at least one", "none")
    require(len(x) > 0, "x", "hold at least one image", "none")
    shapes = {model.spec.identity.shape for model in models}
    require(len(shapes) == 1, "models", "be of images of one shape", sorted(shapes))
    named = dict(zip(_names([model.spec for model in models]), models, strict=True))
    columns = {name: reconstructions(model, x) for name, model in named.items()}
    families = {name: model.spec.family for name, model in named.items()}
    return comparison(x, columns, show_errors=show_errors, families=families)


def _names(specs: Sequence[ModelSpec]) -> list[str]:
    """What tells models apart in a few words: family and latent dimension, fields that are not the recipe's, and at last a number."""
    names = [f"{FAMILIES[spec.family].title}, d = {spec.latent_dim}{_what_is_own(spec)}" for spec in specs]
    return [name if names.count(name) == 1 else f"{name} ({i + 1})" for i, name in enumerate(names)]


def _what_is_own(spec: ModelSpec) -> str:
    return "".join(f", {name} {value}" for name, value in own_choices(spec).items())
