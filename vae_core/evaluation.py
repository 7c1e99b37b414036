"""Every figure that a model is judged by, on every image of a split, each with its method. Nats unless the name says otherwise."""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np
import torch
from torch import Tensor

from vae_core.bounds import iwae_bound
from vae_core.data.base import Dataset, SplitName
from vae_core.distributions import Gaussian, Laplace
from vae_core.errors import require
from vae_core.log_px import LogPx, LogPxMethod, exact_log_px, log_px
from vae_core.models.base import LatentModel
from vae_core.passes import N_AT_ONCE, NOISE_SEED, labelled_batches, per_image
from vae_core.specs import ModelSpec
from vae_core.statistics import standard_error
from vae_core.terms import ElboTerms, squared_error

BINARISATION_SEED = 0
ACTIVE_ABOVE = 0.01
"""A unit is active if the variance over images of its posterior mean is above this (Burda et al. 2016, Sec. 5.2)."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a model scores on one split; None where its family has no such figure.

    Each mean over images has the standard error of that mean beside it, `…_standard_error`.

    Attributes:
        spec: the model.
        split: `train` or `test`.
        n_images: all of the split's images.
        sse: squared error summed over pixels through the posterior mean, of grey images; mean over images.
        expected_sse: the same with z sampled from q(z|x) (or in closed form).
        distortion: −E_q[log p(x|z)].
        rate: KL(q(z|x) || p(z)).
        elbo: −(distortion + rate), at beta = 1 whatever the model was trained with.
        kl_per_dim: the rate of each latent dimension.
        active_units: dimensions whose posterior mean varies over the images by more than `ACTIVE_ABOVE`.
        iwae_bound: importance-weighted lower bound on log p(x) with `n_samples` samples an image from q(z|x); None where log p(x) is exact.
        n_samples: k of that bound, and of nothing else.
        log_px: log p(x) by `log_px_method`; a lower bound if the method is one (`log_px.LogPx`, also of the five that follow).
        log_px_method: `exact`, `quadrature`, `importance-weighted bound` or `bound from a wider proposal`.
        log_px_error: for quadrature, how far halving the spacing and widening the box moved the mean.
        log_px_n_samples: k of the bound.
        log_px_n_images: images on which a wider proposal was tried.
        log_px_rise: by how much its bound rose when its samples became ten times as many.
        binarisation_seed: seed of b ~ Bernoulli(x), for models that binarise.
        scale: σ of a Gaussian, b of a Laplace likelihood.
        scale_closed_form: the scale that would be best for these reconstructions: sqrt(expected_sse/D), or E_q|x − g(z)| a pixel.
    """

    spec: ModelSpec
    split: str
    n_images: int
    sse: float
    expected_sse: float
    sse_standard_error: float
    expected_sse_standard_error: float
    distortion: float | None = None
    distortion_standard_error: float | None = None
    rate: float | None = None
    rate_standard_error: float | None = None
    elbo: float | None = None
    elbo_standard_error: float | None = None
    kl_per_dim: list[float] | None = None
    kl_per_dim_standard_error: list[float] | None = None
    active_units: int | None = None
    iwae_bound: float | None = None
    iwae_bound_standard_error: float | None = None
    n_samples: int | None = None
    log_px: float | None = None
    log_px_standard_error: float | None = None
    log_px_method: LogPxMethod | None = None
    log_px_error: float | None = None
    log_px_n_samples: int | None = None
    log_px_n_images: int | None = None
    log_px_rise: float | None = None
    binarisation_seed: int | None = None
    scale: float | None = None
    scale_closed_form: float | None = None

    def to_json(self) -> dict[str, Any]:
        """All of it as JSON values, the spec with its fingerprint beside it."""
        return {**asdict(self), "spec": self.spec.to_json(), "fingerprint": self.spec.fingerprint}


NAMES = (*(field.name for field in fields(Evaluation)), "fingerprint")
"""Of the figures of an evaluation as JSON."""


def completed(metrics: Mapping[str, Any]) -> dict[str, Any]:
    """A stored evaluation as JSON, with None for every figure that is newer than its file."""
    return {**dict.fromkeys(NAMES), **metrics}


def binarised(x: np.ndarray, seed: int = BINARISATION_SEED) -> np.ndarray:
    """b ~ Bernoulli(byte/255) as bytes 0 and 255, in the shape of x; the same on every machine and for every model."""
    rng = np.random.default_rng(seed)
    out = np.empty_like(x)
    for first in range(0, len(x), 1000):
        part = x[first : first + 1000]
        out[first : first + 1000] = (rng.random(part.shape) < part / 255) * np.uint8(255)
    return out


def binarised_at(x: np.ndarray, numbers: Sequence[int], seed: int = BINARISATION_SEED) -> np.ndarray:
    """`binarised(x, seed)[numbers]`, without the others: the generator is advanced to each of them by one draw a pixel."""
    out = np.empty((len(numbers), *x.shape[1:]), x.dtype)
    for row, number in zip(out, numbers, strict=True):
        rng = np.random.Generator(np.random.PCG64(seed).advance(int(number) * row.size))
        row[:] = (rng.random(row.shape) < x[number] / 255) * np.uint8(255)
    return out


def as_observed(model: LatentModel, x: np.ndarray, seed: int = BINARISATION_SEED) -> np.ndarray:
    """What the model's likelihood is evaluated on: binarised images if it binarises, else the images themselves."""
    return binarised(x, seed) if model.binarises else x


def observed_at(model: LatentModel, x: np.ndarray, numbers: Sequence[int]) -> np.ndarray:
    """`as_observed(model, x)[numbers]`."""
    return binarised_at(x, numbers) if model.binarises else x[list(numbers)]


@torch.no_grad()
def evaluate(model: LatentModel, images: Dataset, split: SplitName = "test", *, n_samples: int = 100) -> Evaluation:
    """Evaluate a model on every image of a split: where it is, in float32; sums over images are float64, on the CPU.

    Args:
        model: a trained model; one in closed form is evaluated on the CPU.
        images: its data set.
        split: which images.
        n_samples: k of the importance-weighted bound.

    Raises:
        ValueError: if `n_samples` is not positive or the split is unknown.
    """
    require(n_samples >= 1, "n_samples", "be at least 1", n_samples)
    model = where_it_computes(model)
    x, labels = images.split(split).x, images.split(split).labels
    sse = per_image(model, x, lambda model, part, _: squared_error(part, model.reconstruct(part)), labels)
    expected_sse = per_image(model, x, lambda model, part, noise: model.expected_sse(part, noise), labels)
    errors = {**_mean("sse", sse), **_mean("expected_sse", expected_sse)}
    density = _density_figures(model, as_observed(model, x), labels, n_samples) if model.has_density else {}
    scale = _scale_figures(model, x, labels, errors["expected_sse"])
    return Evaluation(spec=model.spec, split=split, n_images=len(x), **errors, **density, **scale)


def where_it_computes(model: LatentModel) -> LatentModel:
    """The model where it is, or a copy on the CPU of one in closed form: those may compute in float64, which Metal lacks."""
    return copy.deepcopy(model).cpu() if model.spec.is_closed_form and model.device.type != "cpu" else model


def _mean(name: str, values: np.ndarray) -> dict[str, Any]:
    """The mean of one number an image, (N,), with its standard error."""
    return {name: float(values.mean()), f"{name}_standard_error": standard_error(values)}


def _density_figures(model: LatentModel, seen: np.ndarray, labels: np.ndarray | None, n_samples: int) -> dict[str, Any]:
    terms = elbo_per_image(model, seen, labels)
    columns = {"distortion": terms.distortion, "rate": terms.rate, "elbo": terms.elbo}
    means, kl_per_dim = posterior_per_image(model, seen, labels)
    return {
        **{key: value for name, column in columns.items() for key, value in _mean(name, column.numpy()).items()},
        "kl_per_dim": kl_per_dim.mean(0).tolist(),
        "kl_per_dim_standard_error": [standard_error(column) for column in kl_per_dim.T],
        "active_units": int((means.var(0) > ACTIVE_ABOVE).sum()),
        "binarisation_seed": BINARISATION_SEED if model.binarises else None,
        **_log_px_figures(model, seen, labels, n_samples),
    }


def _log_px_figures(model: LatentModel, seen: np.ndarray, labels: np.ndarray | None, n_samples: int) -> dict[str, Any]:
    """log p(x), and the importance-weighted bound where that is not exact."""
    if model.has_exact_log_px:
        return exact_log_px(model, seen, labels).figures()
    # 500 images by 4 samples: 2,000 codes at a time stay in the processor's caches
    bound = per_image(model, seen, lambda model, part, noise: iwae_bound(model, part, n_samples, noise, at_once=4), labels, at_once=500)
    best: LogPx = log_px(model, seen, labels, bound=bound, n_samples=n_samples)
    return {**_mean("iwae_bound", bound), "n_samples": n_samples, **best.figures()}


def _scale_figures(model: LatentModel, x: np.ndarray, labels: np.ndarray | None, expected_sse: float) -> dict[str, Any]:
    """The scale of a likelihood that has one, and the one that is best for these images and this posterior, in closed form."""
    law = model.given(0).likelihood(torch.zeros(1, model.spec.latent_dim, device=model.device))
    if not isinstance(law, Gaussian | Laplace):
        return {}
    scale = float(law.scale)
    if isinstance(law, Gaussian):
        return {"scale": scale, "scale_closed_form": math.sqrt(expected_sse / model.spec.identity.n_features)}
    absolute = per_image(model, x, _absolute_error, labels)
    return {"scale": scale, "scale_closed_form": float(absolute.mean())}


def _absolute_error(model: LatentModel, x: Tensor, generator: torch.Generator) -> Tensor:
    """|x − g(z)| of each image, z sampled, mean over pixels, (B,)."""
    return (x - model.likelihood(model.posterior(x).sample(generator)).mean).abs().flatten(1).mean(1)


@torch.no_grad()
def mean_terms(
    model: LatentModel, x: np.ndarray | Tensor, labels: np.ndarray | Tensor | None = None, *, seed: int = 0, at_once: int = N_AT_ONCE
) -> dict[str, float]:
    """Means over every image of `loss` and of what it is made of, with noise from the given seed."""
    return means_and_errors(model, x, labels, seed=seed, at_once=at_once)[0]


@torch.no_grad()
def means_and_errors(
    model: LatentModel, x: np.ndarray | Tensor, labels: np.ndarray | Tensor | None = None, *, seed: int = 0, at_once: int = N_AT_ONCE
) -> tuple[dict[str, float], dict[str, float]]:
    """`mean_terms`, and their standard errors; that of the ELBO too, where there is one."""
    generator = torch.Generator(model.device).manual_seed(seed)
    columns: dict[str, list[Tensor]] = {}
    for first in range(0, len(x), at_once):
        given = model.given(None if labels is None else labels[first : first + at_once])
        part = x[first : first + at_once]
        part = (part if isinstance(part, Tensor) else torch.tensor(part)).to(model.device)
        terms = given.terms(model.observed(part, generator), generator)
        of_part = {"loss": terms.loss(model.beta), **terms.columns()}
        if isinstance(terms, ElboTerms):
            of_part["elbo"] = terms.elbo
        for name, column in of_part.items():
            columns.setdefault(name, []).append(column.cpu().double())
    of_all = {name: torch.cat(parts).numpy() for name, parts in columns.items()}
    errors = {name: standard_error(values) for name, values in of_all.items()}
    return {name: float(values.mean()) for name, values in of_all.items() if name != "elbo"}, errors


@torch.no_grad()
def elbo_per_image(model: LatentModel, seen: np.ndarray, labels: np.ndarray | None = None) -> ElboTerms:
    """Distortion and rate of each image as observed, (N,) float64 each."""
    noise = torch.Generator(model.device).manual_seed(NOISE_SEED)
    parts = [given.terms(part, noise) for given, part in labelled_batches(model, seen, labels, N_AT_ONCE)]
    return ElboTerms(*(torch.cat([getattr(p, name).cpu().double() for p in parts]) for name in ("distortion", "rate")))


@torch.no_grad()
def posterior_per_image(model: LatentModel, seen: np.ndarray, labels: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Posterior means and the KL of each dimension, (N, D) each."""
    posteriors = [given.posterior(part) for given, part in labelled_batches(model, seen, labels, N_AT_ONCE)]
    means = torch.cat([p.mean.cpu() for p in posteriors]).numpy()
    return means, torch.cat([p.kl_per_dim().cpu().double() for p in posteriors]).numpy()
