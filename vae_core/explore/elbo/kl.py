"""KL divergence of two Gaussians: closed form, quadrature, draws; where it is no metric; what it makes of a posterior's width. Nats.

`kl.js` does the same in the browser. q = N(m, s²), and p is the prior N(0, 1) where none is named.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from vae_core.errors import require
from vae_core.explore.elbo.gaussian import LOG_TAU, PRIOR, Gaussian, kl

WIDTHS = (0.01, 3.0)
"""What the width of q may be."""
N_DRAWS = (10, 100, 1000)
"""Draws that a Monte Carlo estimate may have."""
LEVELS = (0.1, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Contour lines of the map, nats."""
N_SIDE, N_ROUNDS = 13, 7
"""The search for a Gaussian between two looks at so many squared places, and narrows around the best so many times."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over draws.

    Attributes:
        value: nats.
        standard_error: nats.
        n: draws.
    """

    value: float
    standard_error: float
    n: int


def draws(n: int, seed: int) -> np.ndarray:
    """Standard normal ε to four decimals, as the browser is sent them, (n,)."""
    return np.round(np.random.default_rng(seed).standard_normal(n), 4)


def quadrature(q: Gaussian, p: Gaussian) -> float:
    """∫ q ln(q/p) dz by the trapezoid rule."""
    return q.expectation(q.log_density(q.nodes) - p.log_density(q.nodes))


def monte_carlo(q: Gaussian, p: Gaussian, eps: np.ndarray) -> Estimate:
    """The mean of ln q(z) − ln p(z) with z = m + s·ε, and its standard error.

    Args:
        q: what is drawn from.
        p: the other.
        eps: standard normal, (N,), at least two.
    """
    z = q.mean + q.width * eps
    ratios = q.log_density(z) - p.log_density(z)
    return Estimate(float(ratios.mean()), float(ratios.std(ddof=1) / math.sqrt(len(eps))), len(eps))


def integrals(q: Gaussian, p: Gaussian) -> dict[str, tuple[float, float]]:
    """The two integrals whose difference is the divergence, each in closed form and by quadrature.

    For p = N(0, 1) they are −½ ln 2π − ½(1 + ln s²) and −½ ln 2π − ½(m² + s²).
    """
    own = -0.5 * LOG_TAU - 0.5 * (1 + math.log(q.width**2))
    other = -0.5 * LOG_TAU - math.log(p.width) - 0.5 * ((q.mean - p.mean) ** 2 + q.width**2) / p.width**2
    found = [q.expectation(one.log_density(q.nodes)) for one in (q, p)]
    return {"q log q": (own, found[0]), "q log p": (other, found[1])}


def contour(level: float, width: np.ndarray, *, swapped: bool = False) -> np.ndarray:
    """|m| at which KL(N(m, s²) ‖ N(0, 1)) is so many nats, or the swapped one is; NaN for a width at which it is more everywhere.

    Args:
        level: nats.
        width: s, (N,).
        swapped: whether the divergence is that from p to q.
    """
    log_width = np.log(width)
    squared = 2 * width**2 * (level + 0.5 - log_width) - 1 if swapped else 2 * level + 1 - width**2 + 2 * log_width
    return np.sqrt(np.where(squared >= 0, squared, np.nan))


def between(q: Gaussian, p: Gaussian) -> Gaussian:
    """The r that makes KL(q ‖ r) + KL(r ‖ p) least, by a search that narrows: a way round that is shorter than the direct one."""
    mean, log_width = (q.mean + p.mean) / 2, (math.log(q.width) + math.log(p.width)) / 2
    reach = (abs(q.mean - p.mean) / 2 + 0.1, abs(math.log(q.width / p.width)) / 2 + 1.0)
    steps = np.linspace(-1, 1, N_SIDE)
    for _ in range(N_ROUNDS):
        places = [Gaussian(mean + a * reach[0], math.exp(log_width + b * reach[1])) for a in steps for b in steps]
        best = min(places, key=lambda r: kl(q, r) + kl(r, p))
        mean, log_width = best.mean, math.log(best.width)
        reach = (reach[0] / 3, reach[1] / 3)
    return Gaussian(mean, math.exp(log_width))


@dataclass(frozen=True, slots=True, eq=False)
class Shrinking:
    """What the width of q(z|x) costs before a linear decoder of slope J with noise η, at the best mean. Nats.

    Attributes:
        error: J²s²/2η, the squared error above its least, (N,).
        divergence: ½(s² − 1 − ln s²), the part of the KL that the width makes, (N,).
    """

    error: np.ndarray
    divergence: np.ndarray

    @property
    def total(self) -> np.ndarray:
        """Their sum, (N,)."""
        return self.error + self.divergence


def shrinking(width: np.ndarray, sharpness: float) -> Shrinking:
    """Both costs at widths s, (N,), for sharpness J²/η."""
    return Shrinking(0.5 * sharpness * width**2, 0.5 * (width**2 - 1) - np.log(width))


def best_width(sharpness: float) -> float:
    """The s of the least total: 1/√(1 + J²/η).

    Raises:
        ValueError: for a negative sharpness.
    """
    require(sharpness >= 0, "sharpness", "be at least 0", sharpness)
    return 1 / math.sqrt(1 + sharpness)


def kl_to_prior(mean: np.ndarray, width: np.ndarray) -> np.ndarray:
    """KL(N(m, s²) ‖ N(0, 1)) over arrays of one shape."""
    return 0.5 * (mean**2 + width**2 - 1) - np.log(width)


def both_ways(q: Gaussian, p: Gaussian = PRIOR) -> tuple[float, float]:
    """KL(q ‖ p) and KL(p ‖ q)."""
    return kl(q, p), kl(p, q)
