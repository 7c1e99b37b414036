"""How near log p(x) can be brought: importance-weighted bounds, and quadrature over the code. Nats."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from vae_core.distributions import standard_normal_log_prob
from vae_core.models.base import LatentModel


def log_weights(model: LatentModel, x: Tensor, n_samples: int, generator: torch.Generator) -> Tensor:
    """log p(x, z_i)/q(z_i|x) for z_i ~ q(z|x): images (B, *shape) -> (n_samples, B)."""
    posterior = model.posterior(x).expand(n_samples)
    z = posterior.sample(generator)  # (n_samples, B, D)
    log_px_z = model.likelihood(z).log_prob(x)
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
    if model.y is not None and model.y.ndim > 0:  # to each label belongs another decoder
        return _by_label(model, model.y, x, lambda given, part: log_px_by_quadrature(given, part, box, at_once))
    nodes = box.nodes(model.spec.latent_dim).to(x.device)
    total = torch.full((len(x),), -math.inf, device=x.device)
    for z in nodes.split(at_once):
        log_joint = model.likelihood(z).pairwise_log_prob(x) + standard_normal_log_prob(z)  # (B, G)
        total = torch.logaddexp(total, log_joint.logsumexp(-1))
    return total + box.log_cell(model.spec.latent_dim)


def _by_label(model: LatentModel, labels: Tensor, x: Tensor, figure: Callable[[LatentModel, Tensor], Tensor]) -> Tensor:
    """One number an image, (B,), of a model that was given the label of each: `figure` of the images of one label at a time."""
    numbers = torch.empty(len(x), device=x.device)
    for y in labels.unique():
        numbers[labels == y] = figure(model.given(y), x[labels == y])
    return numbers
