"""Is the code of a trained model used? Measurements on test images, and a verdict with its evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch

from vae_core import statistics
from vae_core.data import Dataset
from vae_core.errors import require
from vae_core.evaluation import ACTIVE_ABOVE, BINARISATION_SEED, as_observed, posterior_per_image
from vae_core.explore.means import Mean
from vae_core.explore.training_collapse import linear_theory
from vae_core.models import LatentModel
from vae_core.models.inputs import batches, model_input
from vae_core.models.pca import spectrum
from vae_core.models.ppca import PPCASpec
from vae_core.passes import NOISE_SEED
from vae_core.specs import ModelSpec
from vae_core.units import with_interval

MOST_IMAGES = 2000
READ_ABOVE = 1.0
"""Nats that an image must cost more under another image's code, for the code to count as read."""
PRESSED_ABOVE = 2.0
"""Times that the KL may weigh what the residuals justify: at 1, σ and β are those of the best bound on log p(x)."""

Kind = Literal["healthy", "more than needed", "rate-starved", "collapsed"]
SYMPTOMS: tuple[Kind, ...] = ("rate-starved", "collapsed")


@dataclass(frozen=True, slots=True, eq=False)
class Examination:
    """What was measured on a model.

    Attributes:
        n_images: test images.
        kl_per_dim: mean KL of each dimension, (D,), nats; their sum is the rate.
        variance: over images, of the posterior mean of each dimension, (D,).
        distortion: −E_q[log p(x|z)], one z an image.
        shuffle_gain: how much larger that is when every image is decoded from another image's z; nats.
        shuffle_half_width: of its 95 % interval over images.
        pressure: βσ² over the squared residual a pixel (βb over the absolute one; β for likelihoods without a scale).
        n_above_water: dimensions that a linear model would keep, those with λ_j > τ; None where the theory says nothing.
        z_free: −ELBO of the best model without z, mean over all test images; None where it has no bound, or is not asked for.
        has_scale: whether the likelihood has a width that residuals can fit; a Bernoulli has none.
        kl_half_widths: of the 95 % intervals of `kl_per_dim`, (D,); None where they were not measured.
        elbo_half_width: of that of `minus_elbo`, likewise.
    """

    n_images: int
    kl_per_dim: np.ndarray
    variance: np.ndarray
    distortion: float
    shuffle_gain: float
    shuffle_half_width: float
    pressure: float
    n_above_water: int | None
    z_free: Mean | None = None
    has_scale: bool = True
    kl_half_widths: np.ndarray | None = None
    elbo_half_width: float | None = None

    @property
    def minus_elbo(self) -> Mean:
        """Distortion + rate, nats."""
        return Mean(self.distortion + self.rate, self.elbo_half_width, self.n_images)

    @property
    def is_worse_than_no_code(self) -> bool:
        """Whether test images cost more than under the best model without z, although the code is read."""
        return self.z_free is not None and self.minus_elbo.value > self.z_free.value

    @property
    def rate(self) -> float:
        """KL(q(z|x) || p(z)), nats."""
        return float(self.kl_per_dim.sum())

    @property
    def is_active(self) -> np.ndarray:
        """Which dimensions have means that vary by more than `ACTIVE_ABOVE` (Burda et al. 2016, Sec. 5.2), (D,)."""
        return self.variance > ACTIVE_ABOVE

    @property
    def shuffle_words(self) -> str:
        """The gain with its interval."""
        return with_interval(self.shuffle_gain, self.shuffle_half_width)

    @property
    def kind(self) -> Kind:
        """The verdict. λ_j against τ is evidence only: a network that is not linear may use a dimension that a linear one loses."""
        if self.shuffle_gain < READ_ABOVE:
            return "collapsed"
        if self.pressure > PRESSED_ABOVE:
            return "rate-starved"
        return "healthy" if self.is_active.all() else "more than needed"


@torch.no_grad()
def examine(model: LatentModel, images: Dataset, eigenvalues: np.ndarray | None = None, z_free: Mean | None = None) -> Examination:
    """Measure a model on `MOST_IMAGES` of the test images, evenly spread, or on all.

    Args:
        model: a model with a density.
        images: its data set.
        eigenvalues: λ of the training images' covariance, (P,), for the evidence of linear theory; found if they are not given.
        z_free: −ELBO of the best model without z on the test images (`training_collapse.z_free`), to compare with.

    Raises:
        ValueError: if the model has no density.
    """
    require(model.has_density, "model", "have a density to be examined", model.spec.family)
    x = images.test.x[list(images.test.spread(MOST_IMAGES))]
    seen = as_observed(model, x, BINARISATION_SEED)
    own, other = distortions(model, seen)
    gain = other - own
    means, kl_per_dim = posterior_per_image(model, seen)
    half_width = statistics.half_width(gain)
    return Examination(
        len(x),
        kl_per_dim.mean(0),
        means.var(0),
        float(own.mean()),
        float(gain.mean()),
        half_width,
        pressure(model, x),
        _above_water(model, spectrum(images.train.x).eigenvalues if eigenvalues is None else eigenvalues),
        z_free,
        has_scale(model.spec),
        np.array([statistics.half_width(column) for column in kl_per_dim.T]),
        statistics.half_width(own + kl_per_dim.sum(1)),
    )


def has_scale(spec: ModelSpec) -> bool:
    """Whether the likelihood has a width that residuals can fit; a Bernoulli has none."""
    return spec.is_closed_form or spec.likelihood in ("gaussian", "laplace")


def distortions(model: LatentModel, seen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """−log p(x|z) of each image with z from its own posterior, and from that of the next image in a random circle, (N,) each."""
    noise = torch.Generator(model.device).manual_seed(NOISE_SEED)
    z = torch.cat([model.encode(part).sample(noise) for part in batches(seen, MOST_IMAGES, model.device)])
    swapped, own, other = z[derangement(len(z))], [], []
    for first in range(0, len(z), 500):
        part = slice(first, first + 500)
        x = model_input(seen[part], model.device)
        own.append(-model.decode(z[part]).log_prob(x).double())
        other.append(-model.decode(swapped[part]).log_prob(x).double())
    return torch.cat(own).cpu().numpy(), torch.cat(other).cpu().numpy()


def derangement(n: int, seed: int = NOISE_SEED) -> np.ndarray:
    """For each of n images the number of another one: its successor in one random circle through all, (n,)."""
    circle = np.random.default_rng(seed).permutation(n)
    successor = np.empty(n, int)
    successor[circle] = np.roll(circle, -1)
    return successor


def pressure(model: LatentModel, x: np.ndarray) -> float:
    """How many times as much the KL weighed in training as the residuals justify: βσ²·P/E‖x − g(z)‖², βb·P/E|x − g(z)|, or β."""
    spec = model.spec
    if spec.is_closed_form:
        return 1.0  # the exact posterior at the best σ²
    if not has_scale(spec):
        return spec.beta
    scale, noise, residuals = float(model.get_parameter("log_scale").exp()), torch.Generator(model.device).manual_seed(NOISE_SEED), []
    power = 2 if spec.likelihood == "gaussian" else 1
    for part in batches(x, 500, model.device):
        x_hat = model.decode(model.encode(part).sample(noise)).mean
        residuals.append(((part - x_hat).abs() ** power).flatten(1).mean(1).double())
    return spec.beta * scale**power / float(torch.cat(residuals).mean())


def _above_water(model: LatentModel, eigenvalues: np.ndarray) -> int | None:
    spec = model.spec
    if isinstance(spec, PPCASpec):
        return int((eigenvalues[: spec.latent_dim] > float(model.get_buffer("noise_variance"))).sum())
    if spec.likelihood != "gaussian":
        return None
    theory = linear_theory(eigenvalues, latent_dim=spec.latent_dim, beta=spec.beta, scale=float(model.get_parameter("log_scale").exp()))
    return None if theory is None else theory.n_active


def _too_little_pressure(examination: Examination) -> str:
    if examination.pressure >= 1:
        return ""
    if not examination.has_scale:
        return f": with β = {examination.pressure:g} the KL weighed less than the bound asks for"
    weighs = f": the KL weighs {examination.pressure:.2f} times what their residuals justify"
    return f"{weighs}, so the likelihood's scale is that of training images"


@torch.no_grad()
def swapped_reconstructions(model: LatentModel, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """E[x|z] at each image's own posterior mean and at that of the next one, float32 (N, C, H, W) each; x as bytes, grey."""
    z = model.encode(model_input(as_observed(model, x), model.device)).mean
    own, next_one = (model.decode(codes).mean.cpu().numpy() for codes in (z, z.roll(-1, 0)))
    return own, next_one


def verdict(examination: Examination) -> str:
    """The verdict in words, with the evidence that it rests on."""
    n_dims, unused = len(examination.kl_per_dim), int((~examination.is_active).sum())
    read = f"another image's code costs {examination.shuffle_words} nats"
    if examination.kind == "collapsed":
        gain = f"{examination.shuffle_words} nats"
        more = f"only {gain} more" if examination.shuffle_gain > 0 else f"no more ({gain})"  # an estimate, which may come out below
        return f"**Collapsed: the code is not read.** With another image's code an image costs {more}."
    if examination.kind == "rate-starved":
        lost = f"{unused} of {n_dims} dimensions are lost" if unused else "every dimension is still used"
        return f"**Starved of rate: the KL weighs {examination.pressure:.1f} times what the residuals justify**; {lost}, and {read}."
    if examination.is_worse_than_no_code:
        bound = f"−ELBO {examination.minus_elbo} nats, {examination.z_free} without z"
        return f"**Read, and worse than no code on test images** ({bound}){_too_little_pressure(examination)}; {read}."
    if examination.kind == "more than needed":
        return (
            f"**Healthy, with more dimensions than needed**: {unused} of {n_dims} dimensions are unused, which is normal here. "
            f"Giving the decoder another image's code costs {examination.shuffle_words} nats, so the code is read."
        )
    return f"**Healthy: every dimension is used**, and {read}."
