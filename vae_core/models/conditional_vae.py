"""The class-conditional VAE: encoder and decoder are told the label of the image, so that the code need not say it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from vae_core.data import recipe_of
from vae_core.distributions import DiagonalGaussian
from vae_core.distributions import Likelihood as LikelihoodValue
from vae_core.fields import declared
from vae_core.models import vae
from vae_core.models.family import Family
from vae_core.models.vae import VAE, LinearPosterior, VariationalSpec
from vae_core.networks import ACTIVATIONS, Mlp
from vae_core.specs import Network


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ConditionalVAESpec(VariationalSpec):
    """A VAE of images of a given label, of a data set that has labels."""

    kind: ClassVar[str] = "conditional-vae"

    network: Network = declared(
        "mlp",
        kind="word",
        meaning="architecture of encoder and decoder, which take the label as numbers beside x and z.",
        options=("linear", "mlp"),
    )


class ConditionalVAE(VAE):
    """q(z|x, y), p(z) = N(0, I) whatever y is, and p(x|z, y): the label is a unit vector beside x and z (Sohn, Lee & Yan 2015)."""

    needs_labels = True
    units: Tensor
    spec: ConditionalVAESpec

    def __init__(self, spec: ConditionalVAESpec) -> None:
        super().__init__(spec)
        n_features, n_labels, activation = spec.identity.n_features, recipe_of(spec.dataset).n_classes, ACTIVATIONS[spec.activation]
        self.register_buffer("units", torch.eye(n_labels), persistent=False)
        if isinstance(self.encoder, LinearPosterior):
            self.encoder.mu = Mlp((n_features + n_labels, spec.latent_dim), activation)
        else:
            self.encoder = Mlp((n_features + n_labels, *spec.widths, 2 * spec.latent_dim), activation)
        self.decoder = Mlp((spec.latent_dim + n_labels, *spec.widths[::-1], n_features), activation)

    def posterior(self, x: Tensor) -> DiagonalGaussian:
        """q(z|x, y), over (B, D)."""
        return super().posterior(self._beside_label(x.flatten(1)))

    def likelihood(self, z: Tensor) -> LikelihoodValue:
        """p(x|z, y), over (..., *shape) for z of (..., D)."""
        return super().likelihood(self._beside_label(z))

    def _beside_label(self, columns: Tensor) -> Tensor:
        """(..., N) -> (..., N + K): each row, and the unit vector of its label."""
        return torch.cat([columns, self.units[self.y].expand(*columns.shape[:-1], -1)], -1)

    def _decoder_weight(self) -> Tensor:
        """W of a linear decoder, (P, D), without what it adds for each label."""
        return super()._decoder_weight()[:, : self.spec.latent_dim]


def recipe(dataset: str, latent_dim: int, network: str | None = None) -> ConditionalVAESpec:
    """The shipped recipe: that of the VAE with the same network, which is fully connected."""
    usual = vae.recipe(dataset, latent_dim, network or "mlp")
    return ConditionalVAESpec(**{field.name: getattr(usual, field.name) for field in usual.fields()})


FAMILIES = (
    Family(
        name="conditional-vae",
        title="Class-conditional VAE",
        equation="q(z|x, y) = N(μ(x, y), σ²(x, y)), p(x|z, y)",
        spec=ConditionalVAESpec,
        model=ConditionalVAE,
        recipe=recipe,
    ),
)
