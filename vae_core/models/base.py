"""The contract of every model: encode to a distribution, decode to a distribution, fit as an iterator of events."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import ClassVar

import torch
from torch import Tensor, nn

from vae_core.data.base import Dataset
from vae_core.distributions import Delta, DiagonalGaussian, Likelihood, uniform
from vae_core.objectives import ElboTerms, SquaredError, squared_error
from vae_core.specs import ModelSpec
from vae_core.training.devices import Precision
from vae_core.training.events import EpochDone


class LatentModel(nn.Module, ABC):
    """A model with a code z for each image x.

    x is float32 in [0, 1], (B, *shape); z is (..., D). A family that has no density returns `Delta` from `encode` and `decode`.

    Attributes:
        has_density: whether log p(x) exists.
        has_exact_log_px: whether `log_px` is in closed form.
        binarises: whether encoder and likelihood see b ~ Bernoulli(x) instead of x.
    """

    has_density: ClassVar[bool]
    has_exact_log_px: ClassVar[bool] = False
    binarises: bool = False

    def __init__(self, spec: ModelSpec) -> None:
        super().__init__()
        self.spec = spec

    @abstractmethod
    def encode(self, x: Tensor) -> DiagonalGaussian | Delta:
        """q(z|x), over (B, D)."""

    @abstractmethod
    def decode(self, z: Tensor) -> Likelihood | Delta:
        """p(x|z), over (..., *shape) for z of (..., D)."""

    @abstractmethod
    def fit(
        self, images: Dataset, *, device: torch.device, resume_from: dict[str, Tensor] | None = None, precision: Precision = "float32"
    ) -> Iterator[EpochDone]:
        """Fit to the training images, one event an epoch. Closing the iterator cancels.

        Args:
            images: the spec's data set.
            device: where to train; the model is moved there.
            resume_from: an earlier event's `snapshot()`; training goes on after that epoch as if never interrupted.
            precision: of the matrix products of gradient descent; a closed form is always solved in full.

        Raises:
            TrainingDiverged: if a loss is not finite.
        """

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return next(self.buffers(), next(self.parameters(), torch.empty(0))).device

    def observed(self, x: Tensor, generator: torch.Generator) -> Tensor:
        """What encoder and likelihood see of grey images: b ~ Bernoulli(x) if the model binarises, else x itself."""
        return (uniform(x, generator) < x).to(x.dtype) if self.binarises else x

    @abstractmethod
    def terms(self, x: Tensor, generator: torch.Generator) -> ElboTerms | SquaredError:
        """What the model is scored by, for each image as it is observed, (B,): the ELBO's terms, or the squared error."""

    def loss_terms(self, x: Tensor, generator: torch.Generator) -> ElboTerms | SquaredError:
        """What is minimised: `terms`, or what has the same expectation and less noise."""
        return self.terms(x, generator)

    def log_px(self, x: Tensor) -> Tensor:
        """Exact log p(x), (B,), in nats.

        Raises:
            ValueError: if the family has no closed form.
        """
        raise ValueError(f"model must have log p(x) in closed form, got {self.spec.family}: use evaluation.log_px")

    def reconstruct(self, x: Tensor) -> Tensor:
        """x̂ = E[x | z = E q(z|x)], (B, *shape). Never samples."""
        return self.decode(self.encode(x).mean).mean

    def sample(self, n: int, generator: torch.Generator) -> Likelihood | Delta:
        """p(x|z) for n codes drawn from the prior N(0, I), in (n, *shape)."""
        z = torch.randn((n, self.spec.latent_dim), generator=generator, device=generator.device)
        return self.decode(z)

    def expected_sse(self, x: Tensor, generator: torch.Generator, n_samples: int = 1) -> Tensor:
        """E_q‖x − g(z)‖² of each image, summed over pixels, (B,): sampled, or in closed form where the decoder is linear."""
        posterior = self.encode(x)
        draws = [squared_error(x, self.decode(posterior.sample(generator)).mean) for _ in range(n_samples)]
        return torch.stack(draws).mean(0)


def linear_decoder_sse(x: Tensor, x_hat: Tensor, weight: Tensor, variance: Tensor) -> Tensor:
    """E‖x − (Wz + b)‖² in closed form for z with the given mean and variance: ‖x − x̂‖² + Σ_j σ_j²‖w_j‖², (B,).

    Args:
        x: images, (B, *shape).
        x_hat: Wμ + b, (B, *shape).
        weight: W, (P, D).
        variance: σ², (B, D).
    """
    return squared_error(x, x_hat) + variance @ (weight**2).sum(0)
