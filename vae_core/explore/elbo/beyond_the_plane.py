"""What the ELBO lacks to log p(x) where a code has more than two dimensions: by bounds, since no grid reaches there. Nats.

log p(x) is replaced by an importance-weighted bound, whose draws come from the best Gaussian that was found. So what the best Gaussian
lacks to log p(x) is at least what it lacks to the bound. The ELBOs are means over the same draws of noise, and the ascents are Adam's.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from vae_core import bounds
from vae_core.adam import Adam
from vae_core.distributions import LOG_2PI, standard_normal
from vae_core.explore.elbo.ascent import Split
from vae_core.explore.elbo.posterior import Gaussian
from vae_core.explore.elbo.posterior_draws import COUNTS
from vae_core.models import LatentModel

N_STEPS, N_CODES, RATE = 150, 16, 0.03
"""Of each ascent: steps, codes drawn in each, and the first learning rate, which falls to 0 by half a cosine."""
N_JUDGED = 2_000
"""Draws of noise by which an ELBO is estimated, the same for each q."""
K = int(COUNTS[-1])
"""Draws of the bound."""


@dataclass(frozen=True, slots=True, eq=False)
class Bounded:
    """q of one image from the encoder, the best diagonal and the best full one, and what each lacks to the bound on log p(x).

    Attributes:
        states: the three, over D dimensions.
        elbos: of the three, (3,); they do not fall.
        split: with the bound in the place of log p(x).
    """

    states: list[Gaussian]
    elbos: np.ndarray
    split: Split


@dataclass(frozen=True, slots=True, eq=False)
class _Affine:
    """q as the distribution of mean + factor · eps: (D,), (D, D) lower triangular."""

    mean: Tensor
    factor: Tensor

    def at(self, eps: Tensor) -> Tensor:
        """Codes (n, 1, D) for noise (n, D)."""
        return (self.mean + eps @ self.factor.T).unsqueeze(1)

    def log_prob_at(self, eps: Tensor) -> Tensor:
        """log q of those codes, (n,)."""
        return -0.5 * (eps.square() + LOG_2PI).sum(-1) - self.factor.diagonal().abs().log().sum()

    def gaussian(self) -> Gaussian:
        """The same as arrays."""
        return Gaussian(self.mean.double().numpy(), (self.factor @ self.factor.T).double().numpy())


@torch.no_grad()
def bounded(model: LatentModel, x: Tensor, seed: int = 0) -> Bounded:
    """The gap of one image, (1, *shape), in its parts."""
    generator, q = torch.Generator().manual_seed(seed), model.posterior(x)
    noise = standard_normal(q.mean.expand(N_JUDGED, -1), generator)
    states = [_Affine(q.mean[0], torch.diag(q.variance[0].sqrt()))]
    gains = [_gains(model, x, states[0], noise)]
    for is_full in (False, True):
        tried = _ascended(model, x, states[-1], is_full, generator)
        gained = _gains(model, x, tried, noise)
        is_better = gained.mean() > gains[-1].mean()
        states.append(tried if is_better else states[-1])
        gains.append(gained if is_better else gains[-1])
    elbos = np.array([float(gain.mean()) for gain in gains])
    top = max(_bound(model, x, states[-1], generator), float(elbos[-1]))
    likelihood = bounds.log_joint(model, x, states[0].at(noise))[:, 0] + 0.5 * (states[0].at(noise)[:, 0].square() + LOG_2PI).sum(-1)
    amortization, diagonal = np.diff(elbos).tolist()
    parts = Split(top, amortization, diagonal, top - float(elbos[-1]), float(likelihood.std()), math.nan)
    return Bounded([state.gaussian() for state in states], elbos, parts)


def _gains(model: LatentModel, x: Tensor, q: _Affine, eps: Tensor) -> Tensor:
    """log p(x, z) − log q(z) of codes of this noise, (n,)."""
    return bounds.log_joint(model, x, q.at(eps))[:, 0] - q.log_prob_at(eps)


def _bound(model: LatentModel, x: Tensor, q: _Affine, generator: torch.Generator) -> float:
    """From `K` codes (Burda, Grosse & Salakhutdinov 2016, Eq. (8))."""
    parts = [_gains(model, x, q, standard_normal(q.mean.expand(K // 10, -1), generator)) for _ in range(10)]
    return float(torch.cat(parts).logsumexp(0)) - math.log(K)


def _ascended(model: LatentModel, x: Tensor, start: _Affine, is_full: bool, generator: torch.Generator) -> _Affine:
    """The start after `N_STEPS` of Adam on its ELBO."""
    mean, log_scale = start.mean.clone().requires_grad_(), start.factor.diagonal().log().requires_grad_()
    lower = torch.zeros_like(start.factor, requires_grad=True)

    def q() -> _Affine:
        return _Affine(mean, torch.diag(log_scale.exp()) @ (torch.eye(len(mean)) + lower.tril(-1)))

    weights = [mean, log_scale, lower] if is_full else [mean, log_scale]
    adam = Adam(weights, lr=RATE)
    falling = torch.optim.lr_scheduler.CosineAnnealingLR(adam, N_STEPS)
    for _ in range(N_STEPS):
        with torch.enable_grad():
            noise = standard_normal(start.mean.expand(N_CODES, -1), generator)
            gradients = torch.autograd.grad(-_gains(model, x, q(), noise).mean(), weights)
        for weight, gradient in zip(weights, gradients, strict=True):
            weight.grad = gradient
        adam.step()
        falling.step()
    return _Affine(mean.detach(), q().factor.detach())
