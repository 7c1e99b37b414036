"""Rate against distortion: which models share a plane, what its axes can be, and the lines that the theory draws on them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

from vae_core.errors import require
from vae_core.explore.means import Mean, as_earned, mean_of_metrics
from vae_core.explore.rates.frontier_numbers import End, ModelNumbers, NumbersFile, numbers_of, without_seed
from vae_core.models.vae import VAESpec
from vae_core.statistics import psnr
from vae_core.store import SHIPPED, Store
from vae_core.training.grids import read_grids
from vae_core.units import bits, bits_per_pixel

GRID = SHIPPED / "frontier.json"
RateUnit = Literal["nats", "bits", "bits per pixel"]
DistortionUnit = Literal["nats", "expected SSE", "PSNR"]
LineKind = Literal["equal ELBO", "tangent"]
TITLES = {
    "mnist mlp bernoulli": "MNIST Bernoulli",
    "mnist conv bernoulli": "MNIST convolutional",
    "mnist mlp gaussian": "MNIST Gaussian",
    "frey_faces mlp gaussian": "Frey Gaussian",
}


@cache
def planes() -> dict[str, list[VAESpec]]:
    """Title → specs of the shipped grid that share a plane: one data set, network and likelihood, so that nats are the same nats.

    The grid's linear models are not among them: their exact curve has a page of its own.
    """
    by_title: dict[str, list[VAESpec]] = {}
    for spec in read_grids(GRID):
        if isinstance(spec, VAESpec) and spec.network != "linear":
            name = f"{spec.dataset} {spec.network} {spec.likelihood}"
            by_title.setdefault(TITLES.get(name, name), []).append(spec)
    return by_title


@dataclass(frozen=True, slots=True)
class Axes:
    """What the two axes of the plane show, rate across and distortion up."""

    rate: RateUnit = "nats"
    distortion: DistortionUnit = "nats"

    def __post_init__(self) -> None:
        require(self.rate in get_args(RateUnit), "rate", f"be one of {', '.join(get_args(RateUnit))}", self.rate)
        units = get_args(DistortionUnit)
        require(self.distortion in units, "distortion", f"be one of {', '.join(units)}", self.distortion)


def rate_on_axis(nats: float, unit: RateUnit, n_pixels: int) -> float:
    """A rate in the axis' unit."""
    return {"nats": nats, "bits": bits(nats), "bits per pixel": bits_per_pixel(nats, n_pixels)}[unit]


def distortion_on_axis(nats: float, expected_sse: float, unit: DistortionUnit, n_features: int) -> float:
    """A distortion in the axis' unit; the PSNR is that of the mean `expected_sse`."""
    return {"nats": nats, "expected SSE": expected_sse, "PSNR": float(psnr(expected_sse / n_features))}[unit]


def slope(spec: VAESpec, axes: Axes, kind: LineKind) -> float | None:
    """How a line of the plane rises, in the axes' units; None where the axes do not allow it.

    Distortion against rate in nats: −1 where the ELBO is the same, −β along what a β-VAE minimises, and so at its optimum. A Gaussian of
    fixed σ has D = SSE/2σ² + constant: −2σ² and −2βσ² = −2τ with `expected_sse`. There is none in PSNR, nor between SSE and a Bernoulli.
    """
    weight = spec.beta if kind == "tangent" else 1.0
    one_nat = rate_on_axis(1.0, axes.rate, spec.identity.n_pixels)
    if axes.distortion == "nats":
        return -weight / one_nat
    if axes.distortion == "expected SSE" and spec.likelihood == "gaussian" and spec.scale != "learned":
        return -2 * spec.scale**2 * weight / one_nat
    return None


@dataclass(frozen=True, slots=True)
class Dot:
    """A spec on the plane.

    Attributes:
        spec: of the seed whose numbers are `own`.
        own: numbers of the model whose weights are here; of the lowest seed where none are.
        seeds: numbers of the model at every seed, lowest first, `own` among them.
        has_weights: whether its weights are here.
    """

    spec: VAESpec
    own: ModelNumbers
    seeds: tuple[ModelNumbers, ...]
    has_weights: bool

    def point(self, axes: Axes, of: ModelNumbers | None = None) -> tuple[float, float]:
        """Rate and distortion in the axes' units; of one seed's numbers, its own by default."""
        n, metrics = self.spec.identity.n_features, (of or self.own).metrics
        across = rate_on_axis(metrics["rate"], axes.rate, self.spec.identity.n_pixels)
        return across, distortion_on_axis(metrics["distortion"], metrics["expected_sse"], axes.distortion, n)

    def in_words(self, axes: Axes) -> str:
        """The same of its own numbers, each with its 95 % interval; that of a PSNR to first order in the squared error."""
        rate, error = (
            mean_of_metrics(self.own.metrics, name) for name in ("rate", "distortion" if axes.distortion == "nats" else "expected_sse")
        )
        across, up = self.point(axes)
        wide = rate_on_axis(rate.half_width or 0.0, axes.rate, self.spec.identity.n_pixels)
        high = (error.half_width or 0.0) * (10 / (math.log(10) * error.value) if axes.distortion == "PSNR" else 1.0)
        r, d = (as_earned(Mean(value, half_width or None, error.n)) for value, half_width in ((across, wide), (up, high)))
        return f"R {r}, D {d}"

    def spread(self, axes: Axes) -> tuple[tuple[float, float], tuple[float, float]]:
        """(smallest, largest) rate, and (smallest, largest) distortion, over the seeds."""
        rates, distortions = zip(*(self.point(axes, one) for one in self.seeds), strict=True)
        return (min(rates), max(rates)), (min(distortions), max(distortions))


def dots_of_plane(title: str, store: Store, shipped: NumbersFile) -> list[Dot]:
    """The dots of a plane: what a store holds of it, and shipped numbers (`frontier_numbers.read`)."""
    specs = planes()[title]
    checkpoints = [checkpoint for spec in specs if (checkpoint := store.find(spec)) is not None]
    here = {checkpoint.spec.fingerprint: numbers_of(checkpoint) for checkpoint in checkpoints}
    return dots(specs, here, shipped.models)


def dots(specs: Iterable[VAESpec], here: Mapping[str, ModelNumbers], shipped: Mapping[str, ModelNumbers]) -> list[Dot]:
    """What there is to see of these specs, in their order: models whose weights are here, and shipped numbers of any seed.

    Args:
        specs: of one plane.
        here: fingerprint → numbers of models whose weights are here.
        shipped: fingerprint → numbers that came with the program, with or without weights.
    """
    by_spec: dict[str, dict[int, ModelNumbers]] = {}
    current = {**shipped, **{name: own for name, own in here.items() if not _are_same(own, shipped.get(name))}}
    for one in current.values():
        by_spec.setdefault(without_seed(one.spec).fingerprint, {})[one.spec.seed] = one
    present = []
    for spec in specs:
        seeds = by_spec.get(without_seed(spec).fingerprint, {})
        if seeds:
            ordered = tuple(seeds[seed] for seed in sorted(seeds))
            own = next((one for one in ordered if one.spec.fingerprint in here), ordered[0])
            present.append(Dot(own.spec, own, ordered, own.spec.fingerprint in here))
    return present


def _are_same(own: ModelNumbers, shipped: ModelNumbers | None) -> bool:
    """Whether what came with the program, the importance-weighted bound as well, is of the weights that are here."""
    return shipped is not None and shipped.weights_sha256 == own.weights_sha256


def dims_by_rate(numbers: ModelNumbers) -> tuple[int, ...]:
    """The latent dimensions, those of largest mean KL first."""
    kl = numbers.metrics["kl_per_dim"]
    return tuple(sorted(range(len(kl)), key=lambda j: -kl[j]))


def nearest(dots: Sequence[Dot], latent_dim: int, beta: float) -> Dot:
    """The dot of that latent dimension and β; where it is not trained yet, of the nearest β at the nearest d."""

    def distance(dot: Dot) -> tuple[float, float]:
        return abs(math.log(dot.spec.latent_dim / latent_dim)), abs(math.log(dot.spec.beta / beta))

    return min(dots, key=distance)


@dataclass(frozen=True, slots=True)
class EntropyBound:
    """−(the best importance-weighted bound) of a plane's models, in nats: the entropy of the images is at most its expectation.

    Attributes:
        nats: −L_k of the model that has the best one.
        spec: that model.
        n_samples: k.
        n_images: over how many images it is a mean.
        half_width: of its 95 % interval; None where no standard error was kept.
    """

    nats: float
    spec: VAESpec
    n_samples: int
    n_images: int
    half_width: float | None


def entropy_bound(dots: Iterable[Dot]) -> EntropyBound:
    """The best of the bounds on all test images, those that the dots are means over."""
    best = max((one for dot in dots for one in dot.seeds), key=lambda one: one.metrics["iwae_bound"])
    metrics = best.metrics
    mean = mean_of_metrics(metrics, "iwae_bound")
    return EntropyBound(-mean.value, best.spec, metrics["n_samples"], mean.n, mean.half_width)


def end_on_axes(end: End, axes: Axes, n_features: int) -> tuple[float, float]:
    """The best model without z: rate 0."""
    return 0.0, distortion_on_axis(end.distortion, end.sse, axes.distortion, n_features)


def end_in_words(end: End, axes: Axes, n_features: int) -> str:
    """Its distortion with the 95 % interval; to three digits where none is known of what the axis shows."""
    value = end_on_axes(end, axes, n_features)[1]
    return as_earned(Mean(value, end.mean.half_width if axes.distortion == "nats" else None, end.n_images))


def round_levels(low: float, high: float, *, most: int = 7) -> list[float]:
    """Round numbers between two, evenly spaced, at most so many: what lines of equal ELBO are drawn for."""
    power = 10.0 ** math.floor(math.log10(max(high - low, 1e-9)) - 1)
    step = next(k * power for k in (1, 2, 5, 10, 20, 50, 100) if (high - low) / (k * power) <= most - 1)
    return [round(step * k, 9) for k in range(math.ceil(low / step), math.floor(high / step) + 1)]
