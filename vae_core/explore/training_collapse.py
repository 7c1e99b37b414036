"""Is z used at all? The best model without z in closed form, the alarm, and what the theory of linear models predicts."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch
from scipy.optimize.elementwise import find_root
from scipy.special import logit

from vae_core.data import Dataset
from vae_core.distributions import Bernoulli, ContinuousBernoulli, Gaussian, Laplace
from vae_core.distributions import Likelihood as Law
from vae_core.explore.means import Mean
from vae_core.explore.water_filling import optimum
from vae_core.specs import Likelihood, ModelSpec
from vae_core.statistics import Z_95, standard_error

Scale = float | Literal["learned"]

SMALL_RATE, NEAR = 0.5, 1.0
"""Nats: z is nearly unused where the rate is below the first and the ELBO as near as the second to that of the best model without z."""
LARGEST_LOGIT = 1e12
"""Of a continuous Bernoulli: the mean of that law is 10⁻¹² from 0 or 1."""


@dataclass(frozen=True, slots=True)
class ZFree:
    """The best model that has no z: one law a pixel, fitted to the training images in closed form. Its rate is 0.

    Attributes:
        test: its −ELBO, which is −log p(x), mean over the test images, in nats.
        how: which law was fitted, in words.
        standard_error: of that mean.
        n_images: test images.
    """

    test: float
    how: str
    standard_error: float
    n_images: int

    @property
    def mean(self) -> Mean:
        """Its −ELBO with the 95 % interval over the test images."""
        return Mean(self.test, Z_95 * self.standard_error, self.n_images)


def z_free(spec: ModelSpec, images: Dataset) -> ZFree | None:
    """The best model without z under the spec's likelihood; None for a family without one, and where the density has no bound.

    A continuous Bernoulli, or a learned scale, has no bound on pixels that are the same in every training image.
    """
    if spec.is_closed_form or spec.likelihood is None:
        return None
    law, how = BEST_LAWS[spec.likelihood](images.train.x, spec.scale)
    if law is None:
        return None
    log_px = _log_prob(law, _rows(images.test.x))
    return ZFree(-float(log_px.mean()), how, standard_error(log_px), len(log_px))


def _mean(x: np.ndarray) -> np.ndarray:
    """Mean of each pixel, float64 (P,), of images as bytes, or points, (N, *shape), which are read where they lie."""
    return x.reshape(len(x), -1).mean(0, dtype=np.float64) / (255 if x.dtype == np.uint8 else 1)


def _rows(x: np.ndarray) -> np.ndarray:
    """Images as bytes, or points, (N, *shape), as rows of pixels, float32 (N, P)."""
    return x.reshape(len(x), -1).astype(np.float32) / (255 if x.dtype == np.uint8 else 1)


def _log_prob(law: Law, rows: np.ndarray) -> np.ndarray:
    """log p(x) of rows, (N, P) → float64 (N,)."""
    parts = [law.log_prob(torch.from_numpy(rows[first : first + 1000]).double()) for first in range(0, len(rows), 1000)]
    return torch.cat(parts).numpy()


def best_bernoulli(train: np.ndarray, scale: Scale) -> tuple[Law | None, str]:
    """Half an image from 0 and 1: a pixel that is never inked in training may be in a test image."""
    half = 0.5 / len(train)
    p = _mean(train).clip(half, 1 - half)
    return Bernoulli(torch.from_numpy(logit(p)), event_ndim=1), "mean of the training images as probabilities"


def best_continuous_bernoulli(train: np.ndarray, scale: Scale) -> tuple[Law | None, str]:
    """The logits whose E[x] is the mean (Loaiza-Ganem & Cunningham 2019, Eq. (8)); none where a pixel is always 0, or always 1."""

    def excess(eta: np.ndarray, mean: np.ndarray) -> np.ndarray:
        return ContinuousBernoulli(torch.from_numpy(eta), event_ndim=1).mean.numpy() - mean

    mean, how = _mean(train), "mean of the training images as means of the distribution"
    if not ((mean > 0) & (mean < 1)).all():
        return None, how
    eta = find_root(excess, (-LARGEST_LOGIT, LARGEST_LOGIT), args=(mean,)).x
    return ContinuousBernoulli(torch.from_numpy(eta), event_ndim=1), how


def best_gaussian(train: np.ndarray, scale: Scale) -> tuple[Law | None, str]:
    """The mean, with the standard deviation where σ is learned; none where that is 0."""
    mean = _mean(train)
    sigma = math.sqrt(((_rows(train) - mean.astype(np.float32)) ** 2).mean(dtype=np.float64)) if scale == "learned" else float(scale)
    law = Gaussian(torch.from_numpy(mean), torch.tensor(sigma, dtype=torch.float64), event_ndim=1) if sigma else None
    return law, f"mean of the training images, σ = {sigma:.3g}"


def best_laplace(train: np.ndarray, scale: Scale) -> tuple[Law | None, str]:
    """The median, with the mean absolute deviation where b is learned; none where that is 0."""
    train = _rows(train)
    median = np.median(train, axis=0)
    b = float(np.abs(train - median).mean(dtype=np.float64)) if scale == "learned" else float(scale)
    law = Laplace(torch.from_numpy(median).double(), torch.tensor(b, dtype=torch.float64), event_ndim=1) if b else None
    return law, f"median of the training images, b = {b:.3g}"


BEST_LAWS: dict[Likelihood, Callable[[np.ndarray, Scale], tuple[Law | None, str]]] = {
    "bernoulli": best_bernoulli,
    "continuous_bernoulli": best_continuous_bernoulli,
    "gaussian": best_gaussian,
    "laplace": best_laplace,
}
"""Likelihood → the law that makes the training images, (N, *shape), most probable, one a pixel, at a scale; and how it was fitted."""


def is_nearly_unused(event: dict[str, Any], free: ZFree | None) -> bool:
    """Whether z is nearly unused after an epoch: by its test rate, and by how near its −ELBO is to the best model without z."""
    test = event["test"]
    if "rate" not in test or free is None:
        return False
    return test["rate"] < SMALL_RATE and abs(test["distortion"] + test["rate"] - free.test) < NEAR


@dataclass(frozen=True, slots=True)
class LinearTheory:
    """What a linear β-VAE with a Gaussian likelihood does at its optimum on the training images.

    Attributes:
        sigma: of the likelihood: given, or the one that a learned scale ends at.
        tau: βσ², the threshold: dimension j is active iff λ_j > τ.
        largest: λ_1.
        n_active: active dimensions, at most d.
        rate: Σ_active ½ ln(λ_j/τ), nats.
        expected_sse: Σ_active τ + Σ_inactive λ_j.
    """

    sigma: float
    tau: float
    largest: float
    n_active: int
    rate: float
    expected_sse: float


def linear_theory(eigenvalues: np.ndarray, *, latent_dim: int, beta: float, scale: float | Literal["learned"]) -> LinearTheory | None:
    """Reverse water-filling over the eigenvalues λ of the training images' covariance; None for β = 0, where the rate costs nothing.

    Args:
        eigenvalues: λ, (P,), largest first.
        latent_dim: d.
        beta: weight of the rate.
        scale: σ; for a learned one the best of the values that are consistent with their own active dimensions.
    """
    if beta == 0:
        return None
    if scale != "learned":
        return _at(eigenvalues, latent_dim, beta, float(scale))
    n_features, consistent = len(eigenvalues), []
    for k in range(min(latent_dim, n_features - 1) + 1):
        rest = n_features - k * beta  # P σ² = k βσ² + Σ_{j>k} λ_j
        variance = float(eigenvalues[k:].sum()) / rest if rest > 0 else 0.0
        if variance > 0:
            theory = _at(eigenvalues, latent_dim, beta, math.sqrt(variance))
            if theory.n_active == k:
                consistent.append(theory)
    return min(consistent, key=lambda t: n_features * math.log(t.sigma) + beta * t.rate, default=None)


def _at(eigenvalues: np.ndarray, latent_dim: int, beta: float, sigma: float) -> LinearTheory:
    best = optimum(eigenvalues, beta * sigma**2, latent_dim)
    return LinearTheory(sigma, best.tau, float(eigenvalues[0]), best.n_active, best.rate, best.expected_sse)


def prediction(spec: ModelSpec, eigenvalues: Callable[[], np.ndarray]) -> str:
    """What the theory of linear models says of a spec, in a sentence or two; it asks for the eigenvalues where it needs them."""
    if spec.likelihood is None:
        return "Collapse is a matter of the rate, which this family does not have."
    if spec.is_closed_form:
        return "This is the linear model itself, solved: it keeps every dimension, since each of its λⱼ is above σ²."
    if spec.likelihood != "gaussian":
        return "The linear theory applies only to a Gaussian likelihood, so it predicts nothing here."
    theory = linear_theory(eigenvalues(), latent_dim=spec.latent_dim, beta=spec.beta, scale=spec.scale)
    if theory is None:
        return "At β = 0 the rate costs nothing: the linear theory sees no reason to collapse."
    learned = f" with σ = {theory.sigma:.3g}, where a learned one ends" if spec.scale == "learned" else ""
    verdict = "**every dimension collapses**" if theory.n_active == 0 else f"**{theory.n_active} of {spec.latent_dim} dimensions active**"
    network = "" if spec.network == "linear" else " A network that is not linear may use more."
    return f"Linear theory: τ = βσ² = {theory.tau:.3g}{learned}, λ₁ = {theory.largest:.3g}: {verdict}, R = {theory.rate:.2f} nats.{network}"
