"""Two unbiased estimates of d/dμ E[f(z)], z ~ N(μ, σ²): along the path z = μ + σε, and by the score function.

    pathwise        f′(z)                                      (Kingma & Welling 2014, Sec. 2.4; Rezende et al. 2014, Eq. (14))
    score function  (f(z) − b)·∂ log q(z)/∂μ = (f(z) − b)·ε/σ   (Williams 1992; b is a baseline that does not depend on z)

For f(z) = z² both have exact variances: f′ = 2μ + 2σε gives 4σ². With E[ε⁴] = 3, E[ε⁶] = 15, the second has
E[z⁴ε²]/σ² − 2b E[z²ε²]/σ² + b²/σ² − 4μ² = (μ⁴ + 18μ²σ² + 15σ⁴ − 2b(μ² + 3σ²) + b²)/σ² − 4μ², which is μ⁴/σ² + 14μ² + 15σ² for b = 0, and
8μ² + 10σ² for b = E[z²] = μ² + σ².
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch

from vae_core.errors import require
from vae_core.explore.elbo.inside import observed, of_layers
from vae_core.explore.means import Mean, ratio_of
from vae_core.models.base import LatentModel
from vae_core.statistics import Z_95, standard_error_of_sd

COUNTS = (1, 2, 5, 10, 20, 50, 100, 200, 500)
"""Numbers of draws N whose mean is taken."""
OF_SQUARE, OF_MODEL = 100_000, 4_000
"""Draws of each race."""
AT_ONCE = 1_000
"""Codes that are decoded together."""


@dataclass(frozen=True, slots=True, eq=False)
class Race:
    """Draws of both estimates of one gradient, from the same noise.

    Attributes:
        pathwise: (n,).
        score: (n,).
        gradient: the exact one, where it is known.
        exact: variances of a draw of each, where they are known.
    """

    pathwise: np.ndarray
    score: np.ndarray
    gradient: float | None = None
    exact: tuple[float, float] | None = None

    @property
    def variances(self) -> tuple[float, float]:
        """Of a draw of each: the exact ones, else those of the draws."""
        return self.exact or self.measured

    @property
    def measured(self) -> tuple[float, float]:
        """Variances of the draws."""
        return float(self.pathwise.var(ddof=1)), float(self.score.var(ddof=1))

    @property
    def ratio(self) -> float:
        """So many draws of the score function are worth one along the path."""
        return self.variances[1] / self.variances[0]

    @property
    def times(self) -> Mean:
        """The ratio, with the interval over draws where the variances are theirs."""
        return self._over(self.score, self.pathwise)

    @property
    def times_less(self) -> Mean:
        """So many draws along the path are worth one of the score function."""
        return self._over(self.pathwise, self.score)

    def _over(self, above: np.ndarray, below: np.ndarray) -> Mean:
        of_draws = ratio_of(*(np.square(draws - draws.mean()) for draws in (above, below)))
        return Mean(self.ratio if above is self.score else 1 / self.ratio, None if self.exact else of_draws.half_width, of_draws.n)

    @property
    def apart(self) -> float:
        """Difference of both means in its standard errors, of the paired draws."""
        difference = self.score - self.pathwise
        return float(difference.mean() / (difference.std(ddof=1) / math.sqrt(len(difference))))


def exact_variances(mu: float, sigma: float, *, baseline: bool) -> tuple[float, float]:
    """Variances of a pathwise and of a score-function draw for f(z) = z²; the baseline is E[z²]."""
    b = mu**2 + sigma**2 if baseline else 0.0
    second = (mu**4 + 18 * mu**2 * sigma**2 + 15 * sigma**4 - 2 * b * (mu**2 + 3 * sigma**2) + b**2) / sigma**2
    return 4 * sigma**2, second - 4 * mu**2


def noise(seed: int, n: int = OF_SQUARE) -> np.ndarray:
    """ε of each draw, (n,)."""
    return np.random.Generator(np.random.SFC64(seed)).standard_normal(n)


def of_square(mu: float, sigma: float, seed: int, *, baseline: bool = False, n: int = OF_SQUARE) -> Race:
    """Both estimates of d/dμ E[z²] = 2μ."""
    eps = noise(seed, n)
    z, b = mu + sigma * eps, mu**2 + sigma**2 if baseline else 0.0
    return Race(2 * z, (z**2 - b) * eps / sigma, 2 * mu, exact_variances(mu, sigma, baseline=baseline))


def of_model(model: LatentModel, image: np.ndarray, dim: int, seed: int, *, baseline: bool = False, n: int = OF_MODEL) -> Race:
    """Both estimates of d/dμ_j E_q[−log p(x|z)] of a VAE, in nats.

    Args:
        model: a VAE.
        image: uint8, (C, H, W).
        dim: j, from 0.
        seed: of the noise.
        baseline: whether the mean of the other draws is subtracted from each f.
        n: number of draws.
    """
    require(n >= 2, "n", "be at least 2", n)
    vae = of_layers(model)
    x = observed(vae, image)
    with torch.no_grad():
        q = vae.posterior(x)
    eps = torch.randn((n, model.spec.latent_dim), generator=torch.Generator().manual_seed(seed))
    parts = [_distortions(vae, x, q.at(part)) for part in eps.split(AT_ONCE)]
    f, slope = (np.concatenate(column) for column in zip(*parts, strict=True))
    b = (f.sum() - f) / (n - 1) if baseline else 0.0
    width = float(q.variance[0, dim].double().sqrt())
    return Race(slope[:, dim], (f - b) * eps[:, dim].double().numpy() / width)


def _distortions(model: LatentModel, x: torch.Tensor, z: torch.Tensor) -> tuple[np.ndarray, np.ndarray]:
    """−log p(x|z) of codes, (n,), and its gradient by each code, (n, D)."""
    z = z.detach().requires_grad_()
    f = -model.likelihood(z).log_prob(x)
    (slope,) = torch.autograd.grad(f.sum(), z)
    return f.detach().double().numpy(), slope.double().numpy()


def covariances_of_means(eps: np.ndarray, counts: tuple[int, ...] = COUNTS) -> np.ndarray:
    """Covariances of the means of N draws of ε, ε² and ε³, (C, 3, 3), from disjoint groups of so many.

    For f(z) = z² both estimates are polynomials of ε, so that these give their `spread_of_means` at every μ and σ.
    """
    powers = np.stack([eps, eps**2, eps**3])
    return np.stack([np.cov(powers[:, : len(eps) // n * n].reshape(3, -1, n).mean(-1)) for n in counts])


def spread_of_means(draws: np.ndarray, counts: tuple[int, ...] = COUNTS) -> tuple[np.ndarray, np.ndarray]:
    """Standard deviation of the mean of N draws, and half of its 95 % interval, (C,) each, from disjoint groups of so many.

    Args:
        draws: independent, (n,).
        counts: N, each at most n/4.
    """
    means = [draws[: len(draws) // n * n].reshape(-1, n) @ np.full(n, 1 / n) for n in counts]
    return np.array([of_one.std(ddof=1) for of_one in means]), Z_95 * np.array([standard_error_of_sd(of_one) for of_one in means])


def slope_of(spread: np.ndarray, counts: tuple[int, ...] = COUNTS) -> float:
    """Exponent of N in the spread of the mean: −½ for independent draws."""
    return float(np.polyfit(np.log(counts), np.log(spread), 1, w=1 / np.sqrt(counts))[0])
