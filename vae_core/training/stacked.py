"""Many VAEs trained as one batched computation: what each becomes is what it becomes alone, up to the order of sums.

Worth it where a step is so small that most of its time is overhead (`grids.tasks` decides).
"""

from __future__ import annotations

import math
import time
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor

from vae_core.data.base import Dataset
from vae_core.errors import require
from vae_core.models.vae import VAESpec
from vae_core.specs import ModelSpec
from vae_core.training.devices import Precision
from vae_core.training.events import EpochDone, TrainingDiverged
from vae_core.training.loop import divergence
from vae_core.training.stacked_run import StackedRun

FREE = ("beta", "latent_dim", "seed", "scale")
"""What the models of one stack may differ in."""


@dataclass(frozen=True, slots=True)
class GridEpochDone:
    """What a stack yields after each epoch.

    Attributes:
        epoch: how many epochs are done, from 1.
        n_epochs: of how many.
        seconds: this epoch of all models took.
        models: each model's event by fingerprint, as if it were trained alone; its `seconds` are this epoch's, shared by all.
        diverged: models that met a loss that is not finite in this epoch, and are trained no further.
    """

    epoch: int
    n_epochs: int
    seconds: float
    models: dict[str, EpochDone]
    diverged: dict[str, TrainingDiverged]


def stack_key(spec: ModelSpec) -> Hashable | None:
    """What specs must share to be one stack; None for a model that is trained alone."""
    if type(spec) is not VAESpec or spec.network != "mlp":  # a family that inherits from it may be another model
        return None
    if spec.augmentation != "none":  # the models of a stack share their images
        return None
    shared = {name: value for name, value in spec.to_json().items() if name not in FREE}
    return repr(sorted(shared.items()))


def train_stacked(
    specs: Sequence[VAESpec],
    images: Dataset,
    *,
    device: torch.device,
    resume_from: dict[str, dict[str, Tensor]] | None = None,
    precision: Precision = "float32",
) -> Iterator[GridEpochDone]:
    """Minimise every model's distortion + beta · rate by Adam, one event an epoch. Closing the iterator cancels.

    Args:
        specs: distinct VAEs that differ in `FREE` only.
        images: their data set.
        device: where to train.
        resume_from: a snapshot of each model by fingerprint, all of the same epoch; from here or from `fit`.
        precision: of the matrix products.

    Raises:
        ValueError: if the specs are no stack, or the snapshots are of different epochs.
    """
    require(len({stack_key(spec) for spec in specs} - {None}) == 1, "stack", f"hold VAEs that differ in {', '.join(FREE)} only", len(specs))
    x = torch.tensor(images.train.x, device=device)
    run = StackedRun(specs, images, x, precision)
    if resume_from is not None:
        run.restore(resume_from)
    while run.specs and run.epoch < run.spec.n_epochs:
        start = time.perf_counter()
        train = run.one_epoch()
        diverged = {
            spec.fingerprint: divergence(spec, run.epoch, terms["loss"])
            for spec, terms in zip(run.specs, train, strict=True)
            if not math.isfinite(terms["loss"])
        }
        if diverged:
            run = run.without(set(diverged))
            train = [terms for terms in train if math.isfinite(terms["loss"])]
        test, errors = run.test_terms() if run.specs else ([], [])
        seconds = time.perf_counter() - start
        models = {
            spec.fingerprint: EpochDone(
                run.epoch, run.spec.n_epochs, seconds, train[m], test[m], errors[m], snapshot=partial(run.snapshot, m)
            )
            for m, spec in enumerate(run.specs)
        }
        yield GridEpochDone(run.epoch, run.spec.n_epochs, seconds, models, diverged)
