"""The exact rate–distortion curve of linear models: Shannon's reverse water-filling over the eigenvalues of the training images.

For SSE/(2σ²) + β·KL with linear maps only τ = βσ² matters. Eigenvalues λ are (P,), largest first; rates are in nats.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from vae_core.errors import require
from vae_core.models.pca import Spectrum


@dataclass(frozen=True, slots=True)
class Optimum:
    """What the best linear model does on the training images at one water level.

    Attributes:
        tau: the water level βσ²; dimension j is active iff λ_j > τ and j ≤ d.
        n_active: active dimensions.
        rate: Σ_active ½ ln(λ_j/τ).
        expected_sse: Σ_active τ + Σ_inactive λ_j, with z sampled.
        sse: Σ_active τ²/λ_j + Σ_inactive λ_j, through the posterior mean.
    """

    tau: float
    n_active: int
    rate: float
    expected_sse: float
    sse: float


def optimum(eigenvalues: np.ndarray, tau: float, latent_dim: int | None = None) -> Optimum:
    """Reverse water-filling (Cover & Thomas 2006, Thm. 10.3.3), which is the optimum of a linear VAE (Lucas et al. 2019, Sec. 4).

    Args:
        eigenvalues: λ of the training images' covariance, (P,), largest first.
        tau: water level, above 0.
        latent_dim: d; as many as there are eigenvalues if None.

    Raises:
        ValueError: if `tau` is not above 0.
    """
    require(tau > 0, "tau", "be above 0", tau)
    leading = eigenvalues[:latent_dim]
    active = leading[leading > tau]
    k, drowned = len(active), float(eigenvalues[len(active) :].sum())
    rate = float(0.5 * np.log(active / tau).sum())
    return Optimum(tau, k, rate, k * tau + drowned, float((tau**2 / active).sum()) + drowned)


def frontier(eigenvalues: np.ndarray, taus: np.ndarray, latent_dim: int | None = None) -> list[Optimum]:
    """The optimum at each of several water levels."""
    return [optimum(eigenvalues, float(tau), latent_dim) for tau in taus]


def at_rate(eigenvalues: np.ndarray, rate: float, latent_dim: int | None = None) -> Optimum:
    """The best linear model of a given rate: the curve read the other way round.

    With k active dimensions ln τ = (Σ_{j≤k} ln λ_j − 2R)/k; k is right where the level lies between λ_{k+1} and λ_k.

    Args:
        eigenvalues: λ, (P,), largest first.
        rate: R, at least 0.
        latent_dim: d.

    Raises:
        ValueError: if the rate is negative.
    """
    require(rate >= 0, "rate", "be at least 0", rate)
    leading = eigenvalues[:latent_dim]
    leading = leading[leading > 0]
    n = np.arange(1, len(leading) + 1)
    log_tau = (np.cumsum(np.log(leading)) - 2 * rate) / n
    k = int((np.log(leading) > log_tau).sum()) if rate > 0 else 1  # ln λ_k − ln τ_k falls in k
    return optimum(eigenvalues, math.exp(log_tau[k - 1]), latent_dim)


def levels(eigenvalues: np.ndarray, *, n: int = 25, share: float = 0.9, among: tuple[float, ...] = ()) -> list[float]:
    """Water levels for a slider, falling evenly on a log scale, of three digits each.

    Args:
        eigenvalues: λ, (P,), largest first.
        n: how many, without those that must be there.
        share: of the variance in the dimensions that are active at the lowest; at the highest all are drowned.
        among: levels that must be there, such as those of trained models; none is so near to them that it could be mistaken.
    """
    shares = np.cumsum(eigenvalues) / eigenvalues.sum()
    low = float(eigenvalues[int((shares < share).sum())])
    spaced = [float(f"{tau:.3g}") for tau in np.geomspace(1.25 * eigenvalues[0], low, n)]
    apart = [tau for tau in spaced if all(abs(math.log(tau / other)) > 0.04 for other in among)]
    return sorted({*apart, *among}, reverse=True)


def reconstructions(exact: Spectrum, x: np.ndarray, tau: float, latent_dim: int | None = None) -> np.ndarray:
    """What the best linear model makes of images through its posterior means, x̄ + Σ_active (1 − τ/λ_j) v_j v_jᵀ(x − x̄), not clipped.

    Args:
        exact: spectrum of the training images.
        x: images as bytes, (N, C, H, W).
        tau: water level.
        latent_dim: d.
    """
    k = optimum(exact.eigenvalues, tau, latent_dim).n_active
    components, keep = exact.components[:k], 1 - tau / exact.eigenvalues[:k]
    codes = (x.reshape(len(x), -1) / 255 - exact.mean) @ components.T  # (N, k)
    return (exact.mean + (codes * keep) @ components).reshape(x.shape)


def falling(eigenvalues: np.ndarray, tau: float, latent_dim: int | None = None) -> list[Optimum]:
    """The optima at the `levels` of a slider, one of them τ, from the highest water to the lowest."""
    return frontier(eigenvalues, np.array(levels(eigenvalues, among=(tau,))), latent_dim)
