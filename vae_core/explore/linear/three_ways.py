"""Three ways to the same probabilistic PCA: the closed form, EM, and gradient ascent on log p(x).

All run in the data's principal basis, where the covariance is diag(λ), (P,): EM, the likelihood and its gradient depend on the data through
λ alone. M = WᵀW + σ²I throughout. Nats per training image.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from vae_core.errors import require
from vae_core.explore.linear.linear_autoencoder import principal_angles
from vae_core.models.pca import rank

N_STEPS = 1000
"""Steps of EM, and of the gradient."""
RATE = 0.02
"""Of Adam at its first step, as a share of √λ₁; it falls to 0 along half a cosine, without which Adam would not come to rest."""
MOMENTS = (0.9, 0.999)


@dataclass(frozen=True, slots=True, eq=False)
class PPCA:
    """x = Wz + x̄ + noise of variance σ², in the principal basis.

    Attributes:
        weight: W, (P, d).
        noise: σ².
    """

    weight: np.ndarray
    noise: float


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """What one way passes through, the start first.

    Attributes:
        log_px: mean log p(x) of the training images, (T + 1,).
        angles: largest principal angle between the span of W and the first d components, in degrees, (T + 1,).
        noises: σ², (T + 1,).
    """

    log_px: np.ndarray
    angles: np.ndarray
    noises: np.ndarray

    @property
    def curves(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """What `three_ways_figure.ways` draws."""
        return self.log_px, self.angles, self.noises


def log_px(eigenvalues: np.ndarray, model: PPCA) -> float:
    """−½ (P ln 2π + ln |C| + tr C⁻¹S), C = WWᵀ + σ²I (Tipping & Bishop 1999, Eq. 4)."""
    weight, noise, (n_features, d) = model.weight, model.noise, model.weight.shape
    spread, inner = (weight.T * eigenvalues) @ weight, _inner(model)
    log_det = np.linalg.slogdet(inner)[1] + (n_features - d) * np.log(noise)
    trace = (eigenvalues.sum() - np.trace(np.linalg.solve(inner, spread))) / noise
    return float(-0.5 * (n_features * np.log(2 * np.pi) + log_det + trace))


def _inner(model: PPCA) -> np.ndarray:
    return model.weight.T @ model.weight + model.noise * np.eye(model.weight.shape[1])


def closed_form(eigenvalues: np.ndarray, latent_dim: int) -> PPCA:
    """The largest likelihood: σ² is the mean of the discarded λ, W = (Λ − σ²I)^½ (Tipping & Bishop 1999, Eq. 7 and 8).

    Raises:
        ValueError: if no variance is left for the noise.
    """
    most = min(rank(eigenvalues), len(eigenvalues)) - 1
    require(1 <= latent_dim <= most, "latent_dim", f"be from 1 to {most}, so that variance is left for the noise", latent_dim)
    noise = float(eigenvalues[latent_dim:].mean())
    return PPCA(np.eye(len(eigenvalues), latent_dim) * np.sqrt((eigenvalues[:latent_dim] - noise).clip(0)), noise)


def start(eigenvalues: np.ndarray, latent_dim: int, noise: float, seed: int) -> PPCA:
    """Where EM and the gradient begin: random W that explains a tenth of the variance, and any σ²."""
    weight = np.random.default_rng(seed).normal(size=(len(eigenvalues), latent_dim))
    return PPCA(weight * np.sqrt(0.1 * eigenvalues.sum() / weight.size), noise)


def em(eigenvalues: np.ndarray, model: PPCA, n_steps: int = N_STEPS) -> Way:
    """An E and an M step at once, again and again (Tipping & Bishop 1999, Eq. 29 and 30)."""
    return _way(eigenvalues, _em(eigenvalues, model, n_steps))


def _em(eigenvalues: np.ndarray, model: PPCA, n_steps: int) -> Iterator[PPCA]:
    yield model
    for _ in range(n_steps):
        inner, spread = _inner(model), eigenvalues[:, None] * model.weight  # SW
        weight = spread @ np.linalg.solve(model.noise * inner + model.weight.T @ spread, inner)  # SW(σ²I + M⁻¹WᵀSW)⁻¹
        kept = np.trace(np.linalg.solve(inner, weight.T @ spread))
        model = PPCA(weight, float((eigenvalues.sum() - kept) / len(eigenvalues)))
        yield model


def gradient(eigenvalues: np.ndarray, model: PPCA) -> tuple[np.ndarray, float]:
    """Of `log_px` by W, C⁻¹SC⁻¹W − C⁻¹W, (P, d), and by ln σ², ½σ² tr(C⁻¹SC⁻¹ − C⁻¹), without a matrix of P × P."""
    weight, noise, inner = model.weight, model.noise, _inner(model)
    shrunk = np.linalg.solve(inner, weight.T).T  # WM⁻¹ = C⁻¹W
    spread = eigenvalues[:, None] * shrunk  # SC⁻¹W
    by_weight = (spread - shrunk @ (weight.T @ spread)) / noise - shrunk
    inverse = (len(weight) - (shrunk * weight).sum()) / noise
    crossed = (spread * weight).sum()  # tr(SWM⁻¹Wᵀ)
    twice = ((weight.T @ weight) * (shrunk.T @ spread)).sum()
    scatter = (eigenvalues.sum() - 2 * crossed + twice) / noise**2
    return by_weight, float(0.5 * noise * (scatter - inverse))


def ascent(eigenvalues: np.ndarray, model: PPCA, n_steps: int = N_STEPS) -> Way:
    """Adam on log p(x) in W/√λ₁ and ln σ²."""
    return _way(eigenvalues, _ascent(eigenvalues, model, n_steps))


def _ascent(eigenvalues: np.ndarray, model: PPCA, n_steps: int) -> Iterator[PPCA]:
    yield model
    scale, (keep, keep_square) = np.sqrt(eigenvalues[0]), MOMENTS
    at = np.append(model.weight.ravel() / scale, np.log(model.noise))
    mean, square = np.zeros_like(at), np.zeros_like(at)
    for t in range(1, n_steps + 1):
        by_weight, by_log_noise = gradient(eigenvalues, model)
        slope = np.append(by_weight.ravel() * scale, by_log_noise)
        mean, square = keep * mean + (1 - keep) * slope, keep_square * square + (1 - keep_square) * slope**2
        rate = 0.5 * RATE * (1 + np.cos(np.pi * (t - 1) / n_steps))
        at = at + rate * (mean / (1 - keep**t)) / (np.sqrt(square / (1 - keep_square**t)) + 1e-8)
        model = PPCA(at[:-1].reshape(model.weight.shape) * scale, float(np.exp(at[-1])))
        yield model


def _way(eigenvalues: np.ndarray, models: Iterator[PPCA]) -> Way:
    rows = [(log_px(eigenvalues, model), principal_angles(model.weight)[0], model.noise) for model in models]
    return Way(*np.array(rows).T)
