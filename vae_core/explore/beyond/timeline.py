"""Works of the decks by year: the number that each published, with its condition, and what this program reaches of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from vae_core.explore.beyond.timeline_figure import Row
from vae_core.explore.means import Mean, mean_of_metrics
from vae_core.models import default_spec
from vae_core.models.pca import spectrum
from vae_core.specs import ModelSpec

PEARSON = np.array(
    [(0, 5.9), (0.9, 5.4), (1.8, 4.4), (2.6, 4.6), (3.3, 3.5), (4.4, 3.7), (5.2, 2.8), (6.1, 2.8), (6.5, 2.4), (7.4, 1.5)],
)
"""Ten points of the plane (Pearson 1901), (10, 2)."""
OUTCOMES = np.array([9.0, 5.0, 2.0, 1.0]) / 17
"""A distribution over four outcomes, (4,)."""

Verdict = Literal["reached", "not told apart", "missed", "not tried"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A number as it was printed.

    Attributes:
        printed: its digits.
        unit: of it.
        condition: under which it was obtained.
        is_error: whether less is better; else it has one right value.
    """

    printed: str
    unit: str
    condition: str
    is_error: bool = False

    @property
    def value(self) -> float:
        """The number."""
        return float(self.printed)

    @property
    def rounding(self) -> float:
        """Half a unit of the last digit."""
        return 0.5 * 10.0 ** -len(self.printed.partition(".")[2])

    def verdict(self, ours: Mean | None) -> Verdict:
        """Whether a number is at most the printed one, as its interval says; or, where one value is right, equal to it as printed."""
        if ours is None:
            return "not tried"
        if abs(ours.value - self.value) <= self.rounding * (1 + 1e-9):
            return "reached"
        if not self.is_error:
            return "missed"
        low, high = ours.interval
        return "reached" if high <= self.value else "missed" if low > self.value else "not told apart"


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A work that a deck names or builds upon.

    Attributes:
        name: in the program.
        year: of its publication.
        title: what it brought.
        source: its citation.
        published: a number of it; None for what is an illustration only.
        how: how this program obtains its own.
    """

    name: str
    year: int
    title: str
    source: str
    published: Published | None = None
    how: str = ""


def _sse(printed: str, of: str) -> Published:
    condition = f"{of}, to 30 numbers per digit and back: mean over the 10,000 test images of MNIST"
    return Published(printed=printed, unit="squared error per image", condition=condition, is_error=of != "PCA")


HINTON = "Hinton & Salakhutdinov 2006"
OF_10_000 = "Mean over the same test images, n = 10,000 ± 95 % confidence interval"
WORKS = (
    Work(
        name="line",
        year=1901,
        title="Closest line",
        source="Pearson 1901",
        published=Published(printed="-0.54556", unit="slope", condition="ten points of the plane that the paper prints"),
        how="Exact: the first principal component of the same ten points.",
    ),
    Work(name="ppca", year=1999, title="pPCA", source="Tipping & Bishop 1999"),
    Work(
        name="pca",
        year=2006,
        title="PCA",
        source=HINTON,
        published=_sse("13.87", "PCA"),
        how=f"{OF_10_000}; PCA of the 60,000 training images, in closed form.",
    ),
    Work(
        name="autoencoder",
        year=2006,
        title="Autoencoder",
        source=HINTON,
        published=_sse("3.00", "784-1000-500-250-30 with pretraining"),
        how=f"{OF_10_000}; other layers, trained on warped digits, without pretraining.",
    ),
    Work(name="vae", year=2013, title="VAE", source="Kingma & Welling 2014, arXiv 2013"),
    Work(
        name="gan",
        year=2014,
        title="GAN",
        source="Goodfellow et al. 2014, Theorem 1",
        published=Published(
            printed="-1.386", unit="nats", condition="value of the game, −log 4, where the generator has the data's distribution"
        ),
        how="Exact: the best discriminator against four outcomes whose probabilities the model has.",
    ),
    Work(name="draw", year=2015, title="DRAW", source="Gregor et al. 2015"),
    Work(
        name="bound",
        year=2016,
        title="VAE, log p(x)",
        source="Burda, Grosse & Salakhutdinov 2016, Table 1",
        published=Published(
            printed="86.76",
            unit="nats per image, −log p(x)",
            condition="VAE 784-200-200-50 on binarised MNIST, at most: a bound from 5,000 samples of z",
            is_error=True,
        ),
        how="At most: {method}, mean of n = 10,000 test images ± 95 % confidence interval; a VAE with d = 30.",
    ),
    Work(name="sentences", year=2016, title="Sentences", source="Bowman et al. 2016"),
    Work(name="forecast", year=2016, title="Forecasts", source="Walker, Doersch, Gupta & Hebert 2016"),
    Work(name="beta", year=2017, title="β-VAE", source="Higgins et al. 2017"),
    Work(
        name="vqvae",
        year=2017,
        title="VQ-VAE",
        source="van den Oord, Vinyals & Kavukcuoglu 2017",
        published=Published(printed="4.67", unit="bits per dimension", condition="on CIFAR-10, at most", is_error=True),
        how="Not tried: CIFAR-10 is no data set of this program.",
    ),
    Work(name="vqvae2", year=2019, title="VQ-VAE-2", source="Razavi, van den Oord & Vinyals 2019"),
    Work(name="occupancy", year=2019, title="Occupancy", source="Mescheder et al. 2019"),
)
"""By year. Where a work has no number that could be checked, it has none here."""
MODELS: dict[str, tuple[str, str]] = {"pca": ("pca", "sse"), "autoencoder": ("autoencoder", "sse"), "bound": ("vae", "log_px")}
"""Work → the family whose shipped model of MNIST with 30 numbers per image reaches its number, and what of its evaluation."""


def spec_of(name: str) -> ModelSpec:
    """The model of one of the `MODELS`."""
    return default_spec(MODELS[name][0], "mnist", 30)


def ours(metrics: Callable[[ModelSpec], Mapping[str, Any] | None]) -> dict[str, Mean]:
    """Work → the number of this program, of those that have one.

    Args:
        metrics: the stored evaluation of a spec, as JSON; None where there is no such model.
    """
    numbers = {"line": Mean(slope(PEARSON), None, len(PEARSON)), "gan": Mean(value_of_the_game(OUTCOMES, OUTCOMES), None, len(OUTCOMES))}
    for name, (_, figure) in MODELS.items():
        evaluated = metrics(spec_of(name))
        if evaluated is not None:
            mean = mean_of_metrics(evaluated, figure)
            numbers[name] = -mean if figure == "log_px" else mean
    return numbers


def slope(points: np.ndarray) -> float:
    """Of the line of closest fit through points, (N, 2): the squared distances to it are least."""
    across, up = spectrum(points).components[0]
    return float(up / across)


def value_of_the_game(data: np.ndarray, model: np.ndarray) -> float:
    """E_data[ln D*] + E_model[ln(1 − D*)] with the best discriminator D* = data/(data + model) (Goodfellow et al. 2014, Eq. (4))."""
    best = data / (data + model)
    return float((data * np.log(best) + model * np.log1p(-best)).sum())


def rows(numbers: Mapping[str, Mean]) -> list[Row]:
    """Every work with both numbers, as it is drawn.

    Args:
        numbers: work → the number of this program (`ours`).
    """
    return [_row(work, numbers.get(work.name)) for work in WORKS]


def _row(work: Work, number: Mean | None) -> Row:
    basic = Row(year=work.year, title=work.title, source=work.source)
    if work.published is None:
        return basic
    printed = replace(basic, printed=work.published.printed, unit=work.published.unit, condition=work.published.condition)
    if number is None:
        return replace(printed, verdict=work.published.verdict(None))
    return replace(printed, ours=number.value, half_width=number.half_width, verdict=work.published.verdict(number))
