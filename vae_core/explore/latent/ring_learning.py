"""Can a network learn the ring? A regression network on pairs (z, g(z)), and a VAE on the ring's samples alone, epoch by epoch.

`python -m vae_core.explore.latent.ring_learning` trains the defaults, and keeps their film among the shipped checkpoints.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from itertools import zip_longest

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from vae_core import data as datasets
from vae_core.adam import Adam
from vae_core.bounds import Box, log_px_by_quadrature
from vae_core.data.toys import N_POINTS, TEST_SEED, TRAIN_SEED
from vae_core.errors import require
from vae_core.explore.latent import films
from vae_core.explore.latent.plane_lines import circles, coordinate_lines, winding_number
from vae_core.explore.latent.ring import Ring
from vae_core.models.base import elbo_terms
from vae_core.models.vae import VAE, VAESpec
from vae_core.networks import Mlp, initialise
from vae_core.specs import Scale
from vae_core.statistics import standard_error
from vae_core.store import CHECKPOINTS
from vae_core.training.devices import configure_numerics
from vae_core.training.events import EpochDone, TrainingDiverged
from vae_core.training.fit import fit

N_SAMPLES, N_EVERY_EPOCH, N_AT_END = 700, 500, 2000
EVERY_EPOCH, AT_END = Box(half_width=5, points_per_unit=10), Box(half_width=5, points_per_unit=20)
LOOP_RADIUS = 2.0
SHIPPED = CHECKPOINTS / "shipped" / "ring_learning.film"
MOST_FRAMES = 26
"""Frames of a film, each of both networks; of longer trainings not every epoch is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RingLearningSpec:
    """What determines both trainings.

    Attributes:
        hidden: width of each hidden layer, of both networks.
        n_layers: hidden layers of the regression network, of the VAE's encoder and of its decoder.
        n_epochs: visits of all 10,000 training points.
        scale: σ of the VAE's Gaussian likelihood, or `learned`.
        seed: of weights, order and noise.
    """

    hidden: int = 64
    n_layers: int = 2
    n_epochs: int = 40
    scale: Scale = 0.1
    seed: int = 0
    batch_size: int = 128
    learning_rate: float = 3e-3

    def __post_init__(self) -> None:
        require(1 <= self.n_layers <= 4, "n_layers", "be between 1 and 4", self.n_layers)
        require(1 <= self.n_epochs <= 200, "n_epochs", "be between 1 and 200", self.n_epochs)
        require(1 <= self.hidden <= 512, "hidden", "be between 1 and 512", self.hidden)
        self.vae()

    def vae(self) -> VAESpec:
        """The VAE's own spec."""
        return VAESpec(
            dataset="ring",
            latent_dim=2,
            network="mlp",
            likelihood="gaussian",
            scale=self.scale,
            hidden=(self.hidden,) * self.n_layers,
            n_epochs=self.n_epochs,
            batch_size=self.batch_size,
            learning_rate=self.learning_rate,
            seed=self.seed,
        )

    def is_kept(self, epoch: int) -> bool:
        """Whether the film has a frame of that epoch: the first two, then evenly, and the last."""
        every = math.ceil(self.n_epochs / MOST_FRAMES)
        return epoch <= 1 or epoch % every == 0 or epoch == self.n_epochs

    def to_json(self) -> str:
        """All fields, in one order: what a run is cached by."""
        return json.dumps(asdict(self), sort_keys=True)


def fit_regression(network: torch.nn.Module, spec: RingLearningSpec) -> Iterator[EpochDone]:
    """Minimise ‖f(z) − g(z)‖² over 10,000 pairs by Adam, with the learning rate on half a cosine; one event an epoch.

    Raises:
        TrainingDiverged: if an epoch's mean loss is not finite.
    """
    generator = torch.Generator().manual_seed(spec.seed)
    initialise(network, torch.zeros(2), generator)
    (z, y), (z_test, y_test) = pairs(TRAIN_SEED), pairs(TEST_SEED)
    adam = Adam(network.parameters(), lr=spec.learning_rate, fused=True)
    n_steps = math.ceil(len(z) / spec.batch_size)
    schedule = torch.optim.lr_scheduler.LambdaLR(adam, lambda step: 0.5 * (1 + math.cos(math.pi * step / (n_steps * spec.n_epochs))))
    for epoch in range(1, spec.n_epochs + 1):
        start, total = time.perf_counter(), 0.0
        for index in torch.randperm(len(z), generator=generator).split(spec.batch_size):
            loss = squared_distance(network(z[index]), y[index]).mean()
            adam.zero_grad(set_to_none=True)
            loss.backward()
            adam.step()
            schedule.step()
            total += float(loss.detach()) * len(index)
        if not math.isfinite(total):
            raise TrainingDiverged(f"training must keep a finite loss, got {total} in epoch {epoch} of {spec.n_epochs}")
        with torch.no_grad():
            test = squared_distance(network(z_test), y_test).double().numpy()
        means, errors = {"loss": float(test.mean())}, {"loss": standard_error(test)}
        yield EpochDone(epoch, spec.n_epochs, time.perf_counter() - start, {"loss": total / len(z)}, means, errors)


def pairs(seed: int) -> tuple[Tensor, Tensor]:
    """z and g(z), (10000, 2) each: the codes that the ring's data set was made from, and its points."""
    z = np.random.default_rng(seed).standard_normal((N_POINTS, 2))
    return torch.tensor(z, dtype=torch.float32), torch.tensor(Ring().forward(z), dtype=torch.float32)


def squared_distance(y_hat: Tensor, y: Tensor) -> Tensor:
    """‖ŷ − y‖², (N, 2) -> (N,)."""
    return functional.mse_loss(y_hat, y, reduction="none").sum(-1)


def regression_frames(spec: RingLearningSpec) -> Iterator[films.Frame]:
    """The regression network before training and after every epoch."""
    network = Mlp((2, *(spec.hidden,) * spec.n_layers, 2), nn.ReLU)
    initialise(network, torch.zeros(2), torch.Generator().manual_seed(spec.seed))
    yield regression_frame(network, 0, spec)
    for event in fit_regression(network, spec):
        if spec.is_kept(event.epoch):
            yield regression_frame(network, event.epoch, spec)


@torch.no_grad()
def regression_frame(network: torch.nn.Module, epoch: int, spec: RingLearningSpec) -> films.Frame:
    """What the regression network does with the plane, and how far it is from g; the error of a root is that of its square over 2·root."""
    z, exact = pairs(TEST_SEED)
    y = network(z)
    squared = squared_distance(y, exact).double().numpy()
    rmse = math.sqrt(squared.mean())
    metrics = {"rmse": rmse, "rmse_se": standard_error(squared) / (2 * rmse), **hole(y.numpy())}
    return frame("regression", epoch, spec.n_epochs, lambda z: network(z).numpy(), y[:N_SAMPLES].numpy(), metrics)


def vae_frames(spec: RingLearningSpec) -> Iterator[films.Frame]:
    """The VAE before training and after every epoch; the last frame's log-likelihood is on more points and a finer grid."""
    ring, model = datasets.load("ring"), VAE(spec.vae())
    initialise(model, torch.tensor(ring.train.x.mean(0)), torch.Generator().manual_seed(spec.seed))
    yield vae_frame(model, 0, spec, ring.test.x)
    for event in fit(model, ring, device=torch.device("cpu")):
        if spec.is_kept(event.epoch):
            yield vae_frame(model, event.epoch, spec, ring.test.x)


@torch.no_grad()
def vae_frame(model: VAE, epoch: int, spec: RingLearningSpec, x_test: np.ndarray) -> films.Frame:
    """Samples of the VAE with their noise, its decoder's mean as a map, and log p(x) by quadrature beside the exact density."""
    is_last = epoch == spec.n_epochs
    noise = torch.Generator().manual_seed(0)
    x = model.sample(N_POINTS, noise).sample(noise).numpy()
    metrics = likelihood_figures(model, x_test[: N_AT_END if is_last else N_EVERY_EPOCH], AT_END if is_last else EVERY_EPOCH)
    metrics |= {"scale": float(model.log_scale.exp()), **hole(x)}
    return frame("vae", epoch, spec.n_epochs, lambda z: model.decode(z).mean.numpy(), x[:N_SAMPLES], metrics)


@torch.no_grad()
def likelihood_figures(model: VAE, x: np.ndarray, box: Box) -> dict[str, float]:
    """log p(x) by quadrature, the ELBO, and KL(p‖model) = E_p[log p(x) − log p_model(x)] with its standard error, in nats.

    Both densities are evaluated at the same points, so that the spread of log p(x) over the ring cancels in the KL.
    """
    points = torch.tensor(x)
    log_px = log_px_by_quadrature(model, points, box).double().numpy()
    exact = Ring().log_density(x.astype(np.float64))
    elbo = elbo_terms(model, points, torch.Generator().manual_seed(1)).elbo
    return {
        "log_px": float(log_px.mean()),
        "log_px_se": standard_error(log_px),
        "kl": float((exact - log_px).mean()),
        "kl_se": standard_error(exact - log_px),
        "elbo": float(elbo.double().mean()),
        "elbo_se": standard_error(elbo.double().numpy()),
        "n_points": len(x),
    }


def hole(y: np.ndarray) -> dict[str, float]:
    """Share of samples within ρ < 1, where the ring has none, and of how many."""
    return {"hole": float((np.linalg.norm(y, axis=-1) < Ring().b).mean()), "n_samples": len(y)}


def frame(
    kind: str,
    epoch: int,
    n_epochs: int,
    map_of: Callable[[Tensor], np.ndarray],
    samples: np.ndarray,
    metrics: dict[str, float],
) -> films.Frame:
    """Samples, and the map's image of the coordinate lines and circles."""

    def image(lines: np.ndarray) -> np.ndarray:
        return map_of(torch.tensor(lines.reshape(-1, 2), dtype=torch.float32)).reshape(lines.shape)

    loop = image(circles(radii=(LOOP_RADIUS,), n_vertices=720))[0]
    metrics = {**metrics, "winding": winding_number(loop[:-1]), "loop_radius": float(np.linalg.norm(loop, axis=-1).mean())}
    return films.Frame(kind, epoch, n_epochs, metrics, samples, image(coordinate_lines(n_vertices=40)), image(circles(n_vertices=60)))


def frames(spec: RingLearningSpec) -> Iterator[films.Frame]:
    """Both trainings, epoch by epoch in turn. Closing the iterator cancels."""
    for both in zip_longest(regression_frames(spec), vae_frames(spec)):
        yield from (one for one in both if one is not None)


def sent_frames(spec_json: str) -> Iterator[bytes]:
    """Every frame of both trainings, as another process reads it."""
    return map(films.to_bytes, frames(RingLearningSpec(**json.loads(spec_json))))


if __name__ == "__main__":
    configure_numerics(n_threads=1)
    films.save(SHIPPED, frames(RingLearningSpec()))
