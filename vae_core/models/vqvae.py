"""VQ-VAE: an encoder whose code is a grid of symbols, each the nearest of K learned vectors, and distributions over such codes.

Its code is discrete, so it is no family: what pages do with codes of real numbers has no meaning for it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

import torch
from torch import Tensor, nn

from vae_core.distributions import Bernoulli
from vae_core.errors import require
from vae_core.fields import declared
from vae_core.identities import identity
from vae_core.models.symbol_priors import CausalNetwork, Chain, Independent, SymbolPrior, Uniform, chain_of, independent_of
from vae_core.networks import KERNEL, stage_sizes
from vae_core.specs import MOST, Spec

PRIORS = ("uniform", "independent", "chain", "network")
"""Distributions over codes, each of which knows more than the one before it."""
IMAGINED = 1.0
"""Images beside those that are counted (`symbol_priors.independent_of`)."""
IMAGINED_AFTER = 4.0
"""The same for each symbol that another follows (`symbol_priors.chain_of`)."""
LEAST_MASS = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class VQVAESpec(Spec):
    """The identity of a VQ-VAE: its data set, and every choice of its networks and of their training."""

    kind: ClassVar[str] = "vq-vae"

    n_symbols: int = declared(64, kind="integer", meaning="K, how many symbols there are.", least=2, most=1024)
    symbol_dim: int = declared(16, kind="integer", meaning="length of the vector of a symbol.", most=1024)
    channels: tuple[int, ...] = declared(
        (32, 64, 64),
        kind="widths",
        meaning="channels of the encoder's stride-2 convolutions; the decoder mirrors them.",
        rule="hold widths between 1 and 1024",
        most=1024,
    )
    commitment: float = declared(
        0.25, kind="number", meaning="weight of the squared distance of what the encoder says from its symbol.", least=0, most=1000
    )
    decay: float = declared(0.99, kind="number", meaning="share that a symbol keeps of its vector in a step.", least=0, most=1)
    n_epochs: int = declared(150, kind="integer", meaning="visits of every training image.", most=MOST)
    prior_radius: int = declared(3, kind="integer", meaning="how far the network over codes looks back, in positions.", most=64)
    prior_hidden: int = declared(192, kind="integer", meaning="width of its layers.", most=8192)
    prior_epochs: int = declared(80, kind="integer", meaning="visits of every training code by it.", most=MOST)
    batch_size: int = declared(128, kind="integer", meaning="images per step.", most=MOST)
    learning_rate: float = declared(2e-3, kind="number", meaning="of Adam, at the start.", least=0, is_open=True, most=1)
    seed: int = declared(
        0,
        kind="integer",
        meaning="of initial weights, order of the images and every noise.",
        rule="be between 0 and 2**32 - 1",
        least=0,
        most=2**32 - 1,
    )

    def __post_init__(self) -> None:
        Spec.__post_init__(self)
        require(identity(self.dataset).is_images, "dataset", "be one of images", self.dataset)

    @property
    def grid(self) -> tuple[int, int]:
        """Rows and columns of the positions of a code."""
        _, height, width = self.identity.shape
        return stage_sizes(height, width, len(self.channels))[-1]

    @property
    def n_positions(self) -> int:
        """P."""
        return math.prod(self.grid)


@dataclass(frozen=True, slots=True, eq=False)
class QuantisedTerms:
    """Of each image, (B,): −log p(x|z) in nats, and the squared distance of what the encoder says from its symbols."""

    distortion: Tensor
    distance: Tensor


class VQVAE(nn.Module):
    """Images ↔ codes, and p(z) in four ways.

    Attributes:
        spec: its identity.
        codebook: vectors of the symbols, (K, D).
        counts: of the training images, how many hold each symbol at each position, (P, K).
        following: how many hold each after each other at the position before, (P, K, K).
    """

    codebook: Tensor
    counts: Tensor
    following: Tensor

    def __init__(self, spec: VQVAESpec) -> None:
        super().__init__()
        self.spec, self.shape = spec, spec.identity.shape
        k, p = spec.n_symbols, spec.n_positions
        self.encoder = encoder(spec)
        self.decoder = decoder(spec)
        self.network = CausalNetwork(k, spec.grid, radius=spec.prior_radius, width=spec.symbol_dim, hidden=spec.prior_hidden)
        self.register_buffer("codebook", torch.zeros(k, spec.symbol_dim))
        self.register_buffer("counts", torch.zeros(p, k))
        self.register_buffer("following", torch.zeros(p, k, k))

    def __repr__(self) -> str:
        return f"VQVAE({self.spec!r}, {sum(weight.numel() for weight in self.parameters()):,} parameters)"

    def features(self, x: Tensor) -> Tensor:
        """What the encoder says of model input, (B, C, H, W), at each position: (B, P, D)."""
        return self.encoder(x).flatten(2).transpose(1, 2)

    def encode(self, x: Tensor) -> Tensor:
        """The code of model input, (B, C, H, W): at each position the nearest symbol, int64 (B, P)."""
        return nearest(self.features(x), self.codebook)

    def decode(self, codes: Tensor) -> Bernoulli:
        """p(x|z) of codes, int64 (B, P)."""
        return self.likelihood(self.codebook[codes])

    def likelihood(self, vectors: Tensor) -> Bernoulli:
        """p(x|z) of the vectors of the symbols, (B, P, D)."""
        return Bernoulli(self.decoder(vectors.transpose(1, 2).unflatten(2, self.spec.grid)), len(self.shape))

    def prior(self, name: str) -> SymbolPrior:
        """One of `PRIORS`."""
        require(name in PRIORS, "prior", f"be one of {', '.join(PRIORS)}", name)
        if name == "network":
            return self.network
        if name == "uniform":
            return Uniform(self.spec.n_symbols, self.spec.n_positions)
        independent: Independent = independent_of(self.counts, IMAGINED)
        chain: Chain = chain_of(self.following, independent, IMAGINED_AFTER)
        return chain if name == "chain" else independent


def nearest(features: Tensor, codebook: Tensor) -> Tensor:
    """The symbol whose vector, one of (K, D), is nearest to each feature, (..., D): int64 (...)."""
    return torch.cdist(features.flatten(0, -2), codebook).argmin(-1).unflatten(0, features.shape[:-1])


def straight_through(features: Tensor, vectors: Tensor) -> Tensor:
    """The vectors of the symbols; their gradient goes to the features instead (van den Oord et al. 2017, Sec. 3.2)."""
    return features + (vectors - features).detach()


def quantised_terms(model: VQVAE, x: Tensor) -> tuple[QuantisedTerms, Tensor, Tensor]:
    """Both terms of the loss of binary images, (B, C, H, W), the features, (B, P, D), and the code, (B, P)."""
    features = model.features(x)
    codes = nearest(features.detach(), model.codebook)
    vectors = model.codebook[codes]
    distortion = -model.likelihood(straight_through(features, vectors)).log_prob(x)
    return QuantisedTerms(distortion, (features - vectors).square().sum((1, 2))), features.detach(), codes


def encoder(spec: VQVAESpec) -> nn.Sequential:
    """Stride-2 convolutions, then one over the positions and one of each by itself, (B, C, H, W) → (B, D, rows, columns)."""
    layers: list[nn.Module] = []
    for n_in, n_out in pairwise((spec.identity.shape[0], *spec.channels)):
        layers += [nn.Conv2d(n_in, n_out, KERNEL, stride=2, padding=1), nn.ReLU()]
    last = spec.channels[-1]
    return nn.Sequential(*layers, nn.Conv2d(last, last, KERNEL, padding=1), nn.ReLU(), nn.Conv2d(last, spec.symbol_dim, 1))


def decoder(spec: VQVAESpec) -> nn.Sequential:
    """The mirror of `encoder`, (B, D, rows, columns) → (B, C, H, W): logits."""
    n_channels, height, width = spec.identity.shape
    sizes, last = stage_sizes(height, width, len(spec.channels))[::-1], spec.channels[-1]
    layers: list[nn.Module] = [nn.Conv2d(spec.symbol_dim, last, KERNEL, padding=1), nn.ReLU(), nn.Conv2d(last, last, KERNEL, padding=1)]
    for (n_in, n_out), ((h, w), (to_h, to_w)) in zip(pairwise((*spec.channels[::-1], n_channels)), pairwise(sizes), strict=True):
        grown = (to_h - 2 * h + 1, to_w - 2 * w + 1)
        layers += [nn.ReLU(), nn.ConvTranspose2d(n_in, n_out, KERNEL, stride=2, padding=1, output_padding=grown)]
    return nn.Sequential(*layers)


class Codebook:
    """Vectors of symbols that follow the features which choose them, as moving averages (van den Oord et al. 2017, App. A.1).

    Attributes:
        vectors: (K, D).
    """

    def __init__(self, vectors: Tensor, decay: float) -> None:
        self.vectors, self.decay = vectors.clone(), decay
        self.mass, self.sums = torch.ones(len(vectors), device=vectors.device), vectors.clone()

    def step(self, features: Tensor, codes: Tensor) -> None:
        """Follow features, (N, D), of these symbols, (N,).

        With a decay of 0 it is the M step of k-means: each vector becomes the mean of its features, or stays where it has none.
        """
        chosen = nn.functional.one_hot(codes, len(self.vectors)).to(features)
        self.mass = self.decay * self.mass + (1 - self.decay) * chosen.sum(0)
        self.sums = self.decay * self.sums + (1 - self.decay) * chosen.T @ features
        is_used = self.mass > LEAST_MASS
        self.vectors = torch.where(is_used[:, None], self.sums / self.mass.clamp(min=LEAST_MASS)[:, None], self.vectors)

    def restart(self, features: Tensor, least: float, generator: torch.Generator) -> int:
        """Put symbols that are chosen less than so often per step on random features, (N, D); how many these were."""
        idle = (self.mass < least).nonzero().flatten()[: len(features)]
        fresh = features[torch.randperm(len(features), generator=generator)[: len(idle)].to(features.device)]
        self.vectors[idle], self.sums[idle], self.mass[idle] = fresh, least * fresh, least
        return len(idle)
