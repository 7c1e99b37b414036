"""Draws that stand for a posterior: weighted ones from q, which also bound log p(x), and a chain; and ascent without an encoder. Nats."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from scipy.special import logsumexp
from torch import Tensor

from vae_core import bounds
from vae_core.adam import Adam
from vae_core.distributions import Delta, DiagonalGaussian, standard_normal
from vae_core.models import LatentModel

COUNTS = np.array([1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000])
"""Numbers of draws k of the bounds."""
N_DRAWS, N_CHAIN = 10_000, 400
STEP = 1.7
"""Of the chain's proposals, in widths of q along each axis: 2.4/√2 (Gelman, Roberts & Gilks 1996)."""
N_ASCENT, N_STATES, N_CODES = 200, 25, 8
"""Steps of Adam without an encoder, how many of their states are looked at, and codes drawn in each step."""
ASCENT_RATE = 0.1
N_JUDGED = 500
"""Codes by which a state's ELBO is estimated."""


@dataclass(frozen=True, slots=True, eq=False)
class WeightedDraws:
    """Codes from q with their importance weights.

    Attributes:
        z: (n, D).
        log_weights: log p(x, z)/q(z), (n,).
    """

    z: np.ndarray
    log_weights: np.ndarray

    @property
    def log_px(self) -> float:
        """The log of the mean weight, which estimates log p(x)."""
        return float(logsumexp(self.log_weights)) - math.log(len(self.z))

    @property
    def shares(self) -> np.ndarray:
        """Normalised weights, (n,)."""
        return np.exp(self.log_weights - logsumexp(self.log_weights))

    @property
    def effective_size(self) -> float:
        """1/Σ share²: so many draws from the posterior itself would be as good (Kong 1992)."""
        return 1 / float(np.square(self.shares).sum())

    @property
    def standard_error(self) -> float:
        """Of `log_px`, by the delta method: that of the mean weight over the mean weight."""
        relative = self.shares * len(self.z)
        return float(relative.std(ddof=1)) / math.sqrt(len(self.z))

    @property
    def mean(self) -> np.ndarray:
        """E[z|x], (D,), by the weights."""
        return self.shares @ self.z

    def first(self, n: int) -> WeightedDraws:
        """The first n of them."""
        return WeightedDraws(self.z[:n], self.log_weights[:n])


@dataclass(frozen=True, slots=True, eq=False)
class Ladder:
    """The importance-weighted bound by more and more draws.

    Attributes:
        counts: k, (C,).
        bounds: mean over groups of k draws, (C,).
        standard_errors: of that mean; NaN where there is a single group.
    """

    counts: np.ndarray
    bounds: np.ndarray
    standard_errors: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Race:
    """One forward pass of the encoder against gradient ascent in q for this image alone.

    Attributes:
        encoder_seconds: of one forward pass, the median of several.
        encoder_elbo: what it reaches.
        seconds: after which each state of the ascent was reached, (S,).
        elbos: what it reached, (S,).
    """

    encoder_seconds: float
    encoder_elbo: float
    seconds: np.ndarray
    elbos: np.ndarray

    @property
    def overtakes(self) -> float | None:
        """Seconds after which the ascent has reached what the encoder did; None if it has not."""
        there = np.flatnonzero(self.elbos >= self.encoder_elbo)
        return float(self.seconds[there[0]]) if len(there) else None


@torch.no_grad()
def weighted_draws(model: LatentModel, x: Tensor, n: int, seed: int) -> WeightedDraws:
    """n codes from the encoder's q of one image, (1, *shape)."""
    generator, q = torch.Generator().manual_seed(seed), model.posterior(x)
    z = q.expand(n).sample(generator)  # (n, 1, D)
    log_w = [bounds.log_joint(model, x, part) - q.expand(len(part)).log_prob(part) for part in z.split(1000)]
    return WeightedDraws(z[:, 0].double().numpy(), torch.cat(log_w)[:, 0].double().numpy())


def ladder(draws: WeightedDraws) -> Ladder:
    """Bounds (Burda, Grosse & Salakhutdinov 2016, Eq. (8)) from groups of draws."""
    counts = COUNTS[len(draws.z) >= COUNTS]
    groups = [_group_bounds(draws.log_weights, int(k)) for k in counts]
    errors = [group.std(ddof=1) / math.sqrt(len(group)) if len(group) > 1 else math.nan for group in groups]
    return Ladder(counts, np.array([group.mean() for group in groups]), np.array(errors))


def _group_bounds(log_w: np.ndarray, k: int) -> np.ndarray:
    n = len(log_w) // k
    return logsumexp(log_w[: n * k].reshape(n, k), axis=1) - math.log(k)


@torch.no_grad()
def chain(model: LatentModel, x: Tensor, seed: int, n: int = N_CHAIN) -> tuple[np.ndarray, float]:
    """A random walk that ends in the posterior of one image, from a draw of q: codes (n, D), and the share of accepted proposals.

    It needs p(x, z) only, not p(x) (Metropolis et al. 1953).
    """
    generator, q = torch.Generator().manual_seed(seed), model.posterior(x)
    z, width = q.sample(generator), STEP * q.variance.sqrt()
    height, visited, n_accepted = bounds.log_joint(model, x, z), [], 0
    for _ in range(n):
        tried = z + width * standard_normal(z, generator)
        tried_height = bounds.log_joint(model, x, tried)
        if torch.rand((), generator=generator).log() < tried_height - height:
            z, height, n_accepted = tried, tried_height, n_accepted + 1
        visited.append(z[0])
    return torch.stack(visited).double().numpy(), n_accepted / n


@torch.no_grad()
def race(model: LatentModel, x: Tensor, seed: int, *, n: int = N_ASCENT, clock: Callable[[], float] = time.perf_counter) -> Race:
    """Time and ELBO of the encoder, and of n steps of Adam on mean and log variance of a diagonal q that begins at the prior."""
    generator = torch.Generator().manual_seed(seed)
    passes = [_seconds(lambda: model.posterior(x), clock) for _ in range(9)]
    states, seconds = _ascent_of_one(model, x, generator, n, clock)
    elbos = np.array([_elbo(model, x, state, seed) for state in states])
    return Race(float(np.median(passes)), _elbo(model, x, model.posterior(x), seed), np.array(seconds), elbos)


def _seconds(work: Callable[[], object], clock: Callable[[], float]) -> float:
    start = clock()
    work()
    return clock() - start


def _ascent_of_one(
    model: LatentModel, x: Tensor, generator: torch.Generator, n: int, clock: Callable[[], float]
) -> tuple[list[DiagonalGaussian], list[float]]:
    """Some states on the way, and the seconds of ascent after which each was there; what it takes to look is not counted."""
    q = torch.zeros(2, 1, model.spec.latent_dim, requires_grad=True)
    adam = Adam([q], lr=ASCENT_RATE)
    states, seconds, spent = [], [], 0.0
    for step in range(1, n + 1):
        start = clock()
        with torch.enable_grad():
            at = DiagonalGaussian(*q)
            distortion = -model.likelihood(at.expand(N_CODES).sample(generator)).log_prob(x).mean(0)
            (q.grad,) = torch.autograd.grad((distortion + at.kl_per_dim().sum(-1)).sum(), q)
        adam.step()
        spent += clock() - start
        if step % (N_ASCENT // N_STATES) == 0:
            states.append(DiagonalGaussian(*q.detach().clone()))
            seconds.append(spent)
    return states, seconds


def _elbo(model: LatentModel, x: Tensor, q: DiagonalGaussian | Delta, seed: int) -> float:
    """By `N_JUDGED` draws, the same for all that are compared."""
    z = q.expand(N_JUDGED).sample(torch.Generator().manual_seed(seed))
    return float(model.likelihood(z).log_prob(x).mean() - q.kl_per_dim().sum())
