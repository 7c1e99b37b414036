"""DRAW, step by step: what each step writes, what it costs in rate and gains in distortion, and the bound beside that of a VAE.

The canvas after step t depends on z_1 … z_t alone. So the same network stopped after t steps is a model of images, too, and its bound is
known: −log p(x|c_t) and the rate of the steps so far (Gregor et al. 2015, Eq. (9) and (10) with t for T).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from vae_core.data import Dataset
from vae_core.distributions import Bernoulli, DiagonalGaussian
from vae_core.evaluation import binarised, binarised_at
from vae_core.models.base import LatentModel, elbo_terms
from vae_core.models.draw import Draw, draw_spec
from vae_core.passes import N_AT_ONCE, NOISE_SEED
from vae_core.store import Store
from vae_core.store.companions import folder_in
from vae_core.store.draw_models import read

DATASET = "mnist_5k"
STEPS = (1, 4, 8)
"""Numbers of steps of the shipped models."""


def trained(n_steps: int, store: Store | None = None) -> tuple[Draw, dict[str, Any]]:
    """The model of `DATASET` with so many steps, and its figures on the test images (`store.draw_models.figures`).

    Raises:
        KeyError: if it is not trained.
        DamagedCompanion: if its files are not what was saved.
    """
    spec = draw_spec(DATASET, n_steps)
    folder = folder_in(store or Store(), spec)
    if folder is None:
        raise KeyError(f"no DRAW model of {DATASET} with {n_steps} steps: python -m vae_core draw --dataset {DATASET} --n-steps {n_steps}")
    return read(folder, spec)


@dataclass(frozen=True, slots=True, eq=False)
class Canvases:
    """Images as they are written.

    Attributes:
        logits: c_0 … c_T, float32 (T + 1, N, C, H, W).
        x: the binary images that were encoded, bytes (N, C, H, W); None of draws from the prior.
    """

    logits: np.ndarray
    x: np.ndarray | None = None

    @property
    def n_steps(self) -> int:
        """T."""
        return len(self.logits) - 1

    @property
    def means(self) -> np.ndarray:
        """Probability that a pixel is 1, after each step: (T + 1, N, C, H, W)."""
        return 1 / (1 + np.exp(-self.logits))

    @property
    def distortion(self) -> np.ndarray | None:
        """−log p(x|c_t) of each image after each step, (T + 1, N), in nats; None of draws from the prior."""
        if self.x is None:
            return None
        log_prob = np.where(self.x > 0, self.logits, -self.logits)  # log σ(±c)
        return np.logaddexp(0, -log_prob).reshape(*self.logits.shape[:2], -1).sum(-1)

    @property
    def written(self) -> np.ndarray:
        """What each step adds to the logits, c_t − c_{t−1}: (T, N, C, H, W)."""
        return np.diff(self.logits, axis=0)


@torch.no_grad()
def canvases_of_images(model: Draw, images: Dataset, numbers: Sequence[int]) -> Canvases:
    """Test images of these numbers, binarised, each z_t at the mean of q."""
    x = binarised_at(images.test.x, numbers)
    return Canvases(model.draw(torch.tensor(x).float() / 255, None).canvases.numpy(), x)


@torch.no_grad()
def canvases_of_prior(model: Draw, n: int, seed: int) -> Canvases:
    """Draws of every z_t from N(0, I)."""
    return Canvases(model.sample(n, torch.Generator().manual_seed(seed)).canvases.numpy())


@dataclass(frozen=True, slots=True, eq=False)
class StepTerms:
    """What the ELBO of each test image is made of, step by step, in nats.

    Attributes:
        distortion: −log p(x|c_t) for t = 0 … T, (T + 1, N).
        rates: KL of each step, (T, N).
    """

    distortion: np.ndarray
    rates: np.ndarray

    @property
    def n_steps(self) -> int:
        """T."""
        return len(self.rates)

    @property
    def gained(self) -> np.ndarray:
        """By how much each step lowers the distortion, (T, N)."""
        return -np.diff(self.distortion, axis=0)

    def negative_elbo(self, t: int | None = None) -> np.ndarray:
        """−ELBO of the network stopped after t steps, by default after all, (N,)."""
        after = self.n_steps if t is None else t
        return self.distortion[after] + self.rates[:after].sum(0)


@torch.no_grad()
def step_terms(model: Draw, images: Dataset) -> StepTerms:
    """Of every test image, binarised as for every model, with one draw of each z_t."""
    noise, distortion, rates = torch.Generator().manual_seed(NOISE_SEED), [], []
    for part in _seen(images).split(N_AT_ONCE):
        steps = model.draw(part, noise)
        distortion.append(torch.stack([-steps.likelihood(t).log_prob(part) for t in range(model.spec.n_steps + 1)]))
        rates.append(steps.rates)
    return StepTerms(*(torch.cat(parts, -1).double().numpy() for parts in (distortion, rates)))


class OneStep(LatentModel):
    """DRAW with T = 1 as the VAE that it is: q(z|x) by its encoder, p(x|z) by the one canvas that it writes."""

    has_density = True
    binarises = True

    def __init__(self, model: Draw) -> None:
        nn.Module.__init__(self)
        self.model, self.shape = model, model.shape

    def posterior(self, x: Tensor) -> DiagonalGaussian:
        """q(z|x), over (B, D)."""
        return self.model.draw(x, None).posteriors[0]

    def likelihood(self, z: Tensor) -> Bernoulli:
        """p(x|z), over (B, *shape) for z of (B, D)."""
        canvas, _, decoded = self.model.start(len(z))
        return Bernoulli(self.model.write(z, canvas, decoded)[0].unflatten(-1, self.shape), len(self.shape))


@torch.no_grad()
def as_vae(model: Draw, images: Dataset) -> np.ndarray:
    """−ELBO of every test image of a model with one step, (N,), by the terms of a VAE (`models.base.elbo_terms`).

    Raises:
        ValueError: if the model has more steps.
    """
    if model.spec.n_steps != 1:
        raise ValueError(f"n_steps must be 1 for a VAE, got {model.spec.n_steps}")
    noise, vae = torch.Generator().manual_seed(NOISE_SEED), OneStep(model)
    parts = [elbo_terms(vae, part, noise) for part in _seen(images).split(N_AT_ONCE)]
    return -torch.cat([part.elbo for part in parts]).double().numpy()


def _seen(images: Dataset) -> Tensor:
    """Every test image as all models see it."""
    return torch.tensor(binarised(images.test.x)).float() / 255
