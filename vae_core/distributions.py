"""What `encode` and `decode` return: small values with `mean`, `sample`, `log_prob`, and `kl_per_dim` where it is closed.

Every `log_prob` sums over the dimensions of one event (the code, or the pixels of one image) and leaves the rest: (..., *event) -> (...).
All densities are normalised. Bernoulli is a probability of binary images; the others are densities on real ones.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn import functional

LOG_2PI = math.log(2 * math.pi)


def standard_normal(like: Tensor, generator: torch.Generator) -> Tensor:
    """Noise eps ~ N(0, 1) in the shape, type and place of a tensor."""
    return torch.randn(like.shape, generator=generator, device=like.device, dtype=like.dtype)


def uniform(like: Tensor, generator: torch.Generator) -> Tensor:
    """Noise u ~ U(0, 1) in the shape, type and place of a tensor."""
    return torch.rand(like.shape, generator=generator, device=like.device, dtype=like.dtype)


@dataclass(frozen=True, slots=True)
class Delta:
    """A point mass: what a deterministic encoder or decoder returns. It has no density."""

    mean: Tensor

    def sample(self, generator: torch.Generator | None = None) -> Tensor:
        """The point itself."""
        return self.mean

    @property
    def variance(self) -> Tensor:
        """Zero, in the shape of the point."""
        return torch.zeros_like(self.mean)

    def expand(self, n_samples: int) -> Delta:
        """The same point, once for each of several samples: (n_samples, ..., D)."""
        return Delta(self.mean.expand(n_samples, *self.mean.shape))

    def log_prob(self, value: Tensor) -> Tensor:
        """Never returns.

        Raises:
            ValueError: always; a point mass has no density.
        """
        raise ValueError("model must define a density for log p(x), got a deterministic one: use ppca or vae")

    def pairwise_log_prob(self, x: Tensor) -> Tensor:
        """Never returns: there is no density (`log_prob`)."""
        return self.log_prob(x)

    def kl_per_dim(self) -> Tensor:
        """Never returns: there is no density (`log_prob`)."""
        return self.log_prob(self.mean)


@dataclass(frozen=True, slots=True)
class DiagonalGaussian:
    """N(mu, diag exp(logvar)) over codes of shape (..., D)."""

    mu: Tensor
    logvar: Tensor

    @property
    def mean(self) -> Tensor:
        """mu, (..., D)."""
        return self.mu

    @property
    def variance(self) -> Tensor:
        """sigma squared, (..., D)."""
        return self.logvar.exp()

    def sample(self, generator: torch.Generator) -> Tensor:
        """z = mu + sigma * eps, so that gradients reach mu and sigma (Kingma & Welling 2014, Sec. 2.4)."""
        return self.at(standard_normal(self.mu, generator))

    def at(self, eps: Tensor) -> Tensor:
        """z = mu + sigma * eps for given noise, (..., D)."""
        return self.mu + (0.5 * self.logvar).exp() * eps

    def log_prob(self, z: Tensor) -> Tensor:
        """log N(z; mu, sigma squared), summed over the code: (..., D) -> (...)."""
        return -0.5 * ((z - self.mu) ** 2 / self.variance + self.logvar + LOG_2PI).sum(-1)

    def kl_per_dim(self) -> Tensor:
        """KL(N(mu, sigma²) || N(0, 1)) of each dimension, (..., D), never negative (Kingma & Welling 2014, App. B)."""
        return 0.5 * (self.mu**2 + (self.logvar.expm1() - self.logvar))

    def expand(self, n_samples: int) -> DiagonalGaussian:
        """The same distribution, once for each of several samples: (n_samples, ..., D)."""
        lead = (n_samples, *self.mu.shape)
        return DiagonalGaussian(self.mu.expand(lead), self.logvar.expand(lead))


def standard_normal_log_prob(z: Tensor) -> Tensor:
    """log N(z; 0, I), the prior of every model here: (..., D) -> (...)."""
    return -0.5 * (z**2 + LOG_2PI).sum(-1)


@dataclass(frozen=True, slots=True)
class Likelihood:
    """p(x|z) with independent pixels; a subclass says the law of one pixel.

    Attributes:
        mean: E[x|z], (..., *event).
        event_ndim: how many trailing dimensions make one image, 3 for (C, H, W), 1 for points.
    """

    if TYPE_CHECKING:  # what every law of a pixel has; a slot of this class could not be a property of a law

        @property
        def event_ndim(self) -> int: ...

        @property
        def mean(self) -> Tensor: ...

        def sample(self, generator: torch.Generator) -> Tensor: ...

        def log_prob(self, x: Tensor) -> Tensor: ...

    def _sum(self, per_pixel: Tensor) -> Tensor:
        return per_pixel.flatten(-self.event_ndim).sum(-1)

    def pairwise_log_prob(self, x: Tensor) -> Tensor:
        """log p(x_n|z_g) of every image under every code: images (N, *event), parameters (G, *event) -> (N, G)."""
        return torch.stack([self.log_prob(image) for image in x])


@dataclass(frozen=True, slots=True)
class Bernoulli(Likelihood):
    """Binary pixels; `logits` (..., *event) of P(x = 1)."""

    logits: Tensor
    event_ndim: int

    @property
    def mean(self) -> Tensor:
        """P(x = 1)."""
        return torch.sigmoid(self.logits)

    def sample(self, generator: torch.Generator) -> Tensor:
        """Binary images."""
        return (uniform(self.logits, generator) < self.mean).to(self.logits.dtype)

    def log_prob(self, x: Tensor) -> Tensor:
        """log of the probability of binary x. From logits: six times as fast as from probabilities, and exact at 0 and 1."""
        logits, target = torch.broadcast_tensors(self.logits, x)
        return -self._sum(functional.binary_cross_entropy_with_logits(logits, target, reduction="none"))

    def pairwise_log_prob(self, x: Tensor) -> Tensor:
        eta = self.logits.flatten(-self.event_ndim)  # (G, P)
        return x.flatten(-self.event_ndim) @ eta.T - functional.softplus(eta).sum(-1)


@dataclass(frozen=True, slots=True)
class ContinuousBernoulli(Likelihood):
    """Density on [0, 1] proportional to exp(logit · x) (Loaiza-Ganem & Cunningham 2019, Eq. (6)-(8))."""

    logits: Tensor
    event_ndim: int

    NEAR_ZERO = 0.3  # below, the series is more exact in float32 than the closed form

    @property
    def mean(self) -> Tensor:
        """E[x] = 1/(1 − e^−η) − 1/η for the logit η. It is not the sigmoid of η."""
        eta = self._away_from_zero()
        series = 0.5 + self.logits / 12 - self.logits**3 / 720
        return torch.where(self.logits.abs() < self.NEAR_ZERO, series, 1 / -torch.expm1(-eta) - 1 / eta)

    def sample(self, generator: torch.Generator) -> Tensor:
        """Inverse of the distribution function: x = log(1 + u(e^η − 1))/η, arranged not to overflow."""
        u, eta = uniform(self.logits, generator), self._away_from_zero().abs()
        x = 1 + torch.log(u + (1 - u) * torch.exp(-eta)) / eta
        x = torch.where(self.logits.abs() < self.NEAR_ZERO / 100, u, x)
        return torch.where(self.logits >= 0, x, 1 - x).clamp(0, 1)

    def log_prob(self, x: Tensor) -> Tensor:
        """η·x − log ∫ exp(η·t) dt over [0, 1], summed over pixels."""
        return self._sum(self.logits * x - self._log_integral())

    def pairwise_log_prob(self, x: Tensor) -> Tensor:
        eta = self.logits.flatten(-self.event_ndim)  # (G, P)
        return x.flatten(-self.event_ndim) @ eta.T - self._sum(self._log_integral())

    def _log_integral(self) -> Tensor:
        """log((e^η − 1)/η)."""
        size = self._away_from_zero().abs()
        closed = size.where(self.logits > 0, torch.zeros_like(size)) + torch.log(-torch.expm1(-size)) - size.log()
        series = self.logits / 2 + self.logits**2 / 24 - self.logits**4 / 2880
        return torch.where(self.logits.abs() < self.NEAR_ZERO, series, closed)

    def _away_from_zero(self) -> Tensor:
        """η, replaced by a harmless number where the series is used, so that no gradient is NaN."""
        return torch.where(self.logits.abs() < self.NEAR_ZERO / 100, torch.ones_like(self.logits), self.logits)


@dataclass(frozen=True, slots=True)
class Gaussian(Likelihood):
    """N(mean, scale²) for each pixel; one scale (σ, not σ²) for all."""

    mean: Tensor
    scale: Tensor
    event_ndim: int

    def sample(self, generator: torch.Generator) -> Tensor:
        """mean + scale · eps; not clipped to [0, 1]."""
        return self.mean + self.scale * standard_normal(self.mean, generator)

    def log_prob(self, x: Tensor) -> Tensor:
        """−‖x − mean‖²/2σ² − D ln σ − ½ D ln 2π."""
        return self._sum(-0.5 * ((x - self.mean) / self.scale) ** 2 - self.scale.log() - 0.5 * LOG_2PI)

    def pairwise_log_prob(self, x: Tensor) -> Tensor:
        mean = self.mean.flatten(-self.event_ndim)  # (G, P)
        centre = mean.mean(0)  # of which all of them have much: its squares would round what sets them apart away
        x, mean = x.flatten(-self.event_ndim) - centre, mean - centre
        sse = (x**2).sum(-1, keepdim=True) - 2 * x @ mean.T + (mean**2).sum(-1)
        return -0.5 * sse / self.scale**2 - x.shape[-1] * (self.scale.log() + 0.5 * LOG_2PI)


@dataclass(frozen=True, slots=True)
class Laplace(Likelihood):
    """Laplace(mean, scale) for each pixel: density exp(−|x − mean|/scale)/(2·scale)."""

    mean: Tensor
    scale: Tensor
    event_ndim: int

    def sample(self, generator: torch.Generator) -> Tensor:
        """By the inverse distribution function; not clipped to [0, 1]."""
        u = uniform(self.mean, generator) - 0.5
        return self.mean - self.scale * u.sign() * torch.log1p(-2 * u.abs().clamp(max=0.5 - 1e-7))

    def log_prob(self, x: Tensor) -> Tensor:
        """−|x − mean|/b − ln 2b, summed over pixels."""
        return self._sum(-(x - self.mean).abs() / self.scale - (2 * self.scale).log())


LIKELIHOODS: dict[str, Callable[..., Likelihood]] = {
    "bernoulli": Bernoulli,
    "continuous_bernoulli": ContinuousBernoulli,
    "gaussian": Gaussian,
    "laplace": Laplace,
}
