"""Every figure that a model is judged by, on every image of a split, each with its method. Nats unless the name says otherwise."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor

from vae_core.bounds import Box, iwae_bound, log_px_by_quadrature
from vae_core.data.base import Dataset, SplitName
from vae_core.distributions import Gaussian, Laplace
from vae_core.errors import require
from vae_core.models.base import LatentModel
from vae_core.models.inputs import batches
from vae_core.specs import ModelSpec
from vae_core.statistics import standard_error
from vae_core.terms import ElboTerms, squared_error

BINARISATION_SEED, NOISE_SEED = 0, 1
N_AT_ONCE = 2000
"""Images that are evaluated together, and draw their noise together."""
ACTIVE_ABOVE = 0.01
"""A unit is active if the variance over images of its posterior mean is above this (Burda et al. 2016, Sec. 5.2)."""
QUADRATURE_TOLERANCE = 0.01
QUADRATURE_BUDGET = 2.5e9
"""Largest number of (image, grid point) pairs that a refinement of the quadrature may cost."""
DECODING_COST = {"conv": 10_000}
"""What decoding one grid point costs, in such pairs; 2,500 for other networks."""

LogPxMethod = Literal["exact", "quadrature", "importance-weighted bound"]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a model scores on one split; None where its family has no such figure.

    Attributes:
        spec: the model.
        split: `train` or `test`.
        n_images: all of the split's images.
        sse: squared error summed over pixels through the posterior mean, of grey images; mean over images.
        expected_sse: the same with z sampled from q(z|x) (or in closed form).
        sse_standard_error: standard error of the mean `sse` over images.
        distortion: −E_q[log p(x|z)].
        rate: KL(q(z|x) || p(z)).
        elbo: −(distortion + rate), at beta = 1 whatever the model was trained with.
        elbo_standard_error: standard error of the mean `elbo` over images.
        kl_per_dim: the rate of each latent dimension.
        active_units: dimensions whose posterior mean varies over the images by more than `ACTIVE_ABOVE`.
        iwae_bound: importance-weighted lower bound on log p(x) with `n_samples` samples an image.
        n_samples: k of that bound, and of nothing else.
        log_px: log p(x) by `log_px_method`; a lower bound if the method is one.
        log_px_method: `exact`, `quadrature` or `importance-weighted bound`.
        log_px_error: for quadrature, how far halving the spacing and widening the box moved the mean.
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
    distortion: float | None = None
    rate: float | None = None
    elbo: float | None = None
    elbo_standard_error: float | None = None
    kl_per_dim: list[float] | None = None
    active_units: int | None = None
    iwae_bound: float | None = None
    n_samples: int | None = None
    log_px: float | None = None
    log_px_method: LogPxMethod | None = None
    log_px_error: float | None = None
    binarisation_seed: int | None = None
    scale: float | None = None
    scale_closed_form: float | None = None

    def to_json(self) -> dict[str, Any]:
        """All of it as JSON values, the spec with its fingerprint beside it."""
        return {**asdict(self), "spec": self.spec.to_json(), "fingerprint": self.spec.fingerprint}


def binarised(x: np.ndarray, seed: int = BINARISATION_SEED) -> np.ndarray:
    """b ~ Bernoulli(byte/255) as bytes 0 and 255, in the shape of x; the same on every machine and for every model."""
    rng = np.random.default_rng(seed)
    out = np.empty_like(x)
    for first in range(0, len(x), 1000):
        part = x[first : first + 1000]
        out[first : first + 1000] = (rng.random(part.shape) < part / 255) * np.uint8(255)
    return out


def as_observed(model: LatentModel, x: np.ndarray, seed: int = BINARISATION_SEED) -> np.ndarray:
    """What the model's likelihood is evaluated on: binarised images if it binarises, else the images themselves."""
    return binarised(x, seed) if model.binarises else x


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
    errors: dict[str, Any] = {
        "sse": float(sse.mean()),
        "expected_sse": float(expected_sse.mean()),
        "sse_standard_error": standard_error(sse),
    }
    density = _density_figures(model, as_observed(model, x), labels, n_samples) if model.has_density else {}
    scale = _scale_figures(model, x, labels, errors["expected_sse"])
    return Evaluation(spec=model.spec, split=split, n_images=len(x), **errors, **density, **scale)


def where_it_computes(model: LatentModel) -> LatentModel:
    """The model where it is, or a copy on the CPU of one in closed form: those may compute in float64, which Metal lacks."""
    return copy.deepcopy(model).cpu() if model.spec.is_closed_form and model.device.type != "cpu" else model


def _density_figures(model: LatentModel, seen: np.ndarray, labels: np.ndarray | None, n_samples: int) -> dict[str, Any]:
    terms = elbo_per_image(model, seen, labels)
    bound = per_image(model, seen, lambda model, part, noise: iwae_bound(model, part, n_samples, noise), labels, at_once=500)
    means, kl_per_dim = posterior_figures(model, seen, labels)
    return {
        "distortion": float(terms.distortion.mean()),
        "rate": float(terms.rate.mean()),
        "elbo": float(terms.elbo.mean()),
        "elbo_standard_error": standard_error(terms.elbo.numpy()),
        "kl_per_dim": kl_per_dim.tolist(),
        "active_units": int((means.var(0) > ACTIVE_ABOVE).sum()),
        "iwae_bound": float(bound.mean()),
        "n_samples": n_samples,
        "binarisation_seed": BINARISATION_SEED if model.binarises else None,
        **log_px(model, seen, labels, fallback=float(bound.mean())),
    }


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


def labelled_batches(
    model: LatentModel, x: np.ndarray | Tensor, labels: np.ndarray | Tensor | None, size: int
) -> Iterator[tuple[LatentModel, Tensor]]:
    """Images in their order, as model input, so many at a time, each batch with the model that was given its labels."""
    for first, part in zip(range(0, len(x), size), batches(x, size, model.device), strict=True):
        yield model.given(None if labels is None else labels[first : first + size]), part


def per_image(
    model: LatentModel,
    x: np.ndarray,
    figure: Callable[[LatentModel, Tensor, torch.Generator], Tensor],
    labels: np.ndarray | None = None,
    at_once: int = N_AT_ONCE,
) -> np.ndarray:
    """One number an image, (N,) float64.

    Args:
        model: any model.
        x: images, (N, *shape).
        figure: (model, x, generator) → (B,) of a batch (B, *shape) and the model that was given its labels.
        labels: of the images, (N,), for a family that needs them.
        at_once: images in a batch.
    """
    noise = torch.Generator(model.device).manual_seed(NOISE_SEED)
    parts = labelled_batches(model, x, labels, at_once)
    return np.concatenate([figure(given, part, noise).cpu().double().numpy() for given, part in parts])


@torch.no_grad()
def mean_terms(
    model: LatentModel, x: np.ndarray | Tensor, labels: np.ndarray | Tensor | None = None, *, seed: int = 0, at_once: int = N_AT_ONCE
) -> dict[str, float]:
    """Means over every image of `loss` and of what it is made of, with noise from the given seed."""
    generator = torch.Generator(model.device).manual_seed(seed)
    sums: dict[str, float] = {}
    for given, part in labelled_batches(model, x, labels, at_once):
        terms = given.terms(model.observed(part, generator), generator)
        for name, column in {"loss": terms.loss(model.beta), **terms.columns()}.items():
            sums[name] = sums.get(name, 0.0) + float(column.cpu().sum(dtype=torch.float64))
    return {name: total / len(x) for name, total in sums.items()}


@torch.no_grad()
def elbo_per_image(model: LatentModel, seen: np.ndarray, labels: np.ndarray | None = None) -> ElboTerms:
    """Distortion and rate of each image as observed, (N,) float64 each."""
    noise = torch.Generator(model.device).manual_seed(NOISE_SEED)
    parts = [given.terms(part, noise) for given, part in labelled_batches(model, seen, labels, N_AT_ONCE)]
    return ElboTerms(*(torch.cat([getattr(p, name).cpu().double() for p in parts]) for name in ("distortion", "rate")))


@torch.no_grad()
def posterior_figures(model: LatentModel, seen: np.ndarray, labels: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Posterior means, (N, D), and the mean KL of each dimension, (D,)."""
    posteriors = [given.posterior(part) for given, part in labelled_batches(model, seen, labels, N_AT_ONCE)]
    means = torch.cat([p.mean.cpu() for p in posteriors]).numpy()
    kl = torch.cat([p.kl_per_dim().cpu().double() for p in posteriors]).mean(0).numpy()
    return means, kl


@torch.no_grad()
def log_px(model: LatentModel, seen: np.ndarray, labels: np.ndarray | None = None, *, fallback: float) -> dict[str, Any]:
    """Mean log p(x): exact where the family is, by quadrature up to two latent dimensions, else the bound that was given."""
    if model.has_exact_log_px:
        exact = per_image(model, seen, lambda model, part, _: model.log_px(part), labels)
        return {"log_px": float(exact.mean()), "log_px_method": "exact"}
    if model.spec.latent_dim <= 2:
        value, error = quadrature(model, seen, labels)
        if error < QUADRATURE_TOLERANCE:
            return {"log_px": value, "log_px_method": "quadrature", "log_px_error": error}
    return {"log_px": fallback, "log_px_method": "importance-weighted bound"}


def quadrature(model: LatentModel, seen: np.ndarray, labels: np.ndarray | None = None) -> tuple[float, float]:
    """Mean log p(x) by the trapezoid rule, and how far halving the spacing and widening the box moved it.

    The grid is refined until that is below the tolerance, or the next one would cost more than the budget.
    """

    def mean_over(box: Box) -> float:
        return float(per_image(model, seen, lambda model, part, _: log_px_by_quadrature(model, part, box), labels).mean())

    box = Box(half_width=6, points_per_unit=10)
    coarse = mean_over(box)
    by_widening = abs(mean_over(Box(half_width=8, points_per_unit=10)) - coarse)
    while True:
        box = Box(box.half_width, 2 * box.points_per_unit)
        fine = mean_over(box)
        error = max(abs(fine - coarse), by_widening)
        if error < QUADRATURE_TOLERANCE or 4 * _cost(box, model, seen) > QUADRATURE_BUDGET:
            return fine, error
        coarse = fine


def _cost(box: Box, model: LatentModel, seen: np.ndarray) -> float:
    decoding = DECODING_COST.get(model.spec.network, 2_500)
    return float(box.n_points_per_axis) ** model.spec.latent_dim * (len(seen) + decoding)
