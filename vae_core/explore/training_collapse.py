"""Is z used at all? The best model without z in closed form, the alarm, and what the theory of linear models predicts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from vae_core.data import Dataset
from vae_core.explore.water_filling import optimum
from vae_core.specs import ModelSpec

SMALL_RATE, NEAR = 0.5, 1.0
"""Nats: z is nearly unused where the rate is below the first and the ELBO as near as the second to that of the best model without z."""


@dataclass(frozen=True, slots=True)
class ZFree:
    """The best model that has no z: one law a pixel, fitted to the training images in closed form. Its rate is 0.

    Attributes:
        test: its −ELBO, which is −log p(x), mean over the test images, in nats.
        how: which law was fitted, in words.
    """

    test: float
    how: str


def z_free(spec: ModelSpec, images: Dataset) -> ZFree | None:
    """The best model without z under the spec's likelihood; None for a family without one, and where the density has no bound.

    A continuous Bernoulli, or a learned scale, has no bound on pixels that are the same in every training image.
    """
    if spec.is_closed_form or spec.likelihood is None:
        return None
    unit = 255 if images.train.x.dtype == np.uint8 else 1
    train, test = (split.x.reshape(len(split), -1).astype(np.float32) / unit for split in (images.train, images.test))
    mean, half = train.mean(0, dtype=np.float64), 0.5 / len(train)
    if spec.likelihood == "bernoulli":
        p = mean.clip(half, 1 - half)  # half an image from 0 and 1: a pixel never inked in training may be in a test image
        q = test.mean(0, dtype=np.float64)
        return ZFree(float(-(q * np.log(p) + (1 - q) * np.log1p(-p)).sum()), "mean of the training images as probabilities")
    if spec.likelihood == "continuous_bernoulli":
        return _continuous_bernoulli(mean, test.mean(0, dtype=np.float64))
    is_gaussian = spec.likelihood == "gaussian"
    centre = mean if is_gaussian else np.median(train, axis=0)
    power = 2 if is_gaussian else 1
    spread, error = (float((np.abs(x - centre.astype(np.float32)) ** power).mean(dtype=np.float64)) for x in (train, test))
    scale = spread ** (1 / power) if spec.scale == "learned" else float(spec.scale)
    if scale == 0:
        return None
    n_features, name = len(mean), "σ" if is_gaussian else "b"
    per_pixel = error / (2 * scale**2) + 0.5 * math.log(2 * math.pi * scale**2) if is_gaussian else error / scale + math.log(2 * scale)
    return ZFree(n_features * per_pixel, f"{'mean' if is_gaussian else 'median'} of the training images, {name} = {scale:.3g}")


def _continuous_bernoulli(mean: np.ndarray, test_mean: np.ndarray) -> ZFree | None:
    """η of each pixel solves E[x] = mean, 1/(1 − e^−η) − 1/η (Loaiza-Ganem & Cunningham 2019, Eq. (8)); bisected to machine precision."""
    if not ((mean > 0) & (mean < 1)).all():
        return None
    low, high = np.full_like(mean, -1e12), np.full_like(mean, 1e12)
    for _ in range(100):
        eta = (low + high) / 2
        above = cb_mean(eta) > mean
        low, high = np.where(above, low, eta), np.where(above, eta, high)
    size = np.maximum(np.abs(eta), 1e-9)
    log_integral = np.maximum(eta, 0) + np.log(-np.expm1(-size)) - np.log(size)
    return ZFree(float((log_integral - eta * test_mean).sum()), "mean of the training images as means of the law")


def cb_mean(eta: np.ndarray) -> np.ndarray:
    """Mean of a continuous Bernoulli of logit η; a series near 0."""
    safe = np.where(np.abs(eta) < 1e-3, 1.0, eta)
    with np.errstate(over="ignore"):
        return np.where(np.abs(eta) < 1e-3, 0.5 + eta / 12, 1 / -np.expm1(-safe) - 1 / safe)


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
    n_features, found = len(eigenvalues), []
    for k in range(min(latent_dim, n_features - 1) + 1):
        rest = n_features - k * beta  # P σ² = k βσ² + Σ_{j>k} λ_j
        variance = float(eigenvalues[k:].sum()) / rest if rest > 0 else 0.0
        if variance > 0:
            theory = _at(eigenvalues, latent_dim, beta, math.sqrt(variance))
            if theory.n_active == k:
                found.append(theory)
    return min(found, key=lambda t: n_features * math.log(t.sigma) + beta * t.rate, default=None)


def _at(eigenvalues: np.ndarray, latent_dim: int, beta: float, sigma: float) -> LinearTheory:
    best = optimum(eigenvalues, beta * sigma**2, latent_dim)
    return LinearTheory(sigma, best.tau, float(eigenvalues[0]), best.n_active, best.rate, best.expected_sse)


def prediction(spec: ModelSpec, eigenvalues: np.ndarray) -> str:
    """What the theory of linear models says of a spec, in a sentence or two."""
    if spec.likelihood is None:
        return "Collapse is a matter of the rate, which this family does not have."
    if spec.is_closed_form:
        return "This is the linear model itself, solved: it keeps every dimension, since each of its λⱼ is above σ²."
    if spec.likelihood != "gaussian":
        return f"The linear theory needs the σ of a Gaussian likelihood; {spec.likelihood} has none, so it predicts nothing here."
    theory = linear_theory(eigenvalues, latent_dim=spec.latent_dim, beta=spec.beta, scale=spec.scale)
    if theory is None:
        return "At β = 0 the rate costs nothing: the linear theory sees no reason to collapse."
    learned = f" with σ = {theory.sigma:.3g}, where a learned one ends" if spec.scale == "learned" else ""
    verdict = "**every dimension collapses**" if theory.n_active == 0 else f"**{theory.n_active} of {spec.latent_dim} dimensions active**"
    network = "" if spec.network == "linear" else " A network that is not linear may use more."
    return f"Linear theory: τ = βσ² = {theory.tau:.3g}{learned}, λ₁ = {theory.largest:.3g}: {verdict}, R = {theory.rate:.2f} nats.{network}"
