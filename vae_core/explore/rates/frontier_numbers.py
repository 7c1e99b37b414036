"""Numbers of many models in one JSON file: what the plane of rate and distortion is drawn from, also where no weights are shipped.

Weights of one seed come with the program; of the other seeds only what is kept here. A model is found by its fingerprint.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch

from vae_core.bounds import iwae_bound
from vae_core.data import Dataset
from vae_core.evaluation import as_observed, elbo_per_image
from vae_core.explore import number_files
from vae_core.explore.means import Mean
from vae_core.explore.number_files import rounded
from vae_core.explore.training_collapse import z_free
from vae_core.models import LatentModel, spec_from_json
from vae_core.models.vae import VAESpec
from vae_core.passes import per_image
from vae_core.statistics import Z_95, standard_error
from vae_core.store import CHECKPOINTS
from vae_core.store.checkpoints import Checkpoint

SHIPPED = CHECKPOINTS / "shipped" / "frontier_numbers.json"
N_IMAGES, N_SAMPLES = 300, 5000
"""Of the importance-weighted bound: the first so many test images, and k."""
MEANS = ("sse", "expected_sse", "distortion", "rate", "elbo", "kl_per_dim", "iwae_bound")
FIGURES = ("n_images", *(f"{name}{end}" for name in MEANS for end in ("", "_standard_error")), "active_units", "n_samples")
"""What is kept of an evaluation (`evaluation.Evaluation`): of its means each with its standard error."""


@dataclass(frozen=True, slots=True)
class PairedBound:
    """The ELBO and the importance-weighted bound of one model on the same images and the same b, in nats.

    Attributes:
        n_images: the first so many of the test images.
        n_samples: k of the bound.
        elbo: −(distortion + rate), one z ~ q(z|x) an image.
        iwae_bound: the bound with k samples an image (Burda, Grosse & Salakhutdinov 2016, Eq. (8)).
        gap_standard_error: of the mean of (bound − ELBO) over the images.
    """

    n_images: int
    n_samples: int
    elbo: float
    iwae_bound: float
    gap_standard_error: float

    @property
    def gap(self) -> float:
        """R + D − (−bound): what the encoder's approximate posterior costs; at least 0, up to the noise of both estimates."""
        return self.iwae_bound - self.elbo


@dataclass(frozen=True, slots=True)
class ModelNumbers:
    """What is known of one trained model, with or without its weights.

    Attributes:
        spec: the model.
        metrics: `FIGURES` of its evaluation on every test image; None for what is newer than the file.
        history: `distortion` and `rate` on the test images after each epoch, nats.
        weights_sha256: of the weights that all of it was computed with.
        bound: the importance-weighted bound of the same model on some of these images; None where it was not computed.
    """

    spec: VAESpec
    metrics: dict[str, Any]
    history: dict[str, list[float]]
    weights_sha256: str
    bound: PairedBound | None = None

    def to_json(self) -> dict[str, Any]:
        """All of it as JSON values of six digits."""
        bound = None if self.bound is None else asdict(self.bound)
        metrics = {name: value for name, value in self.metrics.items() if value is not None}
        named = {"metrics": metrics, "history": self.history, "weights_sha256": self.weights_sha256}
        return {"spec": self.spec.to_json(), **rounded({**named, "bound": bound})}


def numbers_of(checkpoint: Checkpoint) -> ModelNumbers:
    """What a stored evaluation and history say."""
    metrics = {name: checkpoint.metrics[name] for name in FIGURES}
    history = {term: [epoch["test"][term] for epoch in checkpoint.history] for term in ("distortion", "rate")}
    return ModelNumbers(cast(VAESpec, checkpoint.spec), metrics, history, checkpoint.weights_sha256)


def from_json(values: Mapping[str, Any]) -> ModelNumbers:
    """The inverse of `ModelNumbers.to_json`."""
    named = {"metrics": dict.fromkeys(FIGURES) | values["metrics"], **{name: values[name] for name in ("history", "weights_sha256")}}
    bound = None if values["bound"] is None else PairedBound(**values["bound"])
    return ModelNumbers(cast(VAESpec, spec_from_json(values["spec"])), **named, bound=bound)


@torch.no_grad()
def paired_bound(model: LatentModel, images: Dataset, *, n_images: int = N_IMAGES, n_samples: int = N_SAMPLES) -> PairedBound:
    """ELBO and importance-weighted bound on the first test images, with the b of the evaluation.

    Args:
        model: a model with a density.
        images: its data set.
        n_images: how many of its test images, at most.
        n_samples: k.
    """
    seen = as_observed(model, images.test.x[:n_images])
    elbo = elbo_per_image(model, seen).elbo.numpy()
    # 20 images by 100 samples at once: what is held in memory stays small
    bound = per_image(model, seen, lambda model, part, noise: iwae_bound(model, part, n_samples, noise, at_once=100), at_once=20)
    return PairedBound(len(seen), n_samples, float(elbo.mean()), float(bound.mean()), standard_error(bound - elbo))


@dataclass(frozen=True, slots=True)
class End:
    """Where the frontier begins: the best model without z, at rate 0.

    Attributes:
        distortion: −log p(x) of the best law a pixel, mean over the test images, nats.
        sse: squared error of the training images' mean, mean over the test images.
        n_images: test images.
        standard_error: of the distortion; None in a file that is older than this figure.
    """

    distortion: float
    sse: float
    n_images: int
    standard_error: float | None = None

    @property
    def mean(self) -> Mean:
        """The distortion with its 95 % interval."""
        return Mean(self.distortion, None if self.standard_error is None else Z_95 * self.standard_error, self.n_images)


def end(spec: VAESpec, images: Dataset) -> End:
    """The best model without z of a likelihood, in closed form."""
    train, test = (split.x.reshape(len(split), -1) for split in (images.train, images.test))
    mean = train.mean(0, dtype=np.float64)
    sse = float((test.var(0, dtype=np.float64) + (test.mean(0, dtype=np.float64) - mean) ** 2).sum()) / 255**2
    without_z = z_free(spec, images)
    if without_z is None:
        raise ValueError(f"likelihood must have a best model without z on {spec.dataset}, got {spec.likelihood!r}")
    return End(without_z.test, sse, len(test), without_z.standard_error)


def end_name(spec: VAESpec) -> str:
    """By what an end is kept: data set and likelihood are all that it depends on."""
    return f"{spec.dataset} {spec.likelihood} {spec.scale}"


@dataclass(frozen=True, slots=True)
class NumbersFile:
    """Models by fingerprint, and ends by `end_name`."""

    models: dict[str, ModelNumbers]
    ends: dict[str, End]


def read(path: Path = SHIPPED) -> NumbersFile:
    """What a file holds; nothing if there is no such file."""
    values = json.loads(path.read_text()) if path.is_file() else {"models": {}, "ends": {}}
    models = {name: from_json(one) for name, one in values["models"].items()}
    return NumbersFile(models, {name: End(**one) for name, one in values["ends"].items()})


def add(path: Path, *, models: Iterable[ModelNumbers] = (), ends: Mapping[str, End] | None = None) -> None:
    """Put numbers into a file, beside what it holds. It is replaced whole; processes and threads that do so wait for each other."""
    with number_files.locked(path):
        known = read(path)
        all_models = known.models | {one.spec.fingerprint: one for one in models}
        ordered = sorted(all_models.items(), key=lambda item: json.dumps(item[1].spec.to_json(), sort_keys=True))
        named_ends = {name: rounded(asdict(one)) for name, one in sorted((known.ends | dict(ends or {})).items())}
        lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(one.to_json())}" for name, one in ordered)
        number_files.write(path, f'{{"ends": {json.dumps(named_ends)},\n"models": {{\n{lines}\n}}}}\n')


def without_seed(spec: VAESpec) -> VAESpec:
    """The spec of seed 0: what models that differ in their seed alone have in common."""
    return replace(spec, seed=0)
