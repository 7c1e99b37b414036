"""Deterministic autoencoders, linear and deep, denoising or not: trained on squared error, without a density."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, get_args

import torch
from torch import Tensor

from vae_core.distributions import Delta
from vae_core.fields import declared
from vae_core.models.base import LatentModel
from vae_core.models.corruption import corrupted
from vae_core.models.family import Family
from vae_core.models.sizes import sizes, usual_network
from vae_core.networks import build_decoder, build_encoder, has_unit_range
from vae_core.specs import Corruption, TrainedSpec
from vae_core.terms import SquaredError, squared_error


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class AutoencoderSpec(TrainedSpec):
    """An autoencoder; with `network="linear"` it is the family `linear-autoencoder`."""

    kind: ClassVar[str] = "autoencoder"

    corruption: Corruption = declared(
        "none",
        kind="word",
        is_of_training=True,
        meaning="what is done to an image before the encoder is given it, anew at each visit; the image as it was is to be rebuilt. "
        "`gaussian`: noise is added to every pixel, not clipped; `mask`: a share of the pixels is set to 0; `salt_and_pepper`: a share "
        "is set to 0 or 1.",
        options=get_args(Corruption),
        options_of_points=("none", "gaussian"),
    )
    corruption_strength: float = declared(
        0.25,
        kind="number",
        is_of_training=True,
        meaning="σ of the Gaussian noise, in the unit of a pixel or point, or the share of pixels that are set.",
        least=0,
        is_open=True,
        most=1,
        only_beside=("corruption", get_args(Corruption)[1:]),
        elsewhere="be left out where nothing is corrupted",
    )

    @property
    def family(self) -> str:
        """`linear-autoencoder` for linear maps, else `autoencoder`."""
        return "linear-autoencoder" if self.network == "linear" else "autoencoder"


class Autoencoder(LatentModel):
    """z = f(x), x̂ = g(z), trained to minimise ‖x − x̂‖² (Hinton & Salakhutdinov 2006).

    A denoising one is given x̃ ~ q(x̃|x) and minimises ‖x − g(f(x̃))‖² (Vincent et al. 2008, Sec. 2.3).
    """

    has_density = False
    spec: AutoencoderSpec

    def __init__(self, spec: AutoencoderSpec) -> None:
        super().__init__(spec)
        self.encoder = build_encoder(spec, spec.latent_dim)
        self.decoder, self.has_unit_range = build_decoder(spec), has_unit_range(spec)

    def posterior(self, x: Tensor) -> Delta:
        """z = f(x), (B, D)."""
        return Delta(self.encoder(x).to(x.dtype))

    def likelihood(self, z: Tensor) -> Delta:
        """x̂ = g(z), (..., *shape)."""
        flat = self.decoder(z.reshape(-1, z.shape[-1])).to(z.dtype)
        x_hat = torch.sigmoid(flat) if self.has_unit_range else flat
        return Delta(x_hat.reshape(*z.shape[:-1], *self.shape))

    def terms(self, x: Tensor, generator: torch.Generator) -> SquaredError:
        """‖x − g(f(x̃))‖² of each image, (B,): as it is trained, so x̃ = x for one that corrupts nothing."""
        return SquaredError(squared_error(x, self.likelihood(self.posterior(self.corrupted(x, generator)).mean).mean))

    def corrupted(self, x: Tensor, generator: torch.Generator) -> Tensor:
        """x̃ ~ q(x̃|x), (B, …), the encoder's input in training; x itself, and nothing drawn, for one that corrupts nothing."""
        if self.spec.corruption == "none":
            return x
        return corrupted(x, self.spec.corruption, self.spec.corruption_strength, generator)


def recipe(dataset: str, latent_dim: int, network: str | None = None) -> AutoencoderSpec:
    """The shipped recipe of a deep autoencoder: convolutional where images are large, an MLP elsewhere."""
    network = network or usual_network(dataset, AutoencoderSpec.kind, latent_dim)
    if network == "linear":
        return linear_recipe(dataset, latent_dim)
    chosen: dict[str, Any] = {"network": network, **sizes(dataset, AutoencoderSpec.kind, network, latent_dim)}
    return AutoencoderSpec(dataset=dataset, latent_dim=latent_dim, **chosen)


def linear_recipe(dataset: str, latent_dim: int, network: str | None = None) -> AutoencoderSpec:
    """The shipped recipe of a linear autoencoder, trained until its subspace is PCA's."""
    chosen = sizes(dataset, AutoencoderSpec.kind, "linear", latent_dim)
    return AutoencoderSpec(dataset=dataset, latent_dim=latent_dim, network="linear", **chosen)


FAMILIES = (
    Family(
        name="linear-autoencoder",
        title="Linear autoencoder",
        equation="x̂ = B(Ax + a) + b",
        spec=AutoencoderSpec,
        model=Autoencoder,
        recipe=linear_recipe,
        is_linear=True,
    ),
    Family(
        name="autoencoder",
        title="Autoencoder",
        equation="x̂ = g(f(x))",
        spec=AutoencoderSpec,
        model=Autoencoder,
        recipe=recipe,
    ),
)
