"""Two networks that see a still of `fork` and say how the ball moves: regression, which gives one path, and a conditional VAE, which draws.

Both are trained on one future of each of many random stills, and come along. The VAE's code has one dimension, so its distribution of a
path, ∫ p(z) p(x|z, still) dz, is an integral that one can do. Nats per path.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from vae_core.adam import Adam
from vae_core.drawing.chart import Chart
from vae_core.explore.beyond import fork
from vae_core.explore.beyond.fork_figure import ends_csv, fork_picture
from vae_core.explore.means import Mean, Share, mean_of
from vae_core.store import SHIPPED as FOLDER

SHIPPED = FOLDER / "fork.safetensors"
"""Weights of both networks; written by `benchmarks/fork_networks.py`."""
SEEN, WIDTH, BATCH, LEARNING_RATE, N_STEPS = 16, 32, 256, 0.005, 15_000
N_PIXELS, N_TIMES = fork.SIZE**2, len(fork.TIMES)
REACH_OF_Z, N_Z = 6.0, 4801
"""The grid over z."""
N_NEW = 500
"""New paths on which log p(x) is measured."""
N_ENDS = 401
"""Last places at which densities are drawn."""


class Forecaster(nn.Module):
    """Regression x̂(still), and p(x|z, still) = N(g(z, still), σ²I) with q(z|x, still) = N(m, s²) and z ∼ N(0, 1)."""

    def __init__(self, seed: int = 0) -> None:
        super().__init__()
        self.regression = nn.Sequential(nn.Linear(N_PIXELS, SEEN), nn.Tanh(), nn.Linear(SEEN, WIDTH), nn.Tanh(), nn.Linear(WIDTH, N_TIMES))
        self.see = nn.Sequential(nn.Linear(N_PIXELS, SEEN), nn.Tanh())
        self.encoder = nn.Sequential(nn.Linear(SEEN + N_TIMES, WIDTH), nn.Tanh(), nn.Linear(WIDTH, 2))
        self.decoder = nn.Sequential(nn.Linear(SEEN + 1, WIDTH), nn.Tanh(), nn.Linear(WIDTH, WIDTH), nn.Tanh(), nn.Linear(WIDTH, N_TIMES))
        self.log_noise = nn.Parameter(torch.tensor(-1.0))
        generator = torch.Generator().manual_seed(seed)
        with torch.no_grad():
            for layer in self.modules():
                if isinstance(layer, nn.Linear):
                    layer.weight.copy_(torch.randn(layer.weight.shape, generator=generator) / math.sqrt(layer.in_features))
                    layer.bias.zero_()

    def decoded(self, seen: Tensor, z: Tensor) -> Tensor:
        """g(z, still), (B, T), of what is seen of the stills, (B, 16), and codes, (B,)."""
        return self.decoder(torch.cat([seen, z[:, None]], 1))

    def elbo(self, stills: Tensor, x: Tensor, eps: Tensor) -> Tensor:
        """The ELBO of paths, (B, T) → (B,), with one draw z = m + sε of each."""
        seen = self.see(stills)
        mean, log_width = self.encoder(torch.cat([seen, x], 1)).unbind(1)
        squares = (x - self.decoded(seen, mean + log_width.exp() * eps)).square().sum(1)
        log_px_z = -0.5 * squares * (-2 * self.log_noise).exp() - N_TIMES * (self.log_noise + 0.5 * math.log(2 * math.pi))
        return log_px_z - 0.5 * (mean**2 + (2 * log_width).exp() - 1 - 2 * log_width)


def training(seed: int = 0, n_steps: int = N_STEPS) -> Iterator[Forecaster]:
    """Train both networks on new stills in every step; the networks after each."""
    model, rng, generator = Forecaster(seed), np.random.default_rng(seed), torch.Generator().manual_seed(seed)
    optimiser = Adam(model.parameters(), lr=LEARNING_RATE)
    for step in range(n_steps):
        optimiser.param_groups[0]["lr"] = LEARNING_RATE * 0.5 * (1 + math.cos(math.pi * step / n_steps))
        b = rng.uniform(-fork.WIDEST, fork.WIDEST, BATCH)
        stills = torch.tensor(fork.stills(b).reshape(BATCH, -1))
        x = torch.tensor(fork.paths(b, rng).x, dtype=torch.float32)
        optimiser.zero_grad()
        squares = (x - model.regression(stills)).square().sum(1)
        (squares - model.elbo(stills, x, torch.randn(BATCH, generator=generator))).mean().backward()
        optimiser.step()
        yield model


def save(model: Forecaster, path: Path = SHIPPED) -> None:
    """Write the weights."""
    save_file(model.state_dict(), path)


@lru_cache(maxsize=1)
def shipped() -> Forecaster:
    """The networks that come along."""
    model = Forecaster()
    model.load_state_dict(load_file(SHIPPED))
    return model.eval().requires_grad_(False)


@dataclass(frozen=True, slots=True, eq=False)
class Forecast:
    """What both networks say of one still, beside what happens.

    Attributes:
        p: probability of the left.
        still: (16, 16).
        futures: what happens, n times, (n, T).
        draws: of the conditional VAE, (n, T).
        regression: its one path, (T,).
        z: codes, (G,).
        ends: where the decoder's path ends at each, (G,).
        noise: σ of the likelihood.
        below: how far the VAE's log p(x) of new paths is below the exact one.
    """

    p: float
    still: np.ndarray
    futures: np.ndarray
    draws: np.ndarray
    regression: np.ndarray
    z: np.ndarray
    ends: np.ndarray
    noise: float
    below: Mean

    @property
    def left(self) -> Share:
        """Draws that end on the left."""
        return Share(int((self.draws[:, -1] < 0).sum()), len(self.draws))

    @property
    def between(self) -> Share:
        """Draws that end less than half as far from the middle as balls do on average."""
        return Share(int((np.abs(self.draws[:, -1]) < fork.REACH / 2).sum()), len(self.draws))

    @property
    def left_by_quadrature(self) -> float:
        """The VAE's own probability of the left."""
        from scipy.special import ndtr

        return float(_prior(self.z) @ ndtr(-self.ends / self.noise))

    def end_density(self, at: np.ndarray) -> np.ndarray:
        """The VAE's density of the last place, (N,) → (N,)."""
        apart = (at[:, None] - self.ends) / self.noise
        return np.exp(-0.5 * apart**2) @ _prior(self.z) / (self.noise * math.sqrt(2 * math.pi))

    def from_the_start(self, x: np.ndarray) -> np.ndarray:
        """Paths, (…, T), with where the ball begins before them, (…, T + 1)."""
        return np.concatenate([np.full((*x.shape[:-1], 1), fork.place(self.p)), x], -1)

    @property
    def possible(self) -> float:
        """The exact density where regression's path ends, over its largest."""
        width = math.hypot(fork.SPREAD, fork.NOISE)
        largest = max(self.p, 1 - self.p) / (width * math.sqrt(2 * math.pi))
        return float(fork.end_density(self.regression[-1:], self.p)[0] / largest)


def _prior(z: np.ndarray) -> np.ndarray:
    """Weights of the nodes, (G,), with sum 1: the trapezoid rule under N(0, 1)."""
    weights = np.exp(-0.5 * z**2)
    return weights / weights.sum()


@torch.no_grad()
def forecast(p: float, n: int, seed: int, model: Forecaster | None = None) -> Forecast:
    """What the networks say of the still whose ball falls to the left with probability p.

    Args:
        p: within `fork.PROBABILITIES`.
        n: futures and draws.
        seed: of them.
        model: the networks; None for those that come along.
    """
    model, rng = model or shipped(), np.random.default_rng(seed)
    b = fork.place(p)
    still = fork.stills(np.array([b]))
    pixels = torch.tensor(still.reshape(1, -1))
    seen, noise = model.see(pixels), float(model.log_noise.exp())

    def decoded(z: np.ndarray) -> np.ndarray:
        return model.decoded(seen.expand(len(z), -1), torch.tensor(z, dtype=torch.float32)).numpy().astype(np.float64)

    futures = fork.paths(np.full(n, b), rng).x
    draws = decoded(rng.normal(size=n)) + rng.normal(0, noise, (n, N_TIMES))
    z = np.linspace(-REACH_OF_Z, REACH_OF_Z, N_Z)
    curve, new = decoded(z), fork.paths(np.full(N_NEW, b), rng).x
    below = mean_of(fork.log_density(new, p) - log_density(new, curve, z, noise))
    regression = model.regression(pixels)[0].numpy().astype(np.float64)
    return Forecast(p, still[0], futures, draws, regression, z, curve[:, -1], noise, below)


def log_density(x: np.ndarray, curve: np.ndarray, z: np.ndarray, noise: float) -> np.ndarray:
    """log ∫ p(z) N(x; g(z), σ²I) dz of paths, (N, T) → (N,).

    Args:
        x: paths.
        curve: g(z), (G, T).
        z: the nodes, (G,).
        noise: σ.
    """
    squares = np.square(x).sum(1)[:, None] - 2 * x @ curve.T + np.square(curve).sum(1)
    terms = -0.5 * squares / noise**2 + np.log(_prior(z))
    largest = terms.max(1)
    constant = x.shape[1] * (math.log(noise) + 0.5 * math.log(2 * math.pi))
    return largest + np.log(np.exp(terms - largest[:, None]).sum(1)) - constant


def ends(told: Forecast) -> bytes:
    """Both densities of the last place as a CSV file."""
    at = np.linspace(-1, 1, N_ENDS)
    return ends_csv(at, fork.end_density(at, told.p), told.end_density(at))


def fork_chart(told: Forecast) -> Chart:
    """`fork_figure.fork_picture` of a forecast."""
    at = np.linspace(-1, 1, N_ENDS)
    return fork_picture(
        still=told.still,
        wedge=fork.wedge(),
        heights=fork.heights(),
        at=at,
        exact=fork.end_density(at, told.p),
        drawn=told.end_density(at),
        futures=told.from_the_start(told.futures),
        draws=told.from_the_start(told.draws),
        regression=told.from_the_start(told.regression),
    )
