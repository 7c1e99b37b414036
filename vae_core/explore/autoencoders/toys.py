"""An autoencoder or a VAE with one or two latent dimensions learns points in the plane or in space, epoch by epoch.

Of both the manifold that the decoder draws, and the squared error beside that of PCA; of a VAE samples and density as well.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import torch
from scipy.stats import multivariate_normal
from torch import Tensor

from vae_core import data as datasets
from vae_core.bounds import Box
from vae_core.data import Points, drawn
from vae_core.distributions import standard_normal_log_prob
from vae_core.drawing.packing import packed, unpacked
from vae_core.errors import require
from vae_core.explore.means import Mean
from vae_core.identities import DRAWN, OF_DRAWN, identity
from vae_core.models import build, spec_from_json
from vae_core.models.autoencoder import Autoencoder, AutoencoderSpec
from vae_core.models.base import LatentModel, elbo_terms
from vae_core.models.pca import Spectrum, spectrum
from vae_core.models.vae import VAE, VAESpec, VariationalSpec
from vae_core.networks import initialise
from vae_core.specs import Activation, Scale
from vae_core.statistics import Z_95, standard_error
from vae_core.terms import squared_error
from vae_core.training.fit import fit

TOYS = datasets.offered(datasets.Points)
N_SAMPLES, N_TEST, N_REBUILT = 1000, 2000, 150
FAMILIES = ("vae", "autoencoder")
REACH = 3.0
"""The manifold is drawn for codes within so many standard deviations of the prior."""
REACH_OF_CODES = 0.999
"""Of an autoencoder, which has no prior, it is drawn for codes no farther out than this share of those of the test points."""
SIDE = 2.3
"""Half of the side of the square in which the named toys are shown."""
N_CODES = {1: 301, 2: 41, 3: 13}
"""Coordinates along a latent dimension, by how many there are."""
MOST_BETA = 1000.0
"""A training that goes on can be given no larger weight of the rate."""
BOXES = {1: Box(half_width=6, points_per_unit=200), 2: Box(half_width=5, points_per_unit=16)}


def toy_spec(
    dataset: str,
    latent_dim: int,
    *,
    family: str = "vae",
    hidden: int = 64,
    depth: int = 2,
    activation: Activation = "relu",
    n_epochs: int = 30,
    scale: Scale = 0.1,
    seed: int = 0,
) -> VAESpec | AutoencoderSpec:
    """A VAE with a Gaussian likelihood, or an autoencoder, that learns a toy in seconds; small batches of points drawn by hand.

    Args:
        dataset: a named toy, or `DRAWN`.
        latent_dim: 1, 2 or, of points in space, 3.
        family: "vae" or "autoencoder".
        hidden: width of each hidden layer of the encoder, which the decoder mirrors.
        depth: how many of them.
        activation: between layers.
        n_epochs: of the training.
        scale: σ of the likelihood; an autoencoder has none.
        seed: of the training.

    Raises:
        ValueError: if there is no such toy or family, or a point has fewer coordinates.
    """
    require(dataset in (*TOYS, DRAWN), "dataset", f"be one of {', '.join((*TOYS, DRAWN))}", dataset)
    most = n_coordinates(dataset)
    require(1 <= latent_dim <= most, "latent_dim", f"be from 1 to {most}, the coordinates of a point", latent_dim)
    require(family in FAMILIES, "family", f"be one of {', '.join(FAMILIES)}", family)
    shared: dict[str, Any] = {
        "dataset": dataset,
        "latent_dim": latent_dim,
        "hidden": (hidden,) * depth,
        "activation": activation,
        "n_epochs": n_epochs,
        "batch_size": 32 if dataset == DRAWN else 128,
        "learning_rate": 3e-3,
        "seed": seed,
    }
    return AutoencoderSpec(**shared) if family == "autoencoder" else VAESpec(**shared, likelihood="gaussian", scale=scale)


def n_coordinates(dataset: str) -> int:
    """P, coordinates of a point."""
    return (OF_DRAWN if dataset == DRAWN else identity(dataset)).n_features


@dataclass(frozen=True, slots=True)
class ToyTraining:
    """What is trained on a toy.

    Attributes:
        spec: of the VAE or the autoencoder.
        drawing: the code of its points if a hand has drawn them (`data.drawn`); else empty.
    """

    spec: VAESpec | AutoencoderSpec
    drawing: str = ""

    @property
    def has_density(self) -> bool:
        """Whether what is trained has p(x): a VAE, but no autoencoder."""
        return isinstance(self.spec, VAESpec)

    def points(self) -> Points:
        """What it is trained and tested on."""
        return drawn.points(self.drawing) if self.spec.dataset == DRAWN else cast(Points, datasets.load(self.spec.dataset))

    def to_json(self) -> str:
        """All of it in one order: what a run is known by."""
        return json.dumps({"spec": self.spec.to_json(), "drawing": self.drawing}, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> ToyTraining:
        """The inverse of `to_json`."""
        values = json.loads(text)
        return cls(cast(VAESpec | AutoencoderSpec, spec_from_json(values["spec"])), values["drawing"])


BEYOND = "_beyond_linear"
"""Of the name of a difference to the best linear model."""


@dataclass(frozen=True, slots=True, eq=False)
class ToyFrame:
    """A model after an epoch.

    Attributes:
        epoch: how many epochs are done; 0 is before training.
        n_epochs: of how many.
        metrics: `sse` (test, through the mean of q, per point); of a VAE `elbo` and `rate` (test, nats) or, of the linear one, `log_px`;
            beside each its standard error and, in a training, that of its difference to the best linear model's; `scale` (σ); `beta`,
            by which the rate was weighted in the epoch; and in the plane `integral` of the density over all of it.
        samples: x ~ p(x), (N, P); none of an autoencoder.
        axis: codes along each latent dimension, (n,); of an autoencoder in standard deviations of its codes, which are uncorrelated then.
        manifold: g(z) at those codes, (n, P), (n, n, P) or (n, n, n, P), the last dimension first.
        magnification: √det(JᵀJ) at those codes, (n,), (n, n) or (n, n, n).
        rebuilt: x̂ of the first test points, (M, P).
        grid: coordinates along the side of a square in the plane, (m,); empty for points in space, and of an autoencoder.
        density: p(x) over that square, rows upwards, (m, m); empty where the grid is.
    """

    epoch: int
    n_epochs: int
    metrics: dict[str, float]
    samples: np.ndarray
    axis: np.ndarray
    manifold: np.ndarray
    magnification: np.ndarray
    rebuilt: np.ndarray
    grid: np.ndarray
    density: np.ndarray

    def mean(self, name: str) -> Mean:
        """A mean over the test points with its 95 % interval; a training that began before intervals were kept has none."""
        return self._with_error(name, self.metrics[name])

    def beyond_linear(self, name: str, linear: Mean) -> Mean:
        """By how much a mean is above the best linear model's, `linear`, point by point."""
        return self._with_error(f"{name}{BEYOND}", self.metrics[name] - linear.value)

    def _with_error(self, name: str, value: float) -> Mean:
        error = self.metrics.get(f"{name}_standard_error")
        return Mean(value, None if error is None else Z_95 * error, N_TEST)

    @property
    def is_trained(self) -> bool:
        """Whether it is of a model that learns, not of the best linear one."""
        return "log_px" not in self.metrics


def side_of(spec: VariationalSpec | AutoencoderSpec) -> float:
    """Half of the side of the square in which points, manifold and density are shown."""
    return drawn.REACH if spec.dataset == DRAWN else SIDE


ARRAYS = ("samples", "axis", "manifold", "magnification", "rebuilt", "grid", "density")


def magnification(model: LatentModel, z: Tensor) -> Tensor:
    """√det(JᵀJ) of z ↦ E[x|z], (N,): how much length or area the decoder makes of a unit of latent space."""
    with torch.enable_grad():
        codes = z.detach().requires_grad_()
        mean = model.decode(codes).mean  # (N, P)
        rows = [torch.autograd.grad(mean[:, k].sum(), codes, retain_graph=True)[0] for k in range(mean.shape[1])]
    jacobian = torch.stack(rows, 1).double()  # (N, P, D); det(JᵀJ) has the square of its condition number
    return torch.linalg.det(jacobian.mT @ jacobian).clamp(min=0).sqrt()


@torch.no_grad()
def density_axis(model: VAE) -> np.ndarray:
    """Coordinates along one side of a square for the trapezoid rule: no further apart than σ, and 6σ beyond every g(z) with |z_j| ≤ 4."""
    z = BOXES[model.spec.latent_dim].nodes(model.spec.latent_dim)
    reach = float(model.decode(z[(z.abs() <= 4).all(1)]).mean.abs().max())
    scale = float(model.log_scale.exp())
    side = side_of(model.spec)
    half, spacing = max(side, reach) + 6 * scale, min(scale, 2 * side / 90)
    return np.linspace(-half, half, 2 * math.ceil(half / spacing) + 1)


@torch.no_grad()
def density_in_plane(model: VAE, axis: np.ndarray) -> np.ndarray:
    """p(x) = ∫ N(x; g(z), σ²I) p(z) dz at the points of a square grid, (m, m), rows upwards, by the trapezoid rule over z.

    In the plane the Gaussian is a product of two, so that the sum over codes is a product of two matrices.
    """
    box = BOXES[model.spec.latent_dim]
    z = box.nodes(model.spec.latent_dim)
    law = model.decode(z)
    weight = (standard_normal_log_prob(z).double() + box.log_cell(model.spec.latent_dim)).exp()
    grid, sigma = torch.tensor(axis), float(model.log_scale.exp())
    across, up = ((-0.5 * ((grid[None] - law.mean[:, k, None].double()) / sigma) ** 2).exp() for k in (0, 1))  # (G, m) each
    return (up.T @ (weight[:, None] * across) / (2 * math.pi * sigma**2)).numpy()


def integral(density: np.ndarray, axis: np.ndarray) -> float:
    """∫ p(x) dx over a square, by the trapezoid rule."""
    return float(np.trapezoid(np.trapezoid(density, axis, axis=1), axis))


@torch.no_grad()
def toy_frame(model: VAE | Autoencoder, epoch: int, x_test: np.ndarray, linear: Mapping[str, np.ndarray]) -> ToyFrame:
    """What the model draws, and where its manifold lies.

    Args:
        model: a VAE or an autoencoder.
        epoch: how many are done.
        x_test: test points, (N, P).
        linear: `linear_scores`; empty where it is not compared with them.
    """
    x = torch.tensor(x_test[:N_TEST])
    axis, place = _code_axes(model, x)
    d, shape = model.spec.latent_dim, (len(axis),) * model.spec.latent_dim
    z = torch.tensor(place(_grid(axis, d)), dtype=torch.float32)
    unit = float(np.linalg.det(place(np.eye(d)) - place(np.zeros((d, d)))))
    manifold = model.decode(z).mean.numpy().reshape(*shape, -1)
    x_hat = model.reconstruct(x)
    samples, grid, density, metrics = _density_parts(model, x, linear)
    metrics |= _mean("sse", squared_error(x, x_hat).numpy(), linear)
    stretch = abs(unit) * magnification(model, z).numpy().reshape(shape)
    rebuilt = x_hat[:N_REBUILT].numpy()
    return ToyFrame(epoch, model.spec.n_epochs, metrics, samples, axis, manifold, stretch, rebuilt, grid, density)


def _mean(name: str, values: np.ndarray, linear: Mapping[str, np.ndarray]) -> dict[str, float]:
    """The mean of a number per test point, its standard error, and that of its difference to the linear model's."""
    found = {name: float(values.mean()), f"{name}_standard_error": standard_error(values)}
    return found | ({f"{name}{BEYOND}_standard_error": standard_error(values - linear[name])} if name in linear else {})


def _density_parts(
    model: VAE | Autoencoder, x: Tensor, linear: Mapping[str, np.ndarray]
) -> tuple[np.ndarray, np.ndarray, np.ndarray, dict[str, float]]:
    """Samples, the square that is shown with the density on it, and what a VAE is measured by on test points, (N, P); else nothing."""
    if not isinstance(model, VAE):
        return np.empty((0, x.shape[1])), np.empty(0), np.empty((0, 0)), {}
    noise = torch.Generator().manual_seed(0)
    terms = elbo_terms(model, x, noise)
    metrics = {"scale": float(model.log_scale.exp()), "beta": model.beta}
    metrics |= _mean("elbo", terms.elbo.numpy(), linear) | _mean("rate", terms.rate.numpy(), linear)
    density, grid = np.empty((0, 0)), np.empty(0)
    if x.shape[1] == 2:
        grid = density_axis(model)
        density = density_in_plane(model, grid)
        metrics["integral"] = integral(density, grid)
        shown = np.abs(grid) <= side_of(model.spec)
        density, grid = density[np.ix_(shown, shown)], grid[shown]
    return model.sample(N_SAMPLES, noise).sample(noise).numpy(), grid, density, metrics


def _code_axes(model: VAE | Autoencoder, x: Tensor) -> tuple[np.ndarray, Callable[[np.ndarray], np.ndarray]]:
    """Coordinates along each latent dimension, (n,), and the map from such coordinates, (N, D), to codes.

    Of a VAE they are the codes. An autoencoder's codes lie anywhere, so that they are measured from their mean, in their own standard
    deviations along their own principal axes, as far as the codes of the points reach.
    """
    d = model.spec.latent_dim
    n = N_CODES[d]
    if isinstance(model, VAE):
        return np.linspace(-REACH, REACH, n), lambda u: u
    z = model.encode(x).mean.double().numpy()
    mean, exact = z.mean(0), spectrum(z)
    axes = np.sqrt(np.maximum(exact.eigenvalues, 1e-12))[:, None] * exact.components  # rows, (D, D)
    reach = float(np.quantile(np.abs((z - mean) @ np.linalg.inv(axes)), REACH_OF_CODES))
    return np.linspace(-reach, reach, n), lambda u: mean + u @ axes


def linear_frame(training: ToyTraining) -> ToyFrame:
    """What can be had without training: the best straight line or flat sheet, of a Gaussian with d directions and noise in the others.

    Probabilistic PCA in closed form (Tipping & Bishop 1999, Eqs. (7), (8)); where d is all the dimensions there are, no noise is left.
    Its line or sheet and its `rebuilt` points are PCA's. Its metrics are PCA's `sse`, `log_px`, exact (test, nats), and `scale`.
    """
    spec, points = training.spec, training.points()
    d = spec.latent_dim
    exact, weight, noise = _linear_model(training)
    model = multivariate_normal(exact.mean, weight @ weight.T + noise * np.eye(len(weight)))
    axis = np.linspace(-REACH, REACH, N_CODES[d])
    z = _grid(axis, d)
    manifold = (z @ weight.T + exact.mean).reshape(*(len(axis),) * d, -1)
    magnification = np.full((len(axis),) * d, np.linalg.det(weight.T @ weight) ** 0.5)
    grid = np.linspace(-side_of(spec), side_of(spec), 91) if len(weight) == 2 else np.empty(0)
    density = model.pdf(np.stack(np.meshgrid(grid, grid), -1)) if len(grid) else np.empty((0, 0))
    x_hat, scores = projected(exact, points.test.x[:N_TEST], d), linear_scores(training)
    metrics = {"scale": noise**0.5, **_mean("sse", scores["sse"], {}), **_mean("log_px", scores["elbo"], {})}
    samples = model.rvs(N_SAMPLES, random_state=np.random.default_rng(0))
    return ToyFrame(0, spec.n_epochs, metrics, samples, axis, manifold, magnification, x_hat[:N_REBUILT], grid, density)


def _linear_model(training: ToyTraining) -> tuple[Spectrum, np.ndarray, float]:
    """The spectrum of the training points, W of the best linear model, (P, D), and the variance σ² of its noise."""
    d, x = training.spec.latent_dim, training.points().train.x
    exact = spectrum(x)
    noise = float(exact.eigenvalues[d:].mean()) if d < x.shape[1] else 0.0
    return exact, exact.components[:d].T * (exact.eigenvalues[:d] - noise) ** 0.5, noise


def linear_scores(training: ToyTraining) -> dict[str, np.ndarray]:
    """What the best linear model makes of each test point, (N,): PCA's squared error, and log p(x), which is its largest ELBO."""
    exact, weight, noise = _linear_model(training)
    x = training.points().test.x[:N_TEST]
    errors = np.square(x - projected(exact, x, training.spec.latent_dim)).sum(1)
    return {"sse": errors, "elbo": multivariate_normal(exact.mean, weight @ weight.T + noise * np.eye(len(weight))).logpdf(x)}


def projected(exact: Spectrum, x: np.ndarray, latent_dim: int) -> np.ndarray:
    """x̂ = x̄ + VVᵀ(x − x̄) of points with the first d components, (N, P)."""
    v = exact.components[:latent_dim]
    return exact.mean + (x - exact.mean) @ v.T @ v


def _grid(axis: np.ndarray, latent_dim: int) -> np.ndarray:
    """All of the line or grid that coordinates along a latent dimension make, (nᴰ, D), the last dimension first."""
    return np.stack(np.meshgrid(*[axis] * latent_dim, indexing="ij")[::-1], -1).reshape(-1, latent_dim)


def toy_frames(training: ToyTraining) -> Generator[ToyFrame, Mapping[str, float] | None]:
    """The model before training and after every epoch. Closing the generator cancels.

    A `beta` that it is sent weighs the rate from then on, of a VAE. A training that was sent nothing is that of its spec.
    """
    points, model = training.points(), cast(VAE | Autoencoder, build(training.spec))
    initialise(model, torch.tensor(points.train.x.mean(0)), torch.Generator().manual_seed(training.spec.seed))
    linear = linear_scores(training)
    steered = yield toy_frame(model, 0, points.test.x, linear)
    epochs = fit(model, points, device=torch.device("cpu"))
    while True:
        model.beta = min(max((steered or {}).get("beta", model.beta), 0.0), MOST_BETA)
        event = next(epochs, None)
        if event is None:
            return
        steered = yield toy_frame(model, event.epoch, points.test.x, linear)


def kept_dimensions(training: ToyTraining, beta: float, scale: float) -> tuple[np.ndarray, int]:
    """The variances λⱼ of the training points, (P,), and how many dimensions of its code a linear β-VAE uses: those with λⱼ > βσ².

    Lucas et al. 2019, Sec. 4, with βσ² for σ².
    """
    variances = spectrum(training.points().train.x).eigenvalues
    return variances, min(training.spec.latent_dim, int((variances > beta * scale**2).sum()))


def to_bytes(frame: ToyFrame) -> bytes:
    """A frame as it goes to another process, packed; its arrays are float32 there."""
    header = {"epoch": frame.epoch, "n_epochs": frame.n_epochs, "metrics": frame.metrics}
    return packed(header, {name: getattr(frame, name).astype(np.float32) for name in ARRAYS})


def from_bytes(data: bytes) -> ToyFrame:
    """The inverse of `to_bytes`."""
    header, arrays = unpacked(data)
    header |= arrays
    return ToyFrame(**header)


def sent_frames(training_json: str) -> Generator[bytes, Mapping[str, float] | None]:
    """Every frame of a training, as another process reads it; what that sends steers the training."""
    frames = toy_frames(ToyTraining.from_json(training_json))
    steered = None
    while True:
        try:
            frame = frames.send(steered)
        except StopIteration:
            return
        steered = yield to_bytes(frame)
