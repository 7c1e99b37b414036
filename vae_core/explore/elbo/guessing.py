"""log p(x) of an image by drawing codes, where it is known exactly: probabilistic PCA. Nats; float64.

p(x) = E_{z ~ p(z)} p(x|z) invites to draw codes from the prior and to average. No draw is decoded here. With G = WᵀW = U diag(γ) Uᵀ,
z = Uy, r = x − x̄ and b = UᵀWᵀr,

    ‖x − Wz − x̄‖² = ‖r‖² − 2 rᵀWz + zᵀGz = ‖r‖² − Σ_j b_j²/γ_j + Σ_j γ_j (y_j − b_j/γ_j)²,

so that log p(x|z) is a constant less half a sum of squares in d numbers, however many pixels x has; and y ~ N(0, I), as z.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.stats import binom

from vae_core.errors import require
from vae_core.models.ppca import PPCA, PPCASpec

COUNTS = (10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000)
"""Numbers of draws K."""
SEEDS = tuple(range(20))
"""Of the estimates whose spread is shown."""
N_WHOLE, CHUNK = 100, 8192
"""The first draws, which are drawn in every dimension, and how many of the others are drawn at a time."""
NOTHING = 40.0
"""Nats below the largest log weight: of 10⁵ such draws the sum is less than 10⁻¹² of it."""


@dataclass(frozen=True, slots=True, eq=False)
class Decoder:
    """x = Wz + x̄ + noise of variance η, z ~ N(0, I).

    Attributes:
        mean: x̄, (P,).
        weight: W, (P, D).
        noise: η.
    """

    mean: np.ndarray
    weight: np.ndarray
    noise: float

    def images(self, z: np.ndarray) -> np.ndarray:
        """E[x|z] of codes, (N, D) → (N, P)."""
        return z @ self.weight.T + self.mean


def decoder(model: PPCA) -> Decoder:
    """The arrays of a trained probabilistic PCA."""
    return Decoder(model.mean.double().numpy(), model.weight.double().numpy(), float(model.noise_variance.double()))


def fitted(spec: PPCASpec, x: np.ndarray) -> Decoder:
    """The same of training images as bytes, (N, C, H, W), in closed form.

    Raises:
        ValueError: if the images do not span more than d dimensions.
    """
    model = PPCA(spec)
    model.solve(x)
    return decoder(model)


@dataclass(frozen=True, slots=True, eq=False)
class Quadratic:
    """log p(x|z) of one image as a function of y = Uᵀz: peak − ½ Σ_j curvature_j (y_j − centre_j)².

    Attributes:
        peak: its largest value.
        curvature: γ_j/η, (D,), largest first.
        centre: b_j/γ_j, (D,).
        basis: U, (D, D), eigenvectors as columns.
    """

    peak: float
    curvature: np.ndarray
    centre: np.ndarray
    basis: np.ndarray

    @property
    def log_evidence(self) -> float:
        """log p(x), exactly: dimension by dimension ∫ N(y; 0, 1) e^{−c(y − m)²/2} dy = e^{−cm²/2(1 + c)}/√(1 + c)."""
        c, m = self.curvature, self.centre
        return float(self.peak - 0.5 * (np.log1p(c) + c * m**2 / (1 + c)).sum())

    def log_likelihood(self, y: np.ndarray) -> np.ndarray:
        """log p(x|z) at y, (..., D) → (...)."""
        return self.peak - 0.5 * (self.curvature * (y - self.centre) ** 2).sum(-1)

    def codes(self, y: np.ndarray) -> np.ndarray:
        """z = Uy, (N, D)."""
        return y @ self.basis.T

    @property
    def posterior(self) -> tuple[np.ndarray, np.ndarray]:
        """Mean and standard deviation of p(y|x), (D,) each: independent Gaussians, of precision 1 + c."""
        return self.curvature * self.centre / (1 + self.curvature), (1 + self.curvature) ** -0.5


def quadratic(decoder: Decoder, x: np.ndarray) -> Quadratic:
    """log p(x|z) of an image in [0, 1], (P,), for every z."""
    r = x - decoder.mean
    gram, basis = np.linalg.eigh(decoder.weight.T @ decoder.weight)
    gram, basis = gram[::-1].clip(min=0), basis[:, ::-1]
    b = basis.T @ (decoder.weight.T @ r)
    centre = np.divide(b, gram, out=np.zeros_like(b), where=gram > 1e-12 * gram[0])
    left_over = r @ r - (gram * centre**2).sum()
    peak = -0.5 * (len(x) * math.log(2 * math.pi * decoder.noise) + left_over / decoder.noise)
    return Quadratic(float(peak), gram / decoder.noise, centre, basis)


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """Codes that were drawn, and what each contributes.

    Attributes:
        log_weights: log p(x, z_k)/q(z_k), (K,), with q what was drawn from; −∞ for a draw that is known to contribute nothing.
        first: y of the first few, (n, D).
        heaviest: y of the one with the largest weight, (D,).
    """

    log_weights: np.ndarray
    first: np.ndarray
    heaviest: np.ndarray

    @property
    def shares(self) -> np.ndarray:
        """Normalised weights, (K,), of sum 1."""
        w = np.exp(self.log_weights - self.log_weights.max())
        return w / w.sum()

    @property
    def effective_size(self) -> float:
        """(Σw)²/Σw², between 1 and K: so many draws of equal weight would do as well (Kong 1992)."""
        return float(1 / (self.shares**2).sum())


def log_mean(log_weights: np.ndarray) -> float:
    """log of the mean weight: the estimate of log p(x), which is too low on average, by Jensen."""
    top = log_weights.max()
    return float(top + math.log(np.exp(log_weights - top).mean()))


def from_prior(image: Quadratic, n: int, seed: int, *, n_first: int = 5) -> Draws:
    """Codes from the prior, each weighted by p(x|z). Fewer draws of a seed are the first of more.

    The squares only add up. So a draw that lies `NOTHING` nats below the largest weight before all of its dimensions are drawn is dropped:
    it cannot count, and the dimensions that it lacks are not drawn.
    """
    require(n >= 1, "n", "be at least 1", n)
    generator = np.random.Generator(np.random.SFC64(seed))
    log_weights, first, heaviest, top = np.full(n, -np.inf), np.empty((0, len(image.centre))), image.centre, -math.inf
    for start, stop in _chunks(n):
        index, y, value = _survivors(image, stop - start, top - NOTHING, generator)
        index, y, value = (part[index < n - start] for part in (index, y, value))
        log_weights[start + index] = value
        first = y[:n_first] if start == 0 else first
        if len(value) and value.max() > top:
            top, heaviest = float(value.max()), y[value.argmax()]
    return Draws(log_weights, first, heaviest)


def _chunks(n: int) -> Iterator[tuple[int, int]]:
    """Where chunks of draws begin and end, until there are n or more; a chunk ends wherever estimates are compared."""
    start = 0
    while start < n:
        stop = min([start + CHUNK, *(count for count in COUNTS if count >= N_WHOLE and count > start)])
        yield start, stop
        start = stop


def _survivors(image: Quadratic, n: int, least: float, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of n draws those that end above `least`: their numbers (n',), y (n', D), and log p(x|z) (n',)."""
    index, y, value, first = np.arange(n), np.empty((n, 0)), np.full(n, image.peak), 0
    for width in _widths(len(image.centre)):
        part, last = generator.standard_normal((len(index), width)), first + width
        value = value - 0.5 * ((part - image.centre[first:last]) ** 2 @ image.curvature[first:last])
        stay = value > least
        index, value, y, first = index[stay], value[stay], np.hstack([y[stay], part[stay]]), last
    return index, y, value


def _widths(n_dims: int) -> Iterator[int]:
    """How many dimensions are drawn at a time: few at first, where most draws are dropped."""
    width, left = 3, n_dims
    while left > 0:
        yield min(width, left)
        left, width = left - width, 2 * width


def from_posterior(image: Quadratic, n: int, seed: int, *, n_first: int = 5) -> Draws:
    """Codes from the exact posterior: log p(x|z) + log p(z) − log p(z|x), which is log p(x) for each of them."""
    require(n >= 1, "n", "be at least 1", n)
    generator = np.random.Generator(np.random.SFC64(seed))
    (mean, width), parts, first = image.posterior, [], np.empty((0, len(image.centre)))
    for start, stop in _chunks(n):
        noise = generator.standard_normal((stop - start, len(mean)))
        y = mean + width * noise
        first = y[:n_first] if start == 0 else first
        parts.append(image.log_likelihood(y) - 0.5 * (y**2 - noise**2).sum(-1) + np.log(width).sum())
    return Draws(np.concatenate(parts)[:n], first, first[0])


@dataclass(frozen=True, slots=True, eq=False)
class Ladder:
    """Estimates of log p(x) by more and more draws.

    Attributes:
        counts: K, (C,).
        estimates: one row for each seed, (S, C).
    """

    counts: np.ndarray
    estimates: np.ndarray

    @property
    def median(self) -> np.ndarray:
        """Over the seeds, (C,)."""
        return np.median(self.estimates, axis=0)

    @property
    def half_width(self) -> np.ndarray:
        """Half of the 95 % interval of the median, (C,): from the order of the seeds, of each of which it is below with probability ½."""
        ordered, n = np.sort(self.estimates, axis=0), len(self.estimates)
        first = max(int(binom.ppf(0.025, n, 0.5)), 1)  # of n = 20 the 6th and the 15th: 95.9 %
        return (ordered[n - first] - ordered[first - 1]) / 2

    @property
    def quartiles(self) -> tuple[np.ndarray, np.ndarray]:
        """Lower and upper, over the seeds, (C,) each."""
        low, high = np.quantile(self.estimates, (0.25, 0.75), axis=0)
        return low, high


def ladder(image: Quadratic, *, most: int = COUNTS[-1], posterior: bool = False, seeds: tuple[int, ...] = SEEDS) -> Ladder:
    """Estimates by the first K draws of each seed, for every K of `COUNTS` up to `most`."""
    counts = [count for count in COUNTS if count <= most]
    draw = from_posterior if posterior else from_prior
    rows = [[log_mean(log_weights[:k]) for k in counts] for log_weights in (draw(image, counts[-1], seed).log_weights for seed in seeds)]
    return Ladder(np.array(counts), np.array(rows))
