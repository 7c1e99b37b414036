"""The variational autoencoder, and with beta ≠ 1 the beta-VAE."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, cast, get_args

import numpy as np
import torch
from torch import Tensor, nn

from vae_core.data import recipe_of
from vae_core.distributions import LIKELIHOODS, DiagonalGaussian, Gaussian
from vae_core.distributions import Likelihood as LikelihoodValue
from vae_core.errors import require
from vae_core.fields import declared
from vae_core.models.base import LatentModel, elbo_terms, linear_decoder_sse
from vae_core.models.family import Family
from vae_core.models.sizes import sizes, usual_network
from vae_core.networks import build_decoder, build_encoder, has_unit_range
from vae_core.specs import SCALED_LIKELIHOODS, Likelihood, Scale, TrainedSpec
from vae_core.terms import ElboTerms


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class VariationalSpec(TrainedSpec):
    """What is chosen in every model that is trained on the ELBO."""

    likelihood: Likelihood = declared(
        "bernoulli",
        kind="word",
        meaning="distribution of a pixel given the code. `bernoulli` trains on dynamically binarised images.",
        options=get_args(Likelihood),
        options_of_points=SCALED_LIKELIHOODS,
    )
    scale: Scale = declared(
        1.0,
        kind="number or word",
        meaning="σ of a Gaussian, b of a Laplace likelihood, one number for all pixels, or `learned`; 1.0 where there is none.",
        options=("learned",),
        least=0,
        is_open=True,
        only_beside=("likelihood", SCALED_LIKELIHOODS),
        elsewhere="be left out for {spec.likelihood}, which has none",
    )
    beta: float = declared(1.0, kind="number", meaning="weight of the rate in the training loss; 1 is the ELBO.", least=0)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class VAESpec(VariationalSpec):
    """A VAE. The beta-VAE is `VAESpec(beta=4.0)`, the linear one `VAESpec(network="linear", likelihood="gaussian")`."""

    kind: ClassVar[str] = "vae"


class LinearPosterior(nn.Module):
    """mu = Ax + a with one variance for all images, which is what the exact posterior of a linear model has."""

    def __init__(self, spec: VariationalSpec) -> None:
        super().__init__()
        self.mu = build_encoder(spec, spec.latent_dim)
        self.logvar = nn.Parameter(torch.zeros(spec.latent_dim))

    def forward(self, x: Tensor) -> Tensor:
        """mu and logvar side by side, (B, 2D)."""
        mu = self.mu(x)
        return torch.cat([mu, self.logvar.expand_as(mu)], -1)


class VAE(LatentModel):
    """q(z|x) = N(mu(x), diag sigma²(x)), p(z) = N(0, I), p(x|z) by the spec's likelihood (Kingma & Welling 2014)."""

    has_density = True
    spec: VariationalSpec

    def __init__(self, spec: VariationalSpec) -> None:
        super().__init__(spec)
        self.binarises, self.beta = spec.likelihood == "bernoulli", spec.beta
        self.encoder = LinearPosterior(spec) if spec.network == "linear" else build_encoder(spec, 2 * spec.latent_dim)
        self.decoder, self.has_unit_range = build_decoder(spec), has_unit_range(spec)
        log_scale = 0.0 if spec.scale == "learned" else math.log(spec.scale)
        self.log_scale = nn.Parameter(torch.tensor(log_scale), requires_grad=spec.scale == "learned")

    def posterior(self, x: Tensor) -> DiagonalGaussian:
        """q(z|x), over (B, D)."""
        return DiagonalGaussian(*self.encoder(x).to(x.dtype).chunk(2, -1))

    def likelihood(self, z: Tensor) -> LikelihoodValue:
        """p(x|z), over (..., *shape) for z of (..., D)."""
        flat = self.decoder(z.reshape(-1, z.shape[-1])).to(z.dtype).reshape(*z.shape[:-1], *self.shape)
        law, event_ndim = LIKELIHOODS[self.spec.likelihood], len(self.shape)
        if self.spec.likelihood in SCALED_LIKELIHOODS:
            mean = torch.sigmoid(flat) if self.has_unit_range else flat
            return law(mean=mean, scale=self.log_scale.exp(), event_ndim=event_ndim)
        return law(logits=flat, event_ndim=event_ndim)

    def loss_terms(self, x: Tensor, generator: torch.Generator) -> ElboTerms:
        """`terms`, with the expectation over z in closed form where the decoder is linear and the likelihood Gaussian, (B,).

        There nearly all noise of the gradient is that of z, as most dimensions of a code that has too many hold nothing else.
        """
        if self.spec.network != "linear" or self.spec.likelihood != "gaussian":
            return elbo_terms(self, x, generator)
        posterior = self.posterior(x)
        at_mean, spread = cast(Gaussian, self.likelihood(posterior.mean)), posterior.variance @ (self._decoder_weight() ** 2).sum(0)
        return ElboTerms(-at_mean.log_prob(x) + spread / (2 * at_mean.scale**2), rate=posterior.kl_per_dim().sum(-1))

    def expected_sse(self, x: Tensor, generator: torch.Generator, n_samples: int = 1) -> Tensor:
        """E_q‖x − g(z)‖² of each image, (B,): in closed form for a linear Gaussian or Laplace decoder, else sampled."""
        if self.spec.network != "linear" or self.spec.likelihood not in SCALED_LIKELIHOODS:
            return super().expected_sse(x, generator, n_samples)
        posterior = self.posterior(x)
        return linear_decoder_sse(x, self.likelihood(posterior.mean).mean, self._decoder_weight(), posterior.variance)

    def _decoder_weight(self) -> Tensor:
        """W of a linear decoder, (P, D)."""
        return self.decoder[0].get_parameter("weight")

    def solve(self, x: np.ndarray) -> None:
        """A learned scale starts at the spread of the pixels, where an unused z leaves it.

        Raises:
            ValueError: if the images do not differ, so that there is no scale to learn.
        """
        if self.spec.scale == "learned":
            spread = pixel_spread(x)
            require(spread > 0, "images", "differ from each other where a scale is learned", f"{len(x):,} that are the same")
            self.log_scale.data.fill_(math.log(spread))


def pixel_spread(x: np.ndarray) -> float:
    """Standard deviation of a pixel about its mean over the images, root mean square over pixels, in the model's unit."""
    unit = 255 if x.dtype == np.uint8 else 1
    return float(np.sqrt(x.reshape(len(x), -1).var(axis=0, dtype=np.float64).mean())) / unit


def recipe(dataset: str, latent_dim: int, network: str | None = None) -> VAESpec:
    """The shipped recipe: the likelihood that suits the data, its scale learned if it has one; convolutional where images are large."""
    network = network or usual_network(dataset, VAESpec.kind, latent_dim)
    likelihood = recipe_of(dataset).likelihood
    scale = "learned" if likelihood in SCALED_LIKELIHOODS else 1.0
    chosen = {"network": network, "likelihood": likelihood, "scale": scale, **sizes(dataset, VAESpec.kind, network, latent_dim)}
    return VAESpec(dataset=dataset, latent_dim=latent_dim, **chosen)


FAMILIES = (
    Family(
        name="vae",
        title="VAE",
        equation="q(z|x) = N(μ(x), σ²(x)), p(x|z)",
        spec=VAESpec,
        model=VAE,
        recipe=recipe,
    ),
)
