"""The contract of every model: encode to a distribution, decode to a distribution, say what is solved and what is minimised."""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar, Self

import numpy as np
import torch
from torch import Tensor, nn

from vae_core.distributions import Delta, DiagonalGaussian, Likelihood
from vae_core.errors import require
from vae_core.models.inputs import binary_input, checked_codes, checked_images, model_input
from vae_core.specs import ModelSpec
from vae_core.terms import ElboTerms, SquaredError, squared_error


class LatentModel(nn.Module, ABC):
    """A model with a code z for each image x.

    `encode`, `decode` and `reconstruct` take arrays and tensors as anyone has them, and check them. `posterior` and `likelihood` are the
    same maps, unchecked, for loops: there x is model input (`models.inputs`), (B, *shape), and z is (..., D), as in all other methods.
    A family that has no density returns `Delta` from both.

    Attributes:
        has_density: whether log p(x) exists.
        has_exact_log_px: whether `log_px` is in closed form.
        needs_labels: whether it is a model of images of given labels (`given`).
        y: the labels that it was given.
        binarises: whether encoder and likelihood see b ~ Bernoulli(x) instead of x.
        beta: weight of the rate in what is minimised.
        shape: of one image or point.
    """

    has_density: ClassVar[bool]
    has_exact_log_px: ClassVar[bool] = False
    needs_labels: ClassVar[bool] = False
    y: Tensor | None = None
    binarises: bool = False
    beta: float = 1.0
    spec: ModelSpec

    def __init__(self, spec: ModelSpec) -> None:
        super().__init__()
        self.spec, self.shape = spec, spec.identity.shape

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.spec!r}, {sum(weight.numel() for weight in self.parameters()):,} parameters)"

    @abstractmethod
    def posterior(self, x: Tensor) -> DiagonalGaussian | Delta:
        """q(z|x), over (B, D)."""

    @abstractmethod
    def likelihood(self, z: Tensor) -> Likelihood | Delta:
        """p(x|z), over (..., *shape) for z of (..., D)."""

    def given(self, y: Tensor | np.ndarray | int | None) -> Self:
        """The model of images of these labels, which shares its weights; itself for a family that needs none.

        Args:
            y: the label of each image, (B,), or one of all; None leaves those that were given.

        Raises:
            ValueError: if the family needs labels, and there are none.
        """
        if not self.needs_labels or (y is None and self.y is not None):
            return self
        require(y is not None, "labels", f"be given to {self.spec.family}", y)
        model = copy.copy(self)
        model.y = (y if isinstance(y, Tensor) else torch.tensor(y)).to(self.device)
        return model

    def encode(self, x: np.ndarray | Tensor) -> DiagonalGaussian | Delta:
        """q(z|x), over (B, D), of images as uint8 or floats in [0, 1], or of points, (B, *shape).

        Raises:
            ValueError: if x is anything else.
        """
        return self.given(None).posterior(checked_images(x, self.shape, self._any_weight()))

    def decode(self, z: np.ndarray | Tensor | Sequence) -> Likelihood | Delta:
        """p(x|z), over (..., *shape) for codes of (..., D).

        Raises:
            ValueError: if z is not finite, or of another latent dimension.
        """
        return self.given(None).likelihood(checked_codes(z, self.spec.latent_dim, self._any_weight()))

    def reconstruct(self, x: np.ndarray | Tensor) -> Tensor:
        """x̂ = E[x | z = E q(z|x)], (B, *shape), of what `encode` takes. Never samples."""
        return self.likelihood(self.encode(x).mean).mean

    def solve(self, x: np.ndarray) -> None:
        """Set what has a closed form in the training images: all of a linear model, or where descent begins; by default nothing.

        Args:
            x: images or points, (N, *shape), as a data set holds them: uint8 (read as byte/255) or float.

        Raises:
            ValueError: if the images do not determine it.
        """

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return self._any_weight().device

    def _any_weight(self) -> Tensor:
        """One of the weights, all of which are of one type and in one place."""
        return next(self.buffers(), next(self.parameters(), torch.empty(0)))

    def observed(self, x: Tensor, generator: torch.Generator) -> Tensor:
        """What encoder and likelihood see of images as a data set holds them: b ~ Bernoulli(byte/255) if the model binarises, else x."""
        return binary_input(x, generator) if self.binarises else model_input(x, x.device)

    def terms(self, x: Tensor, generator: torch.Generator) -> ElboTerms | SquaredError:
        """What the model is scored by, for each image as it is observed, (B,): the ELBO's terms, or the squared error."""
        if self.has_density:
            return elbo_terms(self, x, generator)
        return SquaredError(squared_error(x, self.likelihood(self.posterior(x).mean).mean))

    def loss_terms(self, x: Tensor, generator: torch.Generator) -> ElboTerms | SquaredError:
        """What is minimised: `terms`, or what has the same expectation and less noise."""
        return self.terms(x, generator)

    def log_px(self, x: Tensor) -> Tensor:
        """Exact log p(x), (B,), in nats.

        Raises:
            ValueError: if the family has no closed form.
        """
        raise ValueError(f"model must have log p(x) in closed form, got {self.spec.family}: use vae_core.evaluate, which estimates it")

    def sample(self, n: int, generator: torch.Generator) -> Likelihood | Delta:
        """p(x|z) for n codes drawn from the prior N(0, I), in (n, *shape)."""
        z = torch.randn((n, self.spec.latent_dim), generator=generator, device=generator.device)
        return self.given(None).likelihood(z)

    def expected_sse(self, x: Tensor, generator: torch.Generator, n_samples: int = 1) -> Tensor:
        """E_q‖x − g(z)‖² of each image, summed over pixels, (B,): sampled, or in closed form where the decoder is linear."""
        posterior = self.posterior(x)
        draws = [squared_error(x, self.likelihood(posterior.sample(generator)).mean) for _ in range(n_samples)]
        return torch.stack(draws).mean(0)


def elbo_terms(model: LatentModel, x: Tensor, generator: torch.Generator) -> ElboTerms:
    """One-sample estimate of the ELBO's terms, with the rate in closed form (Kingma & Welling 2014, Eq. (7)).

    Args:
        model: a model with a density.
        x: what the model sees, (B, *shape); binary for a Bernoulli likelihood (`LatentModel.observed`).
        generator: of the noise eps.
    """
    posterior = model.posterior(x)
    distortion = -model.likelihood(posterior.sample(generator)).log_prob(x)
    return ElboTerms(distortion, rate=posterior.kl_per_dim().sum(-1))


def linear_decoder_sse(x: Tensor, x_hat: Tensor, weight: Tensor, variance: Tensor) -> Tensor:
    """E‖x − (Wz + b)‖² in closed form for z with the given mean and variance: ‖x − x̂‖² + Σ_j σ_j²‖w_j‖², (B,).

    Args:
        x: images, (B, *shape).
        x_hat: Wμ + b, (B, *shape).
        weight: W, (P, D).
        variance: σ², (B, D).
    """
    return squared_error(x, x_hat) + variance @ (weight**2).sum(0)
