"""A VAE with one latent dimension on points of the plane, so small that its bound and log p(x) are integrals that one can do.

Encoder and decoder have one hidden layer of tanh units each. It is trained as every VAE is, by draws z = m + sε, and evaluated exactly: the
bound by a rule under q that the training does not know, so that no decoder can fit its nodes, log p(x) by the trapezoid rule over z. Both
are float64, in nats per point.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from vae_core.adam import Adam

WIDTH, STEPS_A_STATE, LEARNING_RATE = 24, 10, 0.02
N_DRAWS = 4
"""Codes drawn of each point in a step."""
NODES = torch.arange(-60, 61, dtype=torch.float64) / 10
"""Where the bound's expectation looks, in widths of q from its mean, (121,): the trapezoid rule."""
REACH, N_Z = 7.0, 561
"""The grid over z, for log p(x)."""
N_DRAWN = 121
"""Points of the decoder's curve that are drawn."""


@dataclass(frozen=True, slots=True, eq=False)
class VAEState:
    """After so many steps of training.

    Attributes:
        bound: the mean ELBO.
        log_px: mean of log p(x).
        curve: g(z) for z from −2.5 to 2.5, (121, 2).
        noise: σ² of the likelihood.
        q: mean and variance of each point's code, (N, 2).
    """

    bound: float
    log_px: float
    curve: np.ndarray
    noise: float
    q: np.ndarray


class SmallVAE(nn.Module):
    """q(z|x) = N(m(x), s(x)²) and p(x|z) = N(g(z), σ²I), float64.

    Args:
        seed: of the first weights.
    """

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(2, WIDTH), nn.Tanh(), nn.Linear(WIDTH, 2))
        self.decoder = nn.Sequential(nn.Linear(1, WIDTH), nn.Tanh(), nn.Linear(WIDTH, 2))
        self.log_noise = nn.Parameter(torch.zeros(()))
        self.double()
        generator = torch.Generator().manual_seed(seed)
        with torch.no_grad():
            for weight in self.parameters():
                spread = 1 / math.sqrt(weight.shape[1]) if weight.ndim == 2 else 0.0  # biases begin at 0
                weight.copy_(spread * torch.randn(weight.shape, generator=generator, dtype=torch.float64))

    def posterior(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and width of q(z|x), (N,) each."""
        mean, log_width = self.encoder(x).unbind(-1)
        return mean, log_width.exp()

    def log_likelihood(self, x: Tensor, z: Tensor) -> Tensor:
        """log p(x|z), (N, G): of every point under its own codes, (N, G), or under codes that all share, (G,)."""
        squares = (x[:, None] - self.decoder(z[..., None])).square().sum(-1)
        return -0.5 * (squares / self.log_noise.exp() + 2 * (self.log_noise + math.log(2 * math.pi)))

    def elbo(self, x: Tensor, at: Tensor, weights: Tensor) -> Tensor:
        """The ELBO of each point, (N,), its expectation as a weighted mean over z = m + s·at.

        Args:
            x: (N, 2).
            at: places in widths of q from its mean, (N, G) or (G,).
            weights: of the places, (G,), with sum 1.
        """
        mean, width = self.posterior(x)
        reconstruction = self.log_likelihood(x, mean[:, None] + width[:, None] * at) @ weights
        return reconstruction - 0.5 * (mean**2 + width**2 - 1 - 2 * width.log())

    def bound(self, x: Tensor) -> Tensor:
        """The ELBO of each point, (N,), by quadrature."""
        weights = (-0.5 * NODES**2).exp()
        return self.elbo(x, NODES, weights / weights.sum())

    def log_px(self, x: Tensor) -> Tensor:
        """log p(x) of each point, (N,)."""
        z = torch.linspace(-REACH, REACH, N_Z, dtype=torch.float64)
        joint = self.log_likelihood(x, z) - 0.5 * (z**2 + math.log(2 * math.pi))
        return torch.logsumexp(joint, 1) + math.log(2 * REACH / (N_Z - 1))


def vae_path(x: np.ndarray, seed: int, n: int) -> list[VAEState]:
    """The start, and what n further states of `STEPS_A_STATE` steps of Adam on all points reach.

    Args:
        x: points, (N, 2).
        seed: of the first weights.
        n: states after the start.
    """
    return list(_training(x, seed, n))


def _training(x: np.ndarray, seed: int, n: int) -> Iterator[VAEState]:
    points, model = torch.tensor(x, dtype=torch.float64), SmallVAE(seed)
    optimiser, generator = Adam(model.parameters(), lr=LEARNING_RATE), torch.Generator().manual_seed(seed)
    weights = torch.full((N_DRAWS,), 1 / N_DRAWS, dtype=torch.float64)
    yield _state(model, points)
    for _ in range(n):
        for _ in range(STEPS_A_STATE):
            optimiser.zero_grad()
            noise = torch.randn((len(points), N_DRAWS), generator=generator, dtype=torch.float64)
            (-model.elbo(points, noise, weights).mean()).backward()
            optimiser.step()
        yield _state(model, points)


@torch.no_grad()
def _state(model: SmallVAE, x: Tensor) -> VAEState:
    mean, width = model.posterior(x)
    curve = model.decoder(torch.linspace(-2.5, 2.5, N_DRAWN, dtype=torch.float64)[:, None]).numpy()
    return VAEState(
        float(model.bound(x).mean()),
        float(model.log_px(x).mean()),
        curve,
        float(model.log_noise.exp()),
        torch.stack([mean, width**2], 1).numpy(),
    )
