"""Two steps that take turns: q is fitted to the posterior (E), the parameters to q (M). Bound and likelihood after each. Nats per point.

For any q, the mean of log p(x) is the bound plus the mean KL(q ‖ p(z|x)) (Neal & Hinton 1998). An E step sets q to the posterior, so that
the bound equals the likelihood; an M step lifts the bound at fixed q, and the likelihood with it. A mixture of Gaussians and
probabilistic PCA have both steps in closed form; k-means is the mixture whose widths go to 0; a VAE moves q and parameters together.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import logsumexp

from vae_core.errors import require

Step = Literal["start", "E", "M", "step"]
TURNS: tuple[Step, ...] = ("E", "M")
LOG_TAU = math.log(2 * math.pi)
LEAST_VARIANCE = 0.01
"""No Gaussian of a mixture is narrower along any direction: a Gaussian on a single point has a likelihood without bound."""
RATE = 0.1
"""Of the gradient ascent that runs beside EM, on the likelihood of probabilistic PCA."""


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """After a step.

    Attributes:
        step: which it was.
        bound: mean of E_q[log p(x, z) − log q(z)] over the points; of k-means, minus the squared error per point.
        log_px: mean of log p(x); of k-means as the bound.
        model: its parameters now.
        q: what is believed of each point's z: (N, K) shares, or (N, 2) means and variances.
    """

    step: Step
    bound: float
    log_px: float
    model: Mixture | PPCA
    q: np.ndarray


# A mixture of Gaussians


@dataclass(frozen=True, slots=True, eq=False)
class Mixture:
    """p(x) = Σ π_k N(x; μ_k, Σ_k).

    Attributes:
        weights: π, (K,).
        means: μ, (K, D).
        covariances: Σ, (K, D, D).
    """

    weights: np.ndarray
    means: np.ndarray
    covariances: np.ndarray

    def log_joint(self, x: np.ndarray) -> np.ndarray:
        """log π_k + log N(x; μ_k, Σ_k), (N, K)."""
        away = x[:, None] - self.means
        solved = np.linalg.solve(self.covariances, away.transpose(1, 2, 0)).transpose(2, 0, 1)
        distances = (away * solved).sum(-1)
        constants = np.log(self.weights) - 0.5 * (np.linalg.slogdet(self.covariances)[1] + x.shape[1] * LOG_TAU)
        return constants - 0.5 * distances

    def log_px(self, x: np.ndarray) -> np.ndarray:
        """log p(x), (N,)."""
        return logsumexp(self.log_joint(x), axis=1)

    def posterior(self, x: np.ndarray) -> np.ndarray:
        """p(k|x), (N, K): the E step (Bishop 2006, Eq. 9.23)."""
        return _shares(self.log_joint(x))


def _shares(joint: np.ndarray) -> np.ndarray:
    """p(k|x) of log p(x, k), both (N, K)."""
    return np.exp(joint - logsumexp(joint, axis=1, keepdims=True))


def fitted(x: np.ndarray, q: np.ndarray, least: float = LEAST_VARIANCE) -> Mixture:
    """The mixture of the largest bound at these shares: the M step (Bishop 2006, Eq. 9.24–9.26).

    Args:
        x: (N, D).
        q: shares, (N, K).
        least: no variance may be below it; the best covariance is then the weighted one with its eigenvalues raised to it.
    """
    mass = np.maximum(q.sum(0), 1e-12)
    means = q.T @ x / mass[:, None]
    away = (x[:, None] - means).transpose(1, 0, 2)  # (K, N, D)
    scatter = (q.T[:, :, None] * away).transpose(0, 2, 1) @ away / mass[:, None, None]
    values, vectors = np.linalg.eigh(scatter)
    raised = np.maximum(values, least)
    return Mixture(mass / mass.sum(), means, np.einsum("kij,kj,klj->kil", vectors, raised, vectors))


def mixture_path(x: np.ndarray, k: int, seed: int, n: int, least: float = LEAST_VARIANCE) -> list[State]:
    """EM of a mixture of k Gaussians on points (N, D): the start, and n steps, E first.

    Args:
        x: the points.
        k: how many Gaussians.
        seed: of the points where their means begin.
        n: steps.
        least: as for `fitted`.

    Raises:
        ValueError: if there are not more points than Gaussians.
    """
    model, q = Mixture(np.full(k, 1 / k), _picked(x, k, seed), np.tile(0.2 * np.eye(x.shape[1]), (k, 1, 1))), np.full((len(x), k), 1 / k)
    joint = model.log_joint(x)
    path = [_mixture_state("start", model, joint, q)]
    for step in _turns(n):
        if step == "E":
            q = _shares(joint)
        else:
            model = fitted(x, q, least)
            joint = model.log_joint(x)
        path.append(_mixture_state(step, model, joint, q))
    return path


def _mixture_state(step: Step, model: Mixture, joint: np.ndarray, q: np.ndarray) -> State:
    """With the mean of Σ_k q_k (log p(x, k) − log q_k), and of log p(x) = log Σ_k p(x, k)."""
    bound = (q * (joint - np.log(np.maximum(q, 1e-300)))).sum(1).mean()
    return State(step, float(bound), float(logsumexp(joint, axis=1).mean()), model, q)


def _turns(n: int) -> Iterator[Step]:
    return itertools.islice(itertools.cycle(TURNS), n)


def _picked(x: np.ndarray, k: int, seed: int) -> np.ndarray:
    """k of the points, where the means begin."""
    require(1 <= k < len(x), "k", f"be from 1 to {len(x) - 1}, one less than there are points", k)
    return x[np.random.default_rng(seed).choice(len(x), k, replace=False)]


# k-means


def k_means_path(x: np.ndarray, k: int, seed: int, n: int) -> list[State]:
    """k-means on points (N, D): each point to the nearest mean (E), each mean to the middle of its points (M).

    It is EM of a mixture with equal weights and Σ = σ²I as σ → 0: −2σ² times the bound is the squared error (Bishop 2006, Sec. 9.3.2).
    A mean without points stays where it is.

    Raises:
        ValueError: if there are not more points than means.
    """
    means = _picked(x, k, seed)
    q = np.eye(k)[np.random.default_rng([seed, 1]).integers(0, k, len(x))]
    path = [_k_means_state("start", x, means, q)]
    for step in _turns(n):
        if step == "E":
            q = np.eye(k)[squares(x, means).argmin(1)]
        else:
            mass = q.sum(0)[:, None]
            means = np.where(mass > 0, q.T @ x / np.maximum(mass, 1), means)
        path.append(_k_means_state(step, x, means, q))
    return path


def squares(x: np.ndarray, means: np.ndarray) -> np.ndarray:
    """Squared distance of each point, (N, D), from each mean, (K, D): (N, K)."""
    return np.square(x[:, None] - means).sum(-1)


def _k_means_state(step: Step, x: np.ndarray, means: np.ndarray, q: np.ndarray) -> State:
    sse = float(np.square(x - q @ means).sum(1).mean())
    return State(step, -sse, -sse, Mixture(q.mean(0), means, np.zeros((len(means), x.shape[1], x.shape[1]))), q)


# Probabilistic PCA with one dimension


@dataclass(frozen=True, slots=True, eq=False)
class PPCA:
    """x = wz + μ + noise of variance σ², z ~ N(0, 1).

    Attributes:
        mean: μ, (D,).
        direction: w, (D,).
        noise: σ².
    """

    mean: np.ndarray
    direction: np.ndarray
    noise: float

    def log_px(self, x: np.ndarray) -> np.ndarray:
        """log N(x; μ, wwᵀ + σ²I), (N,)."""
        away, w2, n_dims = x - self.mean, float(self.direction @ self.direction), x.shape[1]
        distances = (np.square(away).sum(1) - (away @ self.direction) ** 2 / (w2 + self.noise)) / self.noise
        log_det = (n_dims - 1) * math.log(self.noise) + math.log(w2 + self.noise)
        return -0.5 * (distances + log_det + n_dims * LOG_TAU)

    def posterior(self, x: np.ndarray) -> np.ndarray:
        """Mean and variance of p(z|x), (N, 2): the E step (Tipping & Bishop 1999, Eq. 25 and 26)."""
        m = float(self.direction @ self.direction) + self.noise
        return np.stack([(x - self.mean) @ self.direction / m, np.full(len(x), self.noise / m)], 1)

    def bound(self, x: np.ndarray, q: np.ndarray) -> float:
        """Mean of E_q log p(x|z) − KL(q ‖ N(0, 1)), in closed form."""
        mean, variance = q.T
        squares = np.square(x - self.mean - mean[:, None] * self.direction).sum(1) + variance * float(self.direction @ self.direction)
        reconstruction = -0.5 * (squares / self.noise + x.shape[1] * (math.log(self.noise) + LOG_TAU))
        return float((reconstruction - 0.5 * (mean**2 + variance - 1 - np.log(variance))).mean())


def closed_form(x: np.ndarray) -> PPCA:
    """The largest likelihood there is: w = √(λ₁ − σ²)·v₁, σ² the mean of the other eigenvalues (Tipping & Bishop 1999, Eq. 7 and 8)."""
    values, vectors = np.linalg.eigh(np.cov(x.T, bias=True))
    noise = float(values[:-1].mean())
    return PPCA(x.mean(0), vectors[:, -1] * math.sqrt(max(float(values[-1]) - noise, 0.0)), noise)


def ppca_path(x: np.ndarray, seed: int, n: int) -> list[State]:
    """EM of probabilistic PCA with one dimension on points (N, D): the start, where q is the prior, and n steps, E first."""
    model, q = _ppca_start(x, seed), np.tile([0.0, 1.0], (len(x), 1))
    path = [_ppca_state("start", model, x, q)]
    for step in _turns(n):
        model, q = (model, model.posterior(x)) if step == "E" else (_ppca_fitted(x, q), q)
        path.append(_ppca_state(step, model, x, q))
    return path


def _ppca_start(x: np.ndarray, seed: int) -> PPCA:
    angle = np.random.default_rng(seed).uniform(0, math.pi)
    return PPCA(x.mean(0), 0.5 * np.array([math.cos(angle), math.sin(angle)]), 1.0)


def _ppca_fitted(x: np.ndarray, q: np.ndarray) -> PPCA:
    """The M step (Tipping & Bishop 1999, Eq. 27 and 28)."""
    mean, second = q[:, 0], q[:, 0] ** 2 + q[:, 1]
    away = x - x.mean(0)
    w = away.T @ mean / second.sum()
    squares = np.square(away).sum() - 2 * mean @ (away @ w) + second.sum() * float(w @ w)
    return PPCA(x.mean(0), w, float(squares / away.size))


def _ppca_state(step: Step, model: PPCA, x: np.ndarray, q: np.ndarray) -> State:
    return State(step, model.bound(x, q), float(model.log_px(x).mean()), model, q)


def gradient_path(x: np.ndarray, seed: int, n: int) -> np.ndarray:
    """Mean log p(x), (n + 1,), of probabilistic PCA under gradient ascent in w and ln σ², from where EM starts.

    With C = wwᵀ + σ²I and S the covariance of the points, the gradient in C is ½ C⁻¹(S − C)C⁻¹.
    """
    model, s = _ppca_start(x, seed), np.cov(x.T, bias=True)
    reached = [float(model.log_px(x).mean())]
    for _ in range(n):
        w, noise = model.direction, model.noise
        inverse = np.linalg.inv(np.outer(w, w) + noise * np.eye(len(w)))
        slope = inverse @ (s @ inverse) - inverse
        model = PPCA(model.mean, w + RATE * slope @ w, noise * math.exp(RATE * 0.5 * noise * float(np.trace(slope))))
        reached.append(float(model.log_px(x).mean()))
    return np.array(reached)
