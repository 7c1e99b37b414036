"""How near log p(x) can be brought: importance-weighted bounds, and quadrature over the code. Nats."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from vae_core.adam import Adam
from vae_core.distributions import LOG_2PI, DiagonalGaussian, standard_normal, standard_normal_log_prob
from vae_core.models.base import LatentModel
from vae_core.models.draw import Draw

SCALES = (1.0, 2.0, 4.0)
"""Of the components of a wider proposal, in standard deviations of q(z|x)."""
N_STARTS = 200
"""Draws from the prior, of which the best is a second start of the way to a mode."""
N_STEPS, STEP = 50, 0.2
"""Of Adam on the way to a mode; its rate falls to zero by half a cosine."""
PARTS = 10
"""In so many parts of equal size the samples of a wider bound are drawn, to see how much it rose from one of them to all."""


@dataclass(frozen=True, slots=True)
class ScaleMixture:
    """r(z) = 1/3 Σ_s N(z; centre, s²σ²) with the `SCALES` s, over codes of shape (..., D): it reaches where a Gaussian does not."""

    centre: Tensor
    sigma: Tensor

    def sample(self, generator: torch.Generator) -> Tensor:
        """centre + s·σ·eps with s drawn anew for each code, so that the bound is one for any number of samples."""
        one_each = torch.randint(len(SCALES), self.centre.shape[:-1], generator=generator, device=self.centre.device)
        scale = self.centre.new_tensor(SCALES)[one_each].unsqueeze(-1)  # (..., 1)
        return self.centre + scale * self.sigma * standard_normal(self.centre, generator)

    def log_prob(self, z: Tensor) -> Tensor:
        """log r(z), summed over the code: (..., D) -> (...)."""
        squared = ((z - self.centre) / self.sigma).square().sum(-1)
        constant = self.sigma.log().sum(-1) + 0.5 * z.shape[-1] * LOG_2PI + math.log(len(SCALES))
        parts = [-0.5 * squared / scale**2 - z.shape[-1] * math.log(scale) for scale in SCALES]
        return torch.stack(parts).logsumexp(0) - constant

    def expand(self, n_samples: int) -> ScaleMixture:
        """The same distribution, once for each of several samples: (n_samples, ..., D)."""
        lead = (n_samples, *self.centre.shape)
        return ScaleMixture(self.centre.expand(lead), self.sigma.expand(lead))


Proposal = DiagonalGaussian | ScaleMixture


def log_joint(model: LatentModel, x: Tensor, z: Tensor) -> Tensor:
    """log p(x, z): images (B, *shape), codes (..., B, D) -> (..., B)."""
    return model.likelihood(z).log_prob(x) + standard_normal_log_prob(z)


def log_weights(model: LatentModel, x: Tensor, n_samples: int, generator: torch.Generator, proposal: Proposal | None = None) -> Tensor:
    """log p(x, z_i)/r(z_i) for z_i ~ r, by default q(z|x): images (B, *shape) -> (n_samples, B)."""
    expanded = (model.posterior(x) if proposal is None else proposal).expand(n_samples)
    z = expanded.sample(generator)  # (n_samples, B, D)
    return log_joint(model, x, z) - expanded.log_prob(z)


def iwae_bound(
    model: LatentModel, x: Tensor, n_samples: int, generator: torch.Generator, at_once: int = 25, proposal: Proposal | None = None
) -> Tensor:
    """Importance-weighted lower bound on log p(x) (Burda, Grosse & Salakhutdinov 2016, Eq. (8)), (B,).

    It is one for any proposal that is positive where p(x, z) is; the nearer that is to the posterior, the nearer the bound to log p(x).

    Args:
        model: a model with a density.
        x: what the model sees, (B, *shape).
        n_samples: k, all of which are used.
        generator: of the noise.
        at_once: samples held in memory together.
        proposal: what codes are drawn from, over (B, D); by default q(z|x).
    """
    total = torch.full((len(x),), -math.inf, device=x.device)
    for first in range(0, n_samples, at_once):
        log_w = log_weights(model, x, min(at_once, n_samples - first), generator, proposal)
        total = torch.logaddexp(total, log_w.logsumexp(0))
    return total - math.log(n_samples)


@torch.no_grad()
def draw_bound(model: Draw, x: Tensor, n_samples: int, generator: torch.Generator, at_once: int = 4000) -> Tensor:
    """The same bound of DRAW, whose code is all that its steps draw, (B,).

    Args:
        model: a DRAW model.
        x: binary images, (B, *shape).
        n_samples: k, all of which are used.
        generator: of the noise.
        at_once: images, each counted once for each of its samples, that are held in memory together.
    """
    parts = []
    for part in x.split(max(1, at_once // n_samples)):
        repeated = part.repeat(n_samples, *(1 for _ in model.shape))  # (n_samples · B, *shape)
        log_w = model.draw(repeated, generator).log_weights(repeated).unflatten(0, (n_samples, len(part)))
        parts.append(log_w.logsumexp(0) - math.log(n_samples))
    return torch.cat(parts)


def wider_bound(model: LatentModel, x: Tensor, n_samples: int, generator: torch.Generator, at_once: int = 4) -> Tensor:
    """The bound from `wider_proposal`, and by how much it rose when its samples became `PARTS` times as many, (B, 2).

    Args:
        model: a model with a density, and an encoder that has a variance.
        x: what the model sees, (B, *shape).
        n_samples: k, a multiple of `PARTS`.
        generator: of the noise.
        at_once: samples held in memory together.
    """
    proposal = wider_proposal(model, x, generator)
    parts = torch.stack([iwae_bound(model, x, n_samples // PARTS, generator, at_once, proposal) for _ in range(PARTS)])
    bound = parts.logsumexp(0) - math.log(PARTS)
    return torch.stack([bound, bound - parts.mean(0)], -1)


def wider_proposal(model: LatentModel, x: Tensor, generator: torch.Generator) -> ScaleMixture:
    """A mixture at a mode of p(z|x), as narrow as q(z|x) and up to four times as wide: for an encoder that errs, or is too sure."""
    return ScaleMixture(posterior_mode(model, x, generator), model.posterior(x).variance.sqrt())


def posterior_mode(model: LatentModel, x: Tensor, generator: torch.Generator) -> Tensor:
    """Where p(x, z) is largest, as far as two ways up find it: from q's mean, and from the best of `N_STARTS` prior draws, (B, D)."""
    ends = _uphill(model, x, torch.stack([model.posterior(x).mean, _best_draw(model, x, generator)]))
    first, second = log_joint(model, x, ends)
    return torch.where((first >= second).unsqueeze(-1), ends[0], ends[1])


def _best_draw(model: LatentModel, x: Tensor, generator: torch.Generator, at_once: int = 4) -> Tensor:
    best, highest = torch.zeros_like(model.posterior(x).mean), x.new_full((len(x),), -math.inf)
    for _ in range(N_STARTS // at_once):
        z = standard_normal(best.expand(at_once, *best.shape), generator)  # (at_once, B, D)
        value, which = log_joint(model, x, z).max(0)
        is_higher = value > highest
        best[is_higher], highest[is_higher] = z[which, torch.arange(len(x), device=x.device)][is_higher], value[is_higher]
    return best


def _uphill(model: LatentModel, x: Tensor, z: Tensor) -> Tensor:
    """Codes (..., B, D) after `N_STEPS` of Adam on log p(x, z)."""
    z = z.clone().requires_grad_(True)
    adam = Adam([z], lr=STEP)
    falling = torch.optim.lr_scheduler.CosineAnnealingLR(adam, N_STEPS)
    for _ in range(N_STEPS):
        with torch.enable_grad():
            (z.grad,) = torch.autograd.grad(-log_joint(model, x, z).sum(), z)
        adam.step()
        falling.step()
    return z.detach()


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

    For integrands that die out inside the box the rule converges faster than any power of the spacing; `log_px.quadrature`
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
