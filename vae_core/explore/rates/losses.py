"""The losses that people write for a VAE, and the model that each amounts to: its σ (or b), its β, and the balance τ of the two.

Per image a loss is a·E + w·KL, E the error summed over pixels as the network sees them and KL summed over the code. Squared errors read
as −log p(x|z) mean σ² = 1/(2a), absolute ones b = 1/a; then β = w. Only their balance moves the optimum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, cast, get_args

import numpy as np

from vae_core.errors import require
from vae_core.explore.rates.pixel_statistics import PixelStatistics
from vae_core.explore.water_filling import Optimum, optimum
from vae_core.models.vae import VAESpec, recipe
from vae_core.specs import SCALED_LIKELIHOODS, Likelihood, ModelSpec

ErrorTerm = Literal["squared error", "½ squared error", "absolute error", "cross-entropy"]
OverPixels = Literal["sum", "mean"]
OverCode = Literal["sum", "mean", "sum, batch too"]
Pixels = Literal["[0, 1]", "[−1, 1]", "0 … 255", "standardised", "standardised each"]

WEIGHTS: dict[ErrorTerm, float] = {"squared error": 1.0, "½ squared error": 0.5, "absolute error": 1.0, "cross-entropy": 1.0}
LIKELIHOOD_OF: dict[ErrorTerm, Likelihood] = {
    "squared error": "gaussian",
    "½ squared error": "gaussian",
    "absolute error": "laplace",
    "cross-entropy": "bernoulli",
}
ALL_PIXELS: tuple[Pixels, ...] = get_args(Pixels)
PIXELS_FOR: dict[ErrorTerm, tuple[Pixels, ...]] = {
    "squared error": ALL_PIXELS,
    "½ squared error": ALL_PIXELS,
    "absolute error": ALL_PIXELS[:-1],
    "cross-entropy": ALL_PIXELS[:1],
}
"""What each error is said of here: probabilities need [0, 1], and a sum of absolute errors one unit."""


@dataclass(frozen=True, slots=True)
class WrittenLoss:
    """A loss as its author writes it, averaged over the batch.

    Attributes:
        error: of a pixel. Cross-entropy is of binarised pixels.
        over_pixels: whether errors of an image are summed or averaged.
        over_code: whether the KL is summed over the code, averaged over it, or summed over the batch as well while the error is not.
        kl_weight: factor in front of the KL.
        pixels: as the network sees them; standardised by one mean and deviation for all, or each pixel by its own.
        batch_size: plays a part where the KL is summed over the batch.
    """

    error: ErrorTerm = "squared error"
    over_pixels: OverPixels = "sum"
    over_code: OverCode = "sum"
    kl_weight: float = 1.0
    pixels: Pixels = "[0, 1]"
    batch_size: int = 128

    def __post_init__(self) -> None:
        require(self.kl_weight > 0, "kl_weight", "be above 0", self.kl_weight)
        allowed = PIXELS_FOR[self.error]
        require(self.pixels in allowed, "pixels", f"be one of {', '.join(allowed)} for {self.error}", self.pixels)


PRESETS: dict[str, WrittenLoss] = {
    "SSE + KL": WrittenLoss(),
    "½ SSE + KL": WrittenLoss("½ squared error"),
    "mean MSE + KL": WrittenLoss(over_pixels="mean"),
    "mean MSE + mean KL": WrittenLoss(over_pixels="mean", over_code="mean"),
    "mean MSE + batch-summed KL": WrittenLoss(over_pixels="mean", over_code="sum, batch too"),
    "mean MSE, standardised": WrittenLoss(over_pixels="mean", pixels="standardised"),
    "mean MSE + 0.00025 KL": WrittenLoss(over_pixels="mean", kl_weight=0.00025),
    "4 KL, SSE": WrittenLoss(kl_weight=4.0),
    "mean L1 + KL": WrittenLoss("absolute error", over_pixels="mean"),
    "sum of L1 + KL": WrittenLoss("absolute error"),
    "cross-entropy + KL": WrittenLoss("cross-entropy"),
    "mean cross-entropy + KL": WrittenLoss("cross-entropy", over_pixels="mean"),
}
"""Name → loss, as they are found in tutorials and issues."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a written loss amounts to on a data set.

    Attributes:
        likelihood: whose −log p(x|z) the error is.
        scale: σ or b, in the pixels that the network sees; None for a Bernoulli likelihood, which has none.
        beta: weight of the KL.
        unit: one unit of those pixels in pixels of [0, 1]; None if each pixel has its own.
    """

    likelihood: Likelihood
    scale: float | None
    beta: float
    unit: float | None

    @property
    def balance(self) -> float:
        """What decides the optimum: τ = βσ², βb, or β for a Bernoulli likelihood, in the pixels that the network sees."""
        return balance(self.likelihood, self.scale, self.beta)

    @property
    def rda_lambda(self) -> float | None:
        """λ of rate–distortion autoencoders, KL + λ·SSE: 1/(2βσ²); None unless errors are squared."""
        return 1 / (2 * self.balance) if self.likelihood == "gaussian" else None


def balance(likelihood: Likelihood, scale: float | None, beta: float) -> float:
    """τ = βσ² for a Gaussian, βb for a Laplace, β for any other likelihood."""
    if scale is None or likelihood not in SCALED_LIKELIHOODS:
        return beta
    return beta * (scale**2 if likelihood == "gaussian" else scale)


def meaning_of(loss: WrittenLoss, statistics: PixelStatistics, latent_dim: int) -> Meaning:
    """The likelihood, scale and β that a loss means on a data set, for a code of d dimensions."""
    per_sum = WEIGHTS[loss.error] / (statistics.n_features if loss.over_pixels == "mean" else 1)
    weight = loss.kl_weight * {"sum": 1, "mean": 1 / latent_dim, "sum, batch too": loss.batch_size}[loss.over_code]
    unit = {"[0, 1]": 1.0, "[−1, 1]": 0.5, "0 … 255": 1 / 255, "standardised": statistics.spread, "standardised each": None}[loss.pixels]
    likelihood = LIKELIHOOD_OF[loss.error]
    if likelihood == "gaussian":
        return Meaning(likelihood, (2 * per_sum) ** -0.5, weight, unit)
    if likelihood == "laplace":
        return Meaning(likelihood, 1 / per_sum, weight, unit)
    return Meaning(likelihood, None, weight / per_sum, unit)


@dataclass(frozen=True, slots=True)
class Consequence:
    """What a loss must do on a data set, whoever trains it.

    Attributes:
        best: the optimum of a linear model; None unless errors are squared.
        lost: dimensions of the code that a linear model must lose; None likewise.
        kl_bound: no model whose loss is as small as that of the best model without z has a larger KL, nats.
    """

    best: Optimum | None
    lost: int | None
    kl_bound: float


def consequence_of(meaning: Meaning, statistics: PixelStatistics, latent_dim: int) -> Consequence:
    """What the theory says; the bound is (error without z − 0)/β: V/(2βσ²), Σ|x − median|/(βb), or Σ H(x̄)/β."""
    if meaning.likelihood == "bernoulli":
        return Consequence(None, None, statistics.binary_entropy / meaning.beta)
    if meaning.likelihood == "laplace":
        return Consequence(None, None, statistics.absolute_deviation / cast(float, in_unit_pixels(meaning)))  # pixels have one unit
    values = eigenvalues(meaning, statistics)
    best = optimum(values, meaning.balance, latent_dim)
    return Consequence(best, latent_dim - best.n_active, float(values.sum()) / (2 * meaning.balance))


@dataclass(frozen=True, slots=True, eq=False)
class AlongTheBalance:
    """What theory says at every balance of error and KL.

    Attributes:
        axis: balances, (N,), rising.
        here: that of the loss at hand.
        survivors: active dimensions of the best linear model, (N,); None unless errors are squared.
        linear_rate: its KL, (N,), nats; None likewise.
        bound: no model's KL is above this, (N,), nats.
    """

    axis: np.ndarray
    here: float
    survivors: np.ndarray | None
    linear_rate: np.ndarray | None
    bound: np.ndarray


def along_the_balance(meaning: Meaning, statistics: PixelStatistics, latent_dim: int, marked: Sequence[float] = ()) -> AlongTheBalance:
    """The best linear model and the bound for any model at 240 balances around a loss.

    Args:
        meaning: what the loss means.
        statistics: of the training images.
        latent_dim: d.
        marked: other balances that must lie within.
    """
    values = eigenvalues(meaning, statistics) if meaning.likelihood == "gaussian" else None
    low, high = min([*marked, meaning.balance]), max([*marked, meaning.balance])
    if values is not None:
        low = min(low, float(values[min(30, int((values > 0).sum()) - 1)]))
    axis = np.geomspace(low / 2, high * 2, 240)
    best = None if values is None else [optimum(values, tau, latent_dim) for tau in axis]
    return AlongTheBalance(
        axis,
        meaning.balance,
        None if best is None else np.array([one.n_active for one in best]),
        None if best is None else np.array([one.rate for one in best]),
        consequence_of(meaning, statistics, latent_dim).kl_bound * meaning.balance / axis,
    )


def eigenvalues(meaning: Meaning, statistics: PixelStatistics) -> np.ndarray:
    """λ of the pixels that the network sees, (P,)."""
    if meaning.unit is None:
        return np.array(statistics.standardised)
    return np.array(statistics.eigenvalues) / meaning.unit**2


def spec_of(meaning: Meaning, dataset: str, latent_dim: int) -> VAESpec | None:
    """The VAE of that loss, by the data set's recipe, in pixels of [0, 1]; None if each pixel has its own unit."""
    if meaning.unit is None:
        return None
    scale = 1.0 if meaning.scale is None else float(f"{meaning.scale * meaning.unit:.8g}")
    return replace(recipe(dataset, latent_dim, "mlp"), likelihood=meaning.likelihood, scale=scale, beta=float(f"{meaning.beta:.8g}"))


def balance_of(spec: ModelSpec) -> tuple[Likelihood, float] | None:
    """Likelihood and balance, in pixels of [0, 1], that a VAE was trained with; None for other families and for a learned scale."""
    if not isinstance(spec, VAESpec) or spec.scale == "learned" or spec.beta == 0:
        return None
    return spec.likelihood, balance(spec.likelihood, spec.scale, spec.beta)


def in_unit_pixels(meaning: Meaning) -> float | None:
    """The balance in pixels of [0, 1]; None if each pixel has its own unit."""
    if meaning.unit is None:
        return None
    return meaning.balance * meaning.unit ** {"gaussian": 2, "laplace": 1}.get(meaning.likelihood, 0)


def nearest(specs: list[VAESpec], meaning: Meaning, latent_dim: int) -> VAESpec | None:
    """The model of that likelihood whose balance, then latent dimension, is nearest; None if there is none."""
    wanted = in_unit_pixels(meaning)
    alike = [(spec, of[1]) for spec in specs if (of := balance_of(spec)) is not None and of[0] == meaning.likelihood]
    if wanted is None or not alike:
        return None
    far = [(round(abs(np.log(value / wanted)), 6), abs(spec.latent_dim - latent_dim), spec.network == "linear") for spec, value in alike]
    return alike[min(range(len(alike)), key=lambda i: far[i])][0]


def is_same(spec: VAESpec, meaning: Meaning) -> bool:
    """Whether a model has the balance of a loss, so that both have the same optimum for its network and latent dimension."""
    wanted, of = in_unit_pixels(meaning), balance_of(spec)
    return wanted is not None and of is not None and of[0] == meaning.likelihood and abs(of[1] / wanted - 1) < 1e-6
