"""A decoder that sees pixels besides its code: how much code the best linear model still uses, for each width of the context.

Pixels are decoded one after another: p(x_i | z, x_<i) = N(m_i + w_i·z − Σ_j a_ij (x_j − m_j), σ²), j the k pixels before i. With A the unit
lower triangular matrix of a_ij, the residual A(x − m) is what the code has to say. Its covariance is ACAᵀ, C that of the images. Given A,
a linear VAE of the residual is at its optimum by reverse water-filling at τ = βσ², so that the loss of the whole is a function of A alone:
Σ_j ½(1 + ln(λ_j/τ)) over the eigenvalues λ_j of ACAᵀ above τ, and Σ_j λ_j/(2τ) over the others.

It is convex in ln λ and rises with each, and Σ ln λ_j = ln det C whatever A is. By the theorem of Kostant (1973) the conditional variances
v_i, which the Cholesky factor of C has on its diagonal, are the most equal λ that any A can reach: with every earlier pixel in sight the
best A predicts each from all before it, and the code keeps Σ ½ ln(v_i/τ) over v_i > τ.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load_file, save_file

from vae_core.store import CHECKPOINTS

SHIPPED = CHECKPOINTS / "shipped" / "strong_decoder.safetensors"
DATASET = "digits"
CONTEXTS = (0, 1, 2, 4, 7, 8, 9, 12, 16, 24, 32, 48, 63)
"""Pixels that the decoder sees before each; an image of 8×8 has a row of 8."""
LEVELS = (0.25, 0.1, 0.05)
"""Water levels τ = βσ²."""
TRAINED = 0.1
"""The level at which models were trained by gradient descent, too."""


@dataclass(frozen=True, slots=True, eq=False)
class StrongDecoder:
    """The best linear model with a context.

    Attributes:
        tau: its water level.
        matrix: A, (P, P), unit lower triangular.
        mean: m, of the images, (P,).
        eigenvalues: λ of ACAᵀ, (P,), in rising order.
        directions: their eigenvectors as columns, (P, P).
    """

    tau: float
    matrix: np.ndarray
    mean: np.ndarray
    eigenvalues: np.ndarray
    directions: np.ndarray

    @property
    def rate(self) -> float:
        """KL(q(z|x) || p(z)), mean over the images: Σ ½ ln(λ/τ) over λ > τ; nats."""
        return float(0.5 * np.log(np.maximum(self.eigenvalues, self.tau) / self.tau).sum())

    @property
    def n_active(self) -> int:
        """Dimensions of the code that are used."""
        return int((self.eigenvalues > self.tau).sum())

    @property
    def minus_elbo(self) -> float:
        """Distortion + rate at β = 1, mean over the images, nats of a density."""
        return loss_of(self.eigenvalues, self.tau) + 0.5 * len(self.mean) * float(np.log(2 * np.pi * self.tau))

    def of_the_code(self, x: np.ndarray) -> np.ndarray:
        """E[x|z] at the posterior mean of z, of images as rows, (N, P): what the code alone says."""
        return self.mean + np.linalg.solve(self.matrix, self._said(x).T).T

    def of_both(self, x: np.ndarray) -> np.ndarray:
        """The mean of each pixel given the code and the true pixels before it, (N, P)."""
        return x - (x - self.mean) @ self.matrix.T + self._said(x)

    def _said(self, x: np.ndarray) -> np.ndarray:
        """What the code says of residuals: each direction above τ shrunk by 1 − τ/λ, (N, P)."""
        kept = 1 - self.tau / np.maximum(self.eigenvalues, self.tau)
        return (x - self.mean) @ self.matrix.T @ (self.directions * kept) @ self.directions.T


def moments(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean (P,) and covariance (P, P), divided by N, of images as rows, (N, P)."""
    return x.mean(0), np.cov(x.T, bias=True)


def loss_of(eigenvalues: np.ndarray, tau: float) -> float:
    """Loss over β without its constant, nats: Σ ½(1 + ln(λ/τ)) over λ > τ, and Σ λ/(2τ) over the others."""
    above = eigenvalues > tau
    return float(0.5 * (1 + np.log(eigenvalues[above] / tau)).sum() + eigenvalues[~above].sum() / (2 * tau))


def loss_and_slope(matrix: np.ndarray, covariance: np.ndarray, tau: float) -> tuple[float, np.ndarray]:
    """`loss_of` the eigenvalues of ACAᵀ, and its gradient by A, (P, P)."""
    eigenvalues, directions = np.linalg.eigh(matrix @ covariance @ matrix.T)
    slope = 0.5 / np.maximum(eigenvalues, tau)
    return loss_of(eigenvalues, tau), 2 * (directions * slope) @ directions.T @ matrix @ covariance


def context(n_pixels: int, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Numbers i and j of the coefficients a_ij: the k pixels before each."""
    i, j = np.tril_indices(n_pixels, -1)
    return i[i - j <= k], j[i - j <= k]


def predictor(covariance: np.ndarray, k: int) -> np.ndarray:
    """A of the least squared residuals: each pixel less its best linear prediction from the k before it, (P, P)."""
    matrix = np.eye(len(covariance))
    for i in range(1, len(covariance)):
        before = np.arange(max(0, i - k), i)
        matrix[i, before] = -np.linalg.pinv(covariance[np.ix_(before, before)], rcond=1e-10, hermitian=True) @ covariance[before, i]
    return matrix


def best_matrix(covariance: np.ndarray, k: int, tau: float, start: np.ndarray | None = None) -> np.ndarray:
    """A of the least loss, (P, P), by descent (L-BFGS) from the predictor or another start; in closed form at k = 0 and at k = P − 1."""
    from scipy.optimize import minimize

    matrix, n_pixels = predictor(covariance, k) if start is None else start, len(covariance)
    if k == 0 or (k >= n_pixels - 1 and start is None):
        return matrix
    i, j = context(n_pixels, k)

    def evaluated(coefficients: np.ndarray) -> tuple[float, np.ndarray]:
        trial = np.eye(n_pixels)
        trial[i, j] = coefficients
        loss, slope = loss_and_slope(trial, covariance, tau)
        return loss, slope[i, j]

    options = {"maxiter": 4000, "maxfun": 8000, "maxcor": 30, "ftol": 1e-12, "gtol": 1e-6}
    best = np.eye(n_pixels)
    best[i, j] = minimize(evaluated, matrix[i, j], jac=True, method="L-BFGS-B", options=options).x
    return best


def decoder(matrix: np.ndarray, tau: float, mean: np.ndarray, covariance: np.ndarray) -> StrongDecoder:
    """The best model with this A."""
    return StrongDecoder(tau, matrix, mean, *np.linalg.eigh(matrix @ covariance @ matrix.T))


def write(matrices: Mapping[tuple[float, int], np.ndarray], trained: Mapping[int, list[float]], path: Path = SHIPPED) -> None:
    """Keep the coefficients of each level and context with the program, and rates of trained models, one a seed, by their context."""
    tensors = {f"{tau:g}/{k}": matrix[context(len(matrix), k)].astype(np.float32) for (tau, k), matrix in matrices.items() if k}
    of_trained = {f"trained/{k}": np.array(rates, np.float32) for k, rates in trained.items()}
    save_file(tensors | of_trained, path)


def read(n_pixels: int, path: Path = SHIPPED) -> tuple[dict[tuple[float, int], np.ndarray], dict[int, np.ndarray]]:
    """What `write` kept."""
    tensors = load_file(path)
    trained = {int(name.removeprefix("trained/")): rates for name, rates in tensors.items() if name.startswith("trained/")}
    matrices = {(tau, k): np.eye(n_pixels) for tau in LEVELS for k in CONTEXTS}
    for (tau, k), matrix in matrices.items():
        if k:
            matrix[context(n_pixels, k)] = tensors[f"{tau:g}/{k}"]
    return matrices, dict(sorted(trained.items()))


def models(x: np.ndarray, path: Path = SHIPPED) -> tuple[dict[tuple[float, int], StrongDecoder], dict[int, np.ndarray]]:
    """The best models of images as rows, (N, P), by τ and k, and rates of trained ones, one a seed, by k."""
    mean, covariance = moments(x)
    matrices, trained = read(x.shape[1], path)
    return {(tau, k): decoder(matrix, tau, mean, covariance) for (tau, k), matrix in matrices.items()}, trained


def curves(found: Mapping[tuple[float, int], StrongDecoder], trained: Mapping[int, np.ndarray], tau: float, k: int) -> dict[str, Any]:
    """All that `strong_decoder_figure.context_chart` draws at a chosen τ and k."""
    rows = {level: [found[level, one] for one in CONTEXTS] for level in LEVELS}
    return {
        "contexts": np.array(CONTEXTS),
        "rates": {level: np.array([one.rate for one in row]) for level, row in rows.items()},
        "costs": np.array([one.minus_elbo for one in rows[tau]]),
        "tau": tau,
        "k": k,
        "trained": {one: rates for one, rates in trained.items() if tau == TRAINED},
    }
