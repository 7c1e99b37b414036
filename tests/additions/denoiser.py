"""An autoencoder of disturbed images: the family that a test adds, by this file and one line in the list of `vae_core.models`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from vae_core.fields import declared
from vae_core.models.autoencoder import Autoencoder
from vae_core.models.family import Family
from vae_core.specs import TrainedSpec
from vae_core.terms import SquaredError, squared_error


@dataclass(frozen=True, slots=True, kw_only=True)
class DenoiserSpec(TrainedSpec):
    """An autoencoder that learns to take noise away."""

    kind: ClassVar[str] = "denoiser"

    noise: float = declared(0.1, kind="number", meaning="standard deviation of the noise that is added to a pixel.", least=0)


class Denoiser(Autoencoder):
    """x̂ = g(f(x + ε)), trained to minimise ‖x − x̂‖² (Vincent et al. 2008)."""

    def loss_terms(self, x: Tensor, generator: torch.Generator) -> SquaredError:
        eps = torch.randn(x.shape, generator=generator, device=x.device)
        return SquaredError(squared_error(x, self.likelihood(self.posterior(x + self.spec.noise * eps).mean).mean))


def recipe(dataset: str, latent_dim: int, network: str | None = None) -> DenoiserSpec:
    """The shipped recipe."""
    return DenoiserSpec(dataset=dataset, latent_dim=latent_dim, network=network or "mlp", n_epochs=3)


FAMILIES = (Family(name="denoiser", title="Denoiser", equation="x̂ = g(f(x + ε))", spec=DenoiserSpec, model=Denoiser, recipe=recipe),)
