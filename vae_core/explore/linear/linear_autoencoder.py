"""A linear autoencoder trained by gradient descent, which becomes PCA: x̂ = B(Ax + a) + b, beside VVᵀ of the closed form.

It is trained in the data's principal basis, u = Vᵀ(x − x̄), where the covariance is diag(λ): for linear maps the mean squared error and its
gradient depend on the data through λ alone, so that a step on 60,000 images costs what one on 20 points does.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from vae_core.errors import require
from vae_core.models.pca import Spectrum

MOMENTUM = 0.95
RATE = 0.05
"""Learning rate, as a share of 1/λ₁."""
N_FRAMES = 60
"""Steps that are recorded, at most, evenly spread on a logarithmic scale."""


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """Weights in the principal basis: z = Au + a, û = Bz + b.

    Attributes:
        encoder: A, (d, r).
        offset: a, (d,).
        decoder: B, (r, d).
        bias: b, (r,).
    """

    encoder: np.ndarray
    offset: np.ndarray
    decoder: np.ndarray
    bias: np.ndarray

    @property
    def constant(self) -> np.ndarray:
        """c = Ba + b, (r,): what the composed map û = BAu + c adds."""
        return self.decoder @ self.offset + self.bias

    def mixed(self, m: np.ndarray) -> Weights:
        """The same map with another code, Mz instead of z: MA, Ma, BM⁻¹, b."""
        return Weights(m @ self.encoder, m @ self.offset, self.decoder @ np.linalg.inv(m), self.bias)

    def reconstructions(self, u: np.ndarray) -> np.ndarray:
        """û = B(Au + a) + b, (N, r)."""
        return (u @ self.encoder.T + self.offset) @ self.decoder.T + self.bias


@dataclass(frozen=True, eq=False)
class Training:
    """A training at the steps that were recorded.

    Attributes:
        eigenvalues: λ, (r,), largest first.
        steps: their numbers, from 0, (T,).
        weights: at each.
    """

    eigenvalues: np.ndarray
    steps: np.ndarray
    weights: tuple[Weights, ...]

    @property
    def latent_dim(self) -> int:
        """d."""
        return len(self.weights[0].offset)

    @cached_property
    def sse(self) -> np.ndarray:
        """Mean squared error at each step, (T,)."""
        return np.array([sse(self.eigenvalues, weights) for weights in self.weights])

    @cached_property
    def angles(self) -> np.ndarray:
        """Principal angles in degrees at each step, largest first, (T, d)."""
        return np.array([principal_angles(weights.decoder) for weights in self.weights])

    @cached_property
    def distances(self) -> np.ndarray:
        """How far BA is from VVᵀ at each step, in the data's metric, (T,)."""
        return np.array([distance(self.eigenvalues, weights) for weights in self.weights])

    @property
    def least(self) -> float:
        """PCA's mean squared error, Σ_{j>d} λⱼ."""
        return float(self.eigenvalues[self.latent_dim :].sum())


def sse(eigenvalues: np.ndarray, weights: Weights) -> float:
    """E‖û − u‖² = ‖(BA − I)Λ^½‖² + ‖Ba + b‖², since u has mean 0."""
    d, kept, beyond = len(weights.offset), *_squares_from_pca(eigenvalues, weights)
    crossed = (weights.encoder[:, d:].T * weights.decoder[d:]).sum(1) @ eigenvalues[d:]  # Σ_{j>d} λⱼ (BA)ⱼⱼ
    return float(kept + beyond - 2 * crossed + eigenvalues[d:].sum() + np.square(weights.constant).sum())


def distance(eigenvalues: np.ndarray, weights: Weights) -> float:
    """‖(BA − VVᵀ)Λ^½‖ / ‖Λ^½‖, where VVᵀ is the identity on the first d directions: pixels that hardly vary do not count."""
    return float(np.sqrt(sum(_squares_from_pca(eigenvalues, weights)) / eigenvalues.sum()))


def _squares_from_pca(eigenvalues: np.ndarray, weights: Weights) -> tuple[float, float]:
    """‖(BA − VVᵀ)Λ^½‖² in the first d rows, and in the others, without a matrix of r × r."""
    d = len(weights.offset)
    first = weights.decoder[:d] @ weights.encoder
    first[np.arange(d), np.arange(d)] -= 1
    beyond, codes = weights.decoder[d:], (weights.encoder * eigenvalues) @ weights.encoder.T  # (r − d, d), AΛAᵀ (d, d)
    return float((np.square(first) @ eigenvalues).sum()), float(((beyond.T @ beyond) * codes).sum())


def gradient(eigenvalues: np.ndarray, w: Weights) -> Weights:
    """Of `sse` by each weight, without a matrix of r × r: with W = BA − I and c = Ba + b,

    ∂A = 2BᵀWΛ, ∂a = 2Bᵀc, ∂B = 2(WΛAᵀ + caᵀ), ∂b = 2c.
    """
    spread, square, c = w.encoder * eigenvalues, w.decoder.T @ w.decoder, w.constant
    by_encoder = square @ spread - w.decoder.T * eigenvalues
    by_decoder = w.decoder @ (spread @ w.encoder.T) - spread.T + np.outer(c, w.offset)
    return Weights(2 * by_encoder, 2 * w.decoder.T @ c, 2 * by_decoder, 2 * c)


def principal_angles(decoder: np.ndarray) -> np.ndarray:
    """Angles between the decoder's columns' span and the first d principal directions, in degrees, largest first, (d,).

    Their sines are the singular values of what an orthonormal basis of the span has outside of those directions (Björck & Golub 1973).
    """
    basis, _ = np.linalg.qr(decoder)
    sines = np.linalg.svd(basis[decoder.shape[1] :], compute_uv=False)
    return np.degrees(np.arcsin(np.pad(sines.clip(0, 1), (0, decoder.shape[1] - len(sines)))))


def first_weights(n_features: int, latent_dim: int, seed: int) -> Weights:
    """Small random weights: of standard deviation 0.5/√r, and 0.5 for the offsets on both sides."""
    rng = np.random.default_rng(seed)
    scale = 0.5 / np.sqrt(n_features)
    encoder, decoder = rng.normal(size=(latent_dim, n_features)) * scale, rng.normal(size=(n_features, latent_dim)) * scale
    return Weights(encoder, rng.normal(size=latent_dim) * 0.5, decoder, rng.normal(size=n_features) * scale)


def train(eigenvalues: np.ndarray, latent_dim: int, *, n_steps: int = 3000, seed: int = 0, momentum: float = MOMENTUM) -> Training:
    """Full-batch gradient descent.

    Args:
        eigenvalues: λ of the data's covariance that are more than rounding, (r,), largest first.
        latent_dim: d, below r.
        n_steps: how many.
        seed: of the first weights.
        momentum: 0 for plain gradient descent.

    Raises:
        ValueError: if d is not from 1 to r − 1.
    """
    require(1 <= latent_dim < len(eigenvalues), "latent_dim", f"be from 1 to {len(eigenvalues) - 1}", latent_dim)
    now, kept = first_weights(len(eigenvalues), latent_dim, seed), []
    speed = [np.zeros_like(part) for part in _parts(now)]
    steps = recorded_steps(n_steps)
    for step in range(n_steps + 1):
        if step in steps:
            kept.append(now)
        slopes = _parts(gradient(eigenvalues, now))
        speed = [momentum * v - RATE / eigenvalues[0] * slope for v, slope in zip(speed, slopes, strict=True)]
        now = Weights(*(part + v for part, v in zip(_parts(now), speed, strict=True)))
    return Training(eigenvalues, np.array(sorted(steps)), tuple(kept))


def recorded_steps(n_steps: int) -> set[int]:
    """0, and steps that are evenly spread on a logarithmic scale."""
    return {0, *np.unique(np.geomspace(1, n_steps, N_FRAMES - 1).round().astype(int)).tolist()}


def _parts(w: Weights) -> tuple[np.ndarray, ...]:
    return w.encoder, w.offset, w.decoder, w.bias


def in_data_space(exact: Spectrum, w: Weights) -> Weights:
    """The same map on x itself, x̂ = B(Ax + a) + b: A Vᵀ, a − AVᵀx̄, VB, Vb + x̄."""
    v = exact.components[: len(w.bias)]
    encoder = w.encoder @ v
    return Weights(encoder, w.offset - encoder @ exact.mean, v.T @ w.decoder, w.bias @ v + exact.mean)


def invertible(n: int, seed: int) -> np.ndarray:
    """A random invertible matrix with a moderate condition, (n, n): a rotation, stretches from ½ to 2, another rotation."""
    rng = np.random.default_rng(seed)
    left, right = (np.linalg.qr(rng.normal(size=(n, n)))[0] for _ in range(2))
    return (left * np.geomspace(0.5, 2, n)) @ right
