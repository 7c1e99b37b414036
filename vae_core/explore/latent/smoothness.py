"""Why samples of a VAE are smooth: at each z the best decoder draws the mean of all training images whose q(z|x) reaches there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vae_core.errors import require
from vae_core.explore.codes import Codes
from vae_core.explore.codes import codes as codes_of
from vae_core.models import LatentModel

NEGLIGIBLE = 1e-9
"""Weights below this share of the largest are left out of the mean."""
BLOCK = 2048
"""Images that are turned into numbers at a time: more of them would leave the processor's cache."""
KERNEL = 0.1
"""σ that stands in for a deterministic encoder's, in standard deviations of its codes."""


def posterior_weights(codes: Codes, z: np.ndarray, *, widen: float = 1.0) -> np.ndarray:
    """w_i = q(z|x_i) / Σ_j q(z|x_j) of every training image, (N,), with each q's standard deviation widened by a factor.

    A deterministic encoder's q is a point, and averages nothing: a Gaussian of `KERNEL` standard deviations of the codes takes its place.

    Args:
        codes: of the training images.
        z: (D,).
        widen: factor on σ, above 0.
    """
    require(widen > 0, "widen", "be above 0", widen)
    sd = codes.sd.astype(np.float64) if codes.has_prior else np.broadcast_to(KERNEL * codes.scale, codes.mean.shape)
    log_q = -(0.5 * ((z - codes.mean) / (widen * sd)) ** 2 + np.log(sd)).sum(1)
    weights = np.exp(log_q - log_q.max())
    return weights / weights.sum()


def effective_sample_size(weights: np.ndarray) -> float:
    """1/Σ w_i² for weights that add up to 1 (Kong 1992): N if all are alike, 1 if one holds everything."""
    return float(1 / (weights**2).sum())


def optimal_decoder(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """x̂(z) = Σ_i w_i x_i, float64 (C, H, W) to 1e-6: for a fixed encoder the decoder of least squared error (and of least cross-entropy).

    Args:
        x: training images as bytes, (N, C, H, W).
        weights: of them at z, (N,).
    """
    counted = np.flatnonzero(weights > NEGLIGIBLE * weights.max())
    w = (weights[counted] / weights[counted].sum()).astype(np.float32)
    total = np.zeros(x[0].size)
    for start in range(0, len(counted), BLOCK):
        part = x[counted[start : start + BLOCK]].reshape(-1, total.size).astype(np.float32)
        total += w[start : start + BLOCK] @ part
    return total.reshape(x.shape[1:]) / 255


@dataclass(frozen=True, slots=True, eq=False)
class Average:
    """What a decoder has to average at one code.

    Attributes:
        indices: training images of the largest weights, largest first, (K,).
        weights: theirs, (K,).
        mean: the weighted mean of all training images, float64 (C, H, W).
        n_effective: effective sample size of the weights.
        n: training images.
    """

    indices: np.ndarray
    weights: np.ndarray
    mean: np.ndarray
    n_effective: float
    n: int


def average_at(codes: Codes, x: np.ndarray, z: np.ndarray, *, widen: float = 1.0, k: int = 12) -> Average:
    """The training images that q(z|x) averages at a code, and their weighted mean.

    Args:
        codes: of the training images.
        x: the training images as bytes, (N, C, H, W).
        z: (D,).
        widen: factor on the standard deviation of each q.
        k: images to name.
    """
    weights = posterior_weights(codes, z, widen=widen)
    top = np.argsort(-weights, kind="stable")[:k]
    return Average(top, weights[top], optimal_decoder(x, weights), effective_sample_size(weights), len(x))


def average_of(model: LatentModel, x: np.ndarray, z: np.ndarray, *, widen: float = 1.0) -> Average:
    """`average_at` a code, (D,), of a model and its training images as bytes, (N, C, H, W)."""
    return average_at(codes_of(model, x), x, z, widen=widen)
