"""The ring: N(0, I) pushed through g(z) = z/a + b·z/‖z‖, with its law in closed form in any number of dimensions.

With r = ‖z‖, which is chi distributed with d degrees of freedom, the image has radius ρ = r/a + b and a uniform direction. In the plane
with a = 10 and b = 1 this is the map of Doersch 2016, Fig. 2.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import integrate, special, stats

from vae_core.errors import require
from vae_core.statistics import Z_95, share_interval, standard_error, standard_error_of_sd, standard_error_of_share

LOG_2PI = math.log(2 * math.pi)
REACH = 12.0
"""Integrals over r reach so far to both sides of √d, where nearly all of a chi law lies: its standard deviation is 0.71 at most."""


@dataclass(frozen=True, slots=True)
class RadiusLaw:
    """Law of ρ = r/a + b for r chi distributed with `dim` degrees of freedom.

    Attributes:
        a: what z is divided by, above 0.
        b: radius of the sphere that the origin is blown up to, at least 0.
        dim: number of dimensions d.
    """

    a: float = 10.0
    b: float = 1.0
    dim: int = 2

    def __post_init__(self) -> None:
        require(0 < self.a < math.inf, "a", "be above 0", self.a)
        require(0 <= self.b < math.inf, "b", "be at least 0", self.b)
        require(self.dim >= 1, "dim", "be at least 1", self.dim)

    @property
    def mean(self) -> float:
        """E ρ = b + √2 Γ((d + 1)/2)/Γ(d/2)/a."""
        return self.b + float(stats.chi.mean(self.dim)) / self.a

    @property
    def sd(self) -> float:
        """Standard deviation of ρ, √(d − (E r)²)/a."""
        return float(stats.chi.std(self.dim)) / self.a

    @property
    def mode(self) -> float:
        """The most likely radius, b + √(d − 1)/a."""
        return self.b + math.sqrt(self.dim - 1) / self.a

    def density(self, rho: np.ndarray) -> np.ndarray:
        """p(ρ) = a·χ_d(a(ρ − b)), 0 below b."""
        return self.a * stats.chi.pdf(self.a * (np.asarray(rho) - self.b), self.dim)

    def log_density(self, rho: np.ndarray) -> np.ndarray:
        """log p(ρ), also where p(ρ) is too small for a float."""
        return math.log(self.a) + stats.chi.logpdf(self.a * (np.asarray(rho) - self.b), self.dim)

    def cdf(self, rho: np.ndarray | float) -> np.ndarray:
        """P(radius ≤ ρ)."""
        return stats.chi.cdf(self.a * (np.asarray(rho) - self.b), self.dim)

    def share(self, low: float, high: float) -> float:
        """P(low < radius < high)."""
        return float(self.cdf(high) - self.cdf(low))

    def quantile(self, probability: float) -> float:
        """The radius that a share `probability` of the points stays within."""
        return self.b + float(stats.chi.ppf(probability, self.dim)) / self.a


@dataclass(frozen=True, slots=True)
class Ring:
    """The map g(z) = z/a + b·z/‖z‖ on (..., d) arrays, its inverse, its Jacobian determinant and the density of its image."""

    a: float = 10.0
    b: float = 1.0
    dim: int = 2

    def __post_init__(self) -> None:
        RadiusLaw(self.a, self.b, self.dim)

    @property
    def radius(self) -> RadiusLaw:
        """Law of ‖g(z)‖."""
        return RadiusLaw(self.a, self.b, self.dim)

    def forward(self, z: np.ndarray) -> np.ndarray:
        """g(z), (..., d); not defined at the origin for b > 0, where it returns NaN."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return z / self.a + self.b * z / norm(z) if self.b else z / self.a

    def inverse(self, y: np.ndarray) -> np.ndarray:
        """z = a(ρ − b)·y/ρ, (..., d), for ρ = ‖y‖ > b; NaN inside, which no z reaches."""
        rho = norm(y)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(rho > self.b, self.a * (rho - self.b) * y / rho, np.nan)

    def log_abs_det(self, z: np.ndarray) -> np.ndarray:
        """log det J = −log a + (d − 1)·log(1/a + b/r), (...). One direction stretches by 1/a, the d − 1 others by ρ/r = 1/a + b/r."""
        with np.errstate(divide="ignore"):
            return -math.log(self.a) + (self.dim - 1) * np.log(1 / self.a + self.b / norm(z)[..., 0])

    def log_density(self, y: np.ndarray) -> np.ndarray:
        """log p(y) = log p(ρ) − log(S_d ρ^(d−1)), (...), with S_d the area of the unit sphere; −inf for ρ ≤ b."""
        rho = norm(y)[..., 0]
        with np.errstate(divide="ignore", invalid="ignore"):
            value = self.radius.log_density(rho) - log_sphere_area(self.dim) - (self.dim - 1) * np.log(rho)
        return np.where(rho > self.b, value, -np.inf)

    def entropy(self) -> tuple[float, float]:
        """−E[log p(y)] = ½d·log(2πe) + E[log det J] in nats, and the absolute error that the quadrature over r reports."""

        log_constant = math.log(2 ** (self.dim / 2 - 1)) + math.lgamma(self.dim / 2)  # of the chi density

        def integrand(r: float) -> float:
            return math.exp((self.dim - 1) * math.log(r) - r * r / 2 - log_constant) * math.log(1 / self.a + self.b / r)

        peak = math.sqrt(self.dim)
        low, high = max(0.0, peak - REACH), peak + REACH
        stretch, error = integrate.quad(integrand, low, high, epsabs=1e-10, epsrel=1e-10, limit=200, points=[peak])
        gaussian = 0.5 * self.dim * (LOG_2PI + 1)
        return gaussian - math.log(self.a) + (self.dim - 1) * stretch, (self.dim - 1) * error


def single_gaussian_kl(ring: Ring) -> float:
    """KL(p‖N(0, v·I)) in nats for the best v = E ρ²/d: what a model scores whose decoder ignores z."""
    law = ring.radius
    variance = (law.mean**2 + law.sd**2) / ring.dim
    return 0.5 * ring.dim * (LOG_2PI + math.log(variance) + 1) - ring.entropy()[0]


def share_in_the_hole(ring: Ring, noise: float) -> float:
    """P(‖y + noise·ε‖ < b) for y of the ring and ε ~ N(0, I): what noise alone brings into the hole, by quadrature over ρ."""
    law = ring.radius
    inside = lambda rho: float(stats.ncx2.cdf((law.b / noise) ** 2, ring.dim, (rho / noise) ** 2)) * float(law.density(rho))  # noqa: E731
    return float(integrate.quad(inside, law.b, law.quantile(1 - 1e-12), limit=200)[0])


def norm(z: np.ndarray) -> np.ndarray:
    """‖z‖, (..., d) -> (..., 1)."""
    return np.linalg.norm(z, axis=-1, keepdims=True)


def log_sphere_area(dim: int) -> float:
    """log of the area of the unit sphere in d dimensions, 2π^(d/2)/Γ(d/2)."""
    return math.log(2 * math.pi ** (dim / 2)) - float(special.gammaln(dim / 2))


def chi_density(r: np.ndarray, dim: int) -> np.ndarray:
    """Density of r = ‖z‖ for z ~ N(0, I) in d dimensions, (...)."""
    return stats.chi.pdf(r, dim)


def log_standard_normal(z: np.ndarray) -> np.ndarray:
    """log N(z; 0, I), (..., d) -> (...)."""
    return -0.5 * (z**2 + LOG_2PI).sum(-1)


def prior_samples(n_points: int, dim: int, seed: int = 0) -> np.ndarray:
    """z ~ N(0, I), (N, d) float32; more points or another seed are another draw."""
    require(n_points >= 1, "n_points", "be at least 1", n_points)
    return np.random.default_rng(seed).standard_normal((n_points, dim)).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number of the exact law beside the sample's estimate of it.

    Attributes:
        name: of the number.
        exact: None where no closed form exists.
        sample: the estimate.
        standard_error: of a mean; of a share that which the exact share has.
        n: of how many points it is a share; None for a mean.
    """

    name: str
    exact: float | None
    sample: float
    standard_error: float
    n: int | None = None

    @property
    def half_width(self) -> float:
        """Of the 95 % interval of the sample's estimate; of a share half of the width of Wilson's."""
        if self.n is None:
            return Z_95 * self.standard_error
        low, high = share_interval(self.sample, self.n)
        return (high - low) / 2

    @property
    def deviation(self) -> float | None:
        """How many standard errors the sample is away from the exact value."""
        return None if self.exact is None else (self.sample - self.exact) / self.standard_error


def ring_estimates(ring: Ring, y: np.ndarray) -> list[Estimate]:
    """Exact beside sampled: mean radius, its standard deviation, the share in b < ρ < b + 2/a, the hole, and the entropy.

    Args:
        ring: the map.
        y: its samples, (N, d).
    """
    law, rho = ring.radius, norm(y)[:, 0]
    within = (rho > law.b) & (rho < law.b + 2 / law.a)
    exact_share = law.share(law.b, law.b + 2 / law.a)
    surprise = -ring.log_density(y)
    return [
        Estimate("mean radius", law.mean, float(rho.mean()), standard_error(rho)),
        Estimate("sd of the radius", law.sd, float(rho.std(ddof=1)), standard_error_of_sd(rho)),
        Estimate(
            f"{law.b:g} < ρ < {law.b + 2 / law.a:.3g}",
            exact_share,
            float(within.mean()),
            standard_error_of_share(exact_share, len(rho)),
            len(rho),
        ),
        Estimate("entropy", ring.entropy()[0], float(surprise.mean()), standard_error(surprise)),
    ]
