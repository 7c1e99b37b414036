"""What is minimised and what is measured: the ELBO's two terms, importance-weighted bounds, and log p(x) by quadrature. Nats."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from vae_core.distributions import standard_normal_log_prob

if TYPE_CHECKING:
    from vae_core.models.base import LatentModel


N_AT_ONCE = 2000
"""Images that are evaluated together, and draw their noise together."""


@dataclass(frozen=True, slots=True)
class ElboTerms:
    """Distortion −E_q[log p(x|z)] and rate KL(q(z|x) || p(z)) of each image, (B,) each, in nats."""

    distortion: Tensor
    rate: Tensor

    @property
    def elbo(self) -> Tensor:
        """The evidence lower bound, always the bound to maximise, (B,)."""
        return -(self.distortion + self.rate)

    def loss(self, beta: float | Tensor) -> Tensor:
        """Distortion + beta · rate (Higgins et al. 2017, Eq. (4)), (B,). For beta = 1 the negative ELBO."""
        return self.distortion + beta * self.rate

    def columns(self) -> dict[str, Tensor]:
        """The terms by name, for records."""
        return {"distortion": self.distortion, "rate": self.rate}


@dataclass(frozen=True, slots=True)
class SquaredError:
    """Squared error of each image, summed over pixels, (B,): what a model without a density is trained on."""

    sse: Tensor

    def loss(self, beta: float = 1.0) -> Tensor:
        """The squared error, (B,); there is no rate to weigh."""
        return self.sse

    def columns(self) -> dict[str, Tensor]:
        """The term by name, for records."""
        return {"sse": self.sse}


def squared_error(x: Tensor, x_hat: Tensor) -> Tensor:
    """‖x − x̂‖² of each image, summed over pixels: (B, *shape) and (..., B, *shape) -> (..., B)."""
    return ((x - x_hat) ** 2).flatten(-(x.ndim - 1)).sum(-1)


def elbo_terms(model: LatentModel, x: Tensor, generator: torch.Generator) -> ElboTerms:
    """One-sample estimate of the ELBO's terms, with the rate in closed form (Kingma & Welling 2014, Eq. (7)).

    Args:
        model: a model with a density.
        x: what the model sees, (B, *shape); binary for a Bernoulli likelihood (`model.observed`).
        generator: of the noise eps.
    """
    posterior = model.encode(x)
    distortion = -model.decode(posterior.sample(generator)).log_prob(x)
    return ElboTerms(distortion, rate=posterior.kl_per_dim().sum(-1))


def model_input(x: np.ndarray | Tensor, device: torch.device) -> Tensor:
    """What a model is given: byte/255 for uint8 images, points as they are; float32."""
    tensor = x if isinstance(x, Tensor) else torch.tensor(x)
    as_float = tensor.to(device, torch.float32)
    return as_float / 255 if tensor.dtype == torch.uint8 else as_float


def batches(x: np.ndarray | Tensor, size: int, device: torch.device) -> Iterator[Tensor]:
    """A split's images in their order, as model input, so many at a time: every image once."""
    for first in range(0, len(x), size):
        yield model_input(x[first : first + size], device)


@torch.no_grad()
def mean_terms(
    model: LatentModel, x: np.ndarray | Tensor, *, beta: float = 1.0, seed: int = 0, at_once: int = N_AT_ONCE
) -> dict[str, float]:
    """Means over every image of `loss` and of what it is made of, with noise from the given seed."""
    generator = torch.Generator(model.device).manual_seed(seed)
    sums: dict[str, float] = {}
    for part in batches(x, at_once, model.device):
        terms = model.terms(model.observed(part, generator), generator)
        for name, column in {"loss": terms.loss(beta), **terms.columns()}.items():
            sums[name] = sums.get(name, 0.0) + float(column.sum(dtype=torch.float64))
    return {name: total / len(x) for name, total in sums.items()}


def log_weights(model: LatentModel, x: Tensor, n_samples: int, generator: torch.Generator) -> Tensor:
    """log p(x, z_i)/q(z_i|x) for z_i ~ q(z|x): images (B, *shape) -> (n_samples, B)."""
    posterior = model.encode(x).expand(n_samples)
    z = posterior.sample(generator)  # (n_samples, B, D)
    log_px_z = model.decode(z).log_prob(x)
    return log_px_z + standard_normal_log_prob(z) - posterior.log_prob(z)


def iwae_bound(model: LatentModel, x: Tensor, n_samples: int, generator: torch.Generator, at_once: int = 25) -> Tensor:
    """Importance-weighted lower bound on log p(x) (Burda, Grosse & Salakhutdinov 2016, Eq. (8)), (B,).

    Args:
        model: a model with a density.
        x: what the model sees, (B, *shape).
        n_samples: k, all of which are used.
        generator: of the noise.
        at_once: samples held in memory together.
    """
    total = torch.full((len(x),), -math.inf, device=x.device)
    for first in range(0, n_samples, at_once):
        log_w = log_weights(model, x, min(at_once, n_samples - first), generator)
        total = torch.logaddexp(total, log_w.logsumexp(0))
    return total - math.log(n_samples)


@dataclass(frozen=True, slots=True)
class Box:
    """A grid in latent space for the trapezoid rule: [−half_width, half_width]^D, so many points a unit."""

    half_width: float
    points_per_unit: int

    @property
    def n_points_per_axis(self) -> int:
        """Points along one axis, both ends included."""
        return 2 * round(self.half_width * self.points_per_unit) + 1

    def nodes(self, latent_dim: int) -> Tensor:
        """The grid's points, (G, D)."""
        axis = torch.linspace(-self.half_width, self.half_width, self.n_points_per_axis)
        return torch.cartesian_prod(*[axis] * latent_dim).reshape(-1, latent_dim)

    def log_cell(self, latent_dim: int) -> float:
        """log of the volume that each point stands for."""
        return -latent_dim * math.log(self.points_per_unit)


@torch.no_grad()
def log_px_by_quadrature(model: LatentModel, x: Tensor, box: Box, at_once: int = 1024) -> Tensor:
    """log p(x) = log ∫ p(x|z) p(z) dz by the trapezoid rule over a box, (B,); for one or two latent dimensions.

    For integrands that die out inside the box the rule converges faster than any power of the spacing; `evaluation.quadrature`
    measures the error by refining and widening the box.
    """
    nodes = box.nodes(model.spec.latent_dim).to(x.device)
    total = torch.full((len(x),), -math.inf, device=x.device)
    for z in nodes.split(at_once):
        log_joint = model.decode(z).pairwise_log_prob(x) + standard_normal_log_prob(z)  # (B, G)
        total = torch.logaddexp(total, log_joint.logsumexp(-1))
    return total + box.log_cell(model.spec.latent_dim)
