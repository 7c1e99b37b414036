"""Four approaches to p(x) on points whose density is known: what each draws, how well it fits, and what it can be asked.

`python -m vae_core.explore.beyond.approaches` trains all of them, and keeps their films among the shipped checkpoints.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils import parameters_to_vector, vector_to_parameters

from vae_core import data as datasets
from vae_core.adam import Adam
from vae_core.data import Points
from vae_core.data.sets import moons, ring
from vae_core.data.toys import N_POINTS
from vae_core.distributions import DiagonalGaussian
from vae_core.drawing.packing import packed, unpacked
from vae_core.explore.beyond.four_models import APPROACHES, Adversarial, Approach, P, Variational
from vae_core.explore.means import Mean, Share
from vae_core.explore.number_files import rounded
from vae_core.networks import Mlp
from vae_core.statistics import Z_95, standard_error
from vae_core.store import SHIPPED as FOLDER
from vae_core.store.checkpoints import replace_file
from vae_core.training.devices import configure_numerics

SHIPPED = FOLDER / "four_approaches.film"
LAWS = {"ring": ring.ring, "moons": moons.moons}
"""Data set → the points that it draws, of a number and a seed."""
DENSITIES: dict[str, Callable[[np.ndarray], np.ndarray]] = {"ring": ring.log_density, "moons": moons.log_density}
"""Data set → its own log p(x), (N, 2) -> (N,)."""
STEPS = (0, 50, 150, 400, 1000, 2000, 4000)
"""Of Adam, after which a frame is kept."""
BATCH, SEED, UNSEEN_SEED = 256, 0, 2
SIDE, N_CELLS = 1.75, 64
"""Half of the side of the square on which densities are drawn, and cells along it."""
N_DRAWS, N_JUDGED, N_COUNTED = 300, 2000, 300_000
"""Draws that are shown, that are looked at one by one, and that are counted cell by cell."""
OUTER = 0.01
"""The share of the data that lies where they are least dense: a draw there is called off the data."""
UNKNOWN = 255
"""In a kept map of D*: a cell of which nothing is told."""
FINE = (0.01, 2.2)
"""Spacing of the grid on which entropies are summed, and how far it reaches."""
GRID = np.linspace(-3, 3, 241)
"""Along both coordinates, for the integral of a model's density."""
AT_ONCE = 4096
TOLERANCE, INVERSE_TOLERANCE = 1e-3, 1e-5
"""Of an integral that is 1, and of a point that comes back through its code."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A model after so many steps.

    Attributes:
        step: how many.
        draws: x ~ p(x), (300, 2).
        picture: over the square, rows upwards, (64, 64): p(x), or of a GAN D(x).
        best: of a GAN D*, cell by cell, NaN where no draw is and not one in as many of the data would be; of the others empty.
        metrics: `off`, how many of 2,000 draws are off the data; where there is a density `log_px` and `gap`, by how much log p(x) of the
            data's own density is above it, point by point; of a VAE `elbo` and `slack`, by how much log p(x) is above it; of a GAN `told`
            and `best_told`, how often D and D* tell data from draws; all in nats and means over the test points, each with its standard
            error as `_se`.
    """

    step: int
    draws: np.ndarray
    picture: np.ndarray
    best: np.ndarray
    metrics: dict[str, float]

    def mean(self, name: str) -> Mean | None:
        """One of the means over the test points with its 95 % interval; None where the model has none."""
        return Mean(self.metrics[name], Z_95 * self.metrics[f"{name}_se"], int(self.metrics["n_points"])) if name in self.metrics else None

    @property
    def off(self) -> Share:
        """The share of draws that are off the data."""
        return Share(int(self.metrics["off"]), N_JUDGED)


@dataclass(frozen=True, slots=True, eq=False)
class Film:
    """Four trainings on one data set.

    Attributes:
        entropy: of the data, in nats.
        picture: p(x) of the data, averaged over each cell, (64, 64).
        frames: approach → a frame for each of `STEPS`.
        weights: approach → all weights at the end, float16.
    """

    entropy: float
    picture: np.ndarray
    frames: dict[str, list[Frame]]
    weights: dict[str, np.ndarray]

    def model(self, approach: str) -> Approach:
        """The trained model, float64."""
        return _filled(APPROACHES[approach](), torch.tensor(self.weights[approach].astype(np.float64)))


def points_of(dataset: str) -> Points:
    """A data set."""
    return cast(Points, datasets.load(dataset))


def unseen(dataset: str) -> np.ndarray:
    """As many points as a data set has to test, by its law and from a seed that no recipe was chosen by, (N, 2)."""
    return LAWS[dataset](N_POINTS, UNSEEN_SEED).x


def training(approach: str, x: np.ndarray, steps: tuple[int, ...] = STEPS, seed: int = SEED) -> Iterator[tuple[int, Approach]]:
    """Train a model by Adam with learning rates on half a cosine; it is yielded after each of the steps.

    Args:
        approach: name of it.
        x: training points, (N, 2).
        steps: rising; the last ends the training.
        seed: of weights, batches and noise.
    """
    model, points = APPROACHES[approach](), torch.tensor(x)
    model.start(seed)
    generator = torch.Generator().manual_seed(seed)
    rates = model.learning_rates
    learners = [Adam(some, lr=rate, betas=model.betas, fused=True) for some, rate in zip(model.learners(), rates, strict=True)]
    for step in range(steps[-1] + 1):
        if step in steps:
            yield step, model
        falling = 0.5 * (1 + math.cos(math.pi * step / steps[-1]))
        batch = points[torch.randint(len(points), (BATCH,), generator=generator)]
        for adam, rate, loss in zip(learners, rates, model.losses(batch, generator), strict=True):
            adam.param_groups[0]["lr"] = rate * falling
            adam.zero_grad()
            loss.backward()
            adam.step()


def as_shipped(model: Approach) -> Approach:
    """A model whose weights are rounded to float16, computed with in float64."""
    return _filled(deepcopy(model), parameters_to_vector(model.parameters()).detach().half().double())


def _filled(model: Approach, weights: Tensor) -> Approach:
    model.double().requires_grad_(False)
    vector_to_parameters(weights, model.parameters())
    return model


def log_px(model: Approach, x: Tensor) -> Tensor | None:
    """log p(x), (N,): of the model itself, of a VAE by quadrature; None where there is none."""
    if isinstance(model, Variational):
        return model.log_px_by_quadrature(x)
    log_prob = getattr(model, "log_prob", None)
    return None if log_prob is None else log_prob(x)


def centres(n: int = N_CELLS, side: float = SIDE) -> np.ndarray:
    """Centres of the cells of a square, row after row upwards, (n², 2)."""
    along = (np.arange(n) + 0.5) * 2 * side / n - side
    return np.stack(np.meshgrid(along, along), -1).reshape(-1, 2)


def shares_of_data(dataset: str, per_cell: int = 4) -> np.ndarray:
    """How much of the data each cell holds, (64, 64), from so many places along its sides."""
    n = N_CELLS * per_cell
    density = np.exp(DENSITIES[dataset](centres(n))).reshape(N_CELLS, per_cell, N_CELLS, per_cell)
    shares = density.sum((1, 3))
    return shares / shares.sum()  # beyond the square there are none


def shares_of_draws(model: Approach, generator: torch.Generator) -> np.ndarray:
    """How many of 300,000 draws fall into each cell, as a share, (64, 64)."""
    x = model.sample(N_COUNTED, generator).numpy()
    edges = np.linspace(-SIDE, SIDE, N_CELLS + 1)
    return np.histogram2d(x[:, 1], x[:, 0], bins=(edges, edges))[0] / N_COUNTED


def best_discriminator(data: np.ndarray, draws: np.ndarray) -> np.ndarray:
    """D* = p/(p + p_g), from shares of each cell; NaN where both are 0 (Goodfellow et al. 2014, Eq. (2))."""
    both = data + draws
    return np.where(both > 0, data / np.where(both > 0, both, 1), np.nan)


def told_apart(d: np.ndarray, data: np.ndarray, draws: np.ndarray) -> float:
    """How often what is called data where D is at least ½ is told right, if every second point is one of the data."""
    return float(0.5 * np.where(d >= 0.5, data, draws).sum() + 0.5 * (1 - draws.sum()))


def entropy(dataset: str) -> float:
    """−E[log p(x)] in nats, summed over a fine grid."""
    spacing, reach = FINE
    n = round(2 * reach / spacing)
    log_density = DENSITIES[dataset](centres(n, reach))
    is_dense = log_density > -700
    return float(-(np.exp(log_density[is_dense]) * log_density[is_dense]).sum() * spacing**2)


@dataclass(frozen=True, slots=True, eq=False)
class Judge:
    """What is known of a data set, to judge models by.

    Attributes:
        x: points that no model was trained or chosen by, (N, 2).
        log_density: their own log p(x), (N,).
        shares: of each cell, (64, 64).
    """

    dataset: str
    x: np.ndarray
    log_density: np.ndarray
    shares: np.ndarray

    @classmethod
    def of(cls, dataset: str) -> Judge:
        """The judge of a data set."""
        x = unseen(dataset).astype(np.float64)
        return cls(dataset, x, DENSITIES[dataset](x), shares_of_data(dataset))

    def n_off(self, draws: np.ndarray) -> int:
        """How many draws are where the data's density is below that of 99 % of the data."""
        return int((DENSITIES[self.dataset](draws) < np.quantile(self.log_density, OUTER)).sum())


@torch.no_grad()
def frame_of(model: Approach, step: int, judge: Judge) -> Frame:
    """What a model draws, and how well it fits."""
    generator = torch.Generator().manual_seed(1)
    draws = model.sample(N_JUDGED, generator).numpy()
    x, cells = torch.tensor(judge.x), torch.tensor(centres())
    metrics: dict[str, float] = {"off": judge.n_off(draws), "n_points": len(x)}
    best, density = np.empty((0, 0)), log_px(model, cells)
    if isinstance(model, Adversarial):
        picture, q = model.is_data(cells).numpy().reshape(N_CELLS, N_CELLS), shares_of_draws(model, generator)
        optimum = best_discriminator(judge.shares, q)
        metrics |= {"told": told_apart(picture, judge.shares, q), "best_told": told_apart(optimum, judge.shares, q)}
        best = np.where(judge.shares + q < 1 / N_COUNTED, np.nan, optimum)
    elif density is not None:
        picture, of_test = density.exp().numpy().reshape(N_CELLS, N_CELLS), cast(Tensor, log_px(model, x)).numpy()
        metrics |= _mean("log_px", of_test) | _mean("gap", judge.log_density - of_test)
        if isinstance(model, Variational):
            bound = model.elbo(x).numpy()
            metrics |= _mean("elbo", bound) | _mean("slack", of_test - bound)
    return Frame(step, draws[:N_DRAWS], picture, best, rounded(metrics))


def _mean(name: str, values: np.ndarray) -> dict[str, float]:
    return {name: float(values.mean()), f"{name}_se": standard_error(values)}


def film_of(dataset: str) -> Film:
    """Train all four on a data set."""
    judge, frames, weights = Judge.of(dataset), {name: list[Frame]() for name in APPROACHES}, {}
    for approach in APPROACHES:
        for step, model in training(approach, points_of(dataset).train.x):
            frames[approach].append(frame_of(as_shipped(model), step, judge))
        weights[approach] = parameters_to_vector(model.parameters()).detach().half().numpy()
    return Film(entropy(dataset), judge.shares / (2 * SIDE / N_CELLS) ** 2, frames, weights)


@dataclass(frozen=True, slots=True)
class Answers:
    """What a model answered when it was asked.

    Attributes:
        integral: ∫ p(x) dx over the plane by its `log_prob`; None where it has no such method.
        n_passes: how often the network that is run most is run, one run after another, for a draw.
        n_layers: affine maps in a row, for a draw.
        n_code: numbers that `encode` makes of a point; None where it has no such method.
        inverse_error: how far a point is, at most, from where `decode` puts its code; None where a code is not one value.
        posterior_gap: mean KL(q(z|x) ‖ p(z|x)) in nats; None where `encode` gives no q.
    """

    integral: float | None
    n_passes: int
    n_layers: int
    n_code: int | None
    inverse_error: float | None
    posterior_gap: float | None

    @property
    def ticks(self) -> tuple[bool, bool, bool, bool]:
        """Exact log p(x); draws in one pass; a code smaller than x; exact inference of the code."""
        return (
            self.integral is not None and abs(self.integral - 1) < TOLERANCE,
            self.n_passes == 1,
            self.n_code is not None and self.n_code < P,
            self.inverse_error is not None and self.inverse_error < INVERSE_TOLERANCE,
        )


@torch.no_grad()
def answers(model: Approach, x: np.ndarray) -> Answers:
    """Ask a model for everything: nothing is looked up in a table.

    Args:
        model: float64.
        x: points, (N, 2).
    """
    points, n_code, inverse_error, posterior_gap = torch.tensor(x, dtype=torch.float64), None, None, None
    of: Any = model
    if hasattr(model, "encode"):
        code = of.encode(points)
        n_code = (code.mean if isinstance(code, DiagonalGaussian) else code).shape[1]
        if isinstance(code, Tensor):
            inverse_error = float((of.decode(code) - points).abs().max())
        elif isinstance(model, Variational):
            posterior_gap = float((model.log_px_by_quadrature(points) - model.elbo(points)).mean())
    return Answers(integral(model), *passes(model), n_code, inverse_error, posterior_gap)


def integral(model: Approach) -> float | None:
    """∫ p(x) dx of a model's own `log_prob` by the trapezoid rule; None where it has none."""
    log_prob = getattr(model, "log_prob", None)
    if log_prob is None:
        return None
    places = torch.tensor(np.stack(np.meshgrid(GRID, GRID), -1).reshape(-1, P))
    density = torch.cat([log_prob(some) for some in places.split(AT_ONCE)]).exp().numpy().reshape(len(GRID), len(GRID))
    return float(np.trapezoid(np.trapezoid(density, GRID, axis=1), GRID))


def passes(model: Approach) -> tuple[int, int]:
    """How often the network that is run most is run for one draw, and how many affine maps are; counted while one is made."""
    counts: dict[nn.Module, int] = {}

    def count(module: nn.Module, given: Any, made: Any) -> None:
        counts[module] = counts.get(module, 0) + 1

    hooks = [module.register_forward_hook(count) for module in model.modules() if isinstance(module, Mlp | nn.Linear)]
    model.sample(1, torch.Generator().manual_seed(0))
    for hook in hooks:
        hook.remove()
    networks = (n for module, n in counts.items() if isinstance(module, Mlp))
    return max(networks), sum(n for module, n in counts.items() if isinstance(module, nn.Linear))


def save(path: Path, films: Mapping[str, Film]) -> None:
    """Keep films in a file: densities in 255 steps of their largest value, D and D* in 254 steps, draws and weights as float16."""
    header, arrays = {}, {}
    for dataset, film in films.items():
        metrics = {approach: [frame.metrics for frame in frames] for approach, frames in film.frames.items()}
        peaks = {approach: [float(frame.picture.max()) for frame in frames] for approach, frames in film.frames.items()}
        header[dataset] = {"entropy": film.entropy, "peak": float(film.picture.max()), "peaks": peaks, "metrics": metrics}
        arrays[f"{dataset} picture"] = _in_bytes(film.picture, film.picture.max())
        for approach, frames in film.frames.items():
            name = f"{dataset} {approach}"
            arrays[f"{name} draws"] = np.stack([frame.draws for frame in frames]).astype(np.float16)
            arrays[f"{name} picture"] = np.stack([_in_bytes(frame.picture, frame.picture.max()) for frame in frames])
            arrays[f"{name} best"] = np.stack([_in_bytes(frame.best, 1.0) for frame in frames])
            arrays[f"{name} weights"] = film.weights[approach]
    replace_file(path, zlib.compress(packed({"films": rounded(header)}, arrays), 9))


def _in_bytes(values: np.ndarray, most: float) -> np.ndarray:
    return np.where(np.isnan(values), UNKNOWN, np.round((UNKNOWN - 1) * values / most)).astype(np.uint8)


def _from_bytes(values: np.ndarray, most: float) -> np.ndarray:
    return np.where(values == UNKNOWN, np.nan, most * values / (UNKNOWN - 1.0))


def load(path: Path = SHIPPED) -> dict[str, Film]:
    """The films of a file, by data set; nothing if there is no file."""
    if not path.is_file():
        return {}
    header, arrays = unpacked(zlib.decompress(path.read_bytes()))
    films = {}
    for dataset, of in header["films"].items():
        frames, weights = {}, {}
        for approach, metrics in of["metrics"].items():
            draws, pictures, best, weights[approach] = (
                arrays[f"{dataset} {approach} {part}"] for part in ("draws", "picture", "best", "weights")
            )
            frames[approach] = [
                Frame(step, draws[k], _from_bytes(pictures[k], of["peaks"][approach][k]), _from_bytes(best[k], 1.0), metrics[k])
                for k, step in enumerate(STEPS)
            ]
        films[dataset] = Film(of["entropy"], _from_bytes(arrays[f"{dataset} picture"], of["peak"]), frames, weights)
    return films


if __name__ == "__main__":
    configure_numerics(n_threads=1)
    save(SHIPPED, {dataset: film_of(dataset) for dataset in DENSITIES})
