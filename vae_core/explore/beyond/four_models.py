"""Four approaches to p(x), each as small as it can be: autoregressive, reversible, variational, adversarial, for points of the plane.

A model has the methods that its approach offers, and no others: `sample` has each, `log_prob`, `encode` and `elbo` some of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.nn import functional

from vae_core.distributions import LOG_2PI, DiagonalGaussian, Gaussian, standard_normal_log_prob
from vae_core.networks import Mlp, initialise

P = 2
"""Coordinates of a point."""
LOG_SCALE = (-4.0, 1.0)
"""Between these stays the logarithm of every σ of the autoregressive model."""


class Approach(nn.Module):
    """What all four have: draws, and a training by descent.

    Attributes:
        learning_rates: of Adam, one for each of the `losses`.
        betas: of Adam.
    """

    learning_rates: tuple[float, ...] = (0.01,)
    betas = (0.9, 0.999)

    def start(self, seed: int) -> None:
        """Draw the first weights."""
        initialise(self, torch.zeros(P), torch.Generator().manual_seed(seed))

    def learners(self) -> list[list[nn.Parameter]]:
        """The weights that take a step down each of the `losses`."""
        return [list(self.parameters())]

    def losses(self, x: Tensor, generator: torch.Generator) -> Iterator[Tensor]:
        """The losses of a batch, (B, 2), one after another: each is computed after the step down the one before."""
        yield self.loss(x, generator)

    def loss(self, x: Tensor, generator: torch.Generator) -> Tensor:
        """The mean loss of a batch, (B, 2)."""
        raise NotImplementedError

    def sample(self, n: int, generator: torch.Generator) -> Tensor:
        """x ~ p(x), (n, 2)."""
        raise NotImplementedError


class Autoregressive(Approach):
    """p(x) = p(x₁) p(x₂|x₁): one network is given the coordinates before, and says the next as a mixture of Gaussians (Bishop 1994)."""

    def __init__(self, n_components: int = 12, width: int = 32) -> None:
        super().__init__()
        self.network = Mlp((P, width, width, 3 * n_components), nn.SiLU)

    def mixture(self, before: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """log weights, means and log σ of the next coordinate, (B, K) each, given those before it, (B, 0) or (B, 1).

        The network's input is x₁ with 1 beside it, or two zeros where nothing is before.
        """
        n_before = before.shape[1]
        given = torch.cat([before, torch.full((len(before), P - n_before), float(n_before)).to(before)], 1)  # (B, 2)
        logits, mean, log_scale = self.network(given).chunk(3, -1)
        low, high = LOG_SCALE
        return logits.log_softmax(-1), mean, low + (high - low) * torch.sigmoid(log_scale)

    def log_prob(self, x: Tensor) -> Tensor:
        """log p(x₁) + log p(x₂|x₁), (B,), exactly."""
        total = torch.zeros(len(x)).to(x)
        for k in range(P):
            log_weight, mean, log_scale = self.mixture(x[:, :k])
            u = (x[:, k, None] - mean) / log_scale.exp()
            total = total + torch.logsumexp(log_weight - 0.5 * (u**2 + LOG_2PI) - log_scale, -1)
        return total

    def loss(self, x: Tensor, generator: torch.Generator) -> Tensor:
        """−log p(x)."""
        return -self.log_prob(x).mean()

    def sample(self, n: int, generator: torch.Generator) -> Tensor:
        """x₁ first, then x₂ given x₁: the second pass waits for what the first has drawn."""
        x = torch.empty(n, 0).to(next(self.parameters()))
        for _ in range(P):
            log_weight, mean, log_scale = self.mixture(x)
            at = torch.multinomial(log_weight.exp(), 1, generator=generator)  # (n, 1): which Gaussian
            noise = torch.randn((n, 1), generator=generator, dtype=x.dtype)
            x = torch.cat([x, mean.gather(1, at) + log_scale.gather(1, at).exp() * noise], 1)
        return x


class Flow(Approach):
    """x = g(z) with z ~ N(0, I) and an inverse: affine couplings (Dinh, Sohl-Dickstein & Bengio 2017, Eqs. (4), (5))."""

    learning_rates = (0.005,)

    def __init__(self, n_couplings: int = 8, width: int = 24) -> None:
        super().__init__()
        self.couplings = nn.ModuleList(Mlp((1, width, width, 2), nn.Tanh) for _ in range(n_couplings))

    def _scale_and_shift(self, k: int, kept: Tensor) -> tuple[Tensor, Tensor]:
        log_scale, shift = self.couplings[k](kept).chunk(2, -1)
        return 2 * torch.tanh(log_scale / 2), shift

    def encode(self, x: Tensor) -> Tensor:
        """z = g⁻¹(x), (B, 2), exactly."""
        return self._inverse(x)[0]

    def decode(self, z: Tensor) -> Tensor:
        """x = g(z), (B, 2): coupling k keeps coordinate k mod 2, which decides how the other is scaled and shifted."""
        parts = list(z.split(1, 1))
        for k in range(len(self.couplings)):
            log_scale, shift = self._scale_and_shift(k, parts[k % P])
            parts[1 - k % P] = parts[1 - k % P] * log_scale.exp() + shift
        return torch.cat(parts, 1)

    def _inverse(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """z, (B, 2), and log |det ∂z/∂x|, (B,)."""
        parts, log_det = list(x.split(1, 1)), torch.zeros(len(x)).to(x)
        for k in reversed(range(len(self.couplings))):
            log_scale, shift = self._scale_and_shift(k, parts[k % P])
            parts[1 - k % P] = (parts[1 - k % P] - shift) * (-log_scale).exp()
            log_det = log_det - log_scale[:, 0]
        return torch.cat(parts, 1), log_det

    def log_prob(self, x: Tensor) -> Tensor:
        """log N(g⁻¹(x); 0, I) + log |det ∂z/∂x|, (B,), exactly."""
        z, log_det = self._inverse(x)
        return standard_normal_log_prob(z) + log_det

    def loss(self, x: Tensor, generator: torch.Generator) -> Tensor:
        """−log p(x)."""
        return -self.log_prob(x).mean()

    def sample(self, n: int, generator: torch.Generator) -> Tensor:
        """g(z) of z ~ N(0, I): once through the couplings."""
        return self.decode(torch.randn((n, P), generator=generator, dtype=next(self.parameters()).dtype))


class Variational(Approach):
    """p(x) = ∫ N(x; g(z), σ²I) N(z; 0, 1) dz with an encoder q(z|x), one latent dimension and a learned σ (Kingma & Welling 2014)."""

    NODES = torch.arange(-60, 61, dtype=torch.float64) / 10
    """Where the exact expectation under q looks, in widths of q from its mean: the trapezoid rule."""
    REACH, N_Z = 7.0, 2801
    """The grid over z on which log p(x) is integrated."""
    SCALE = 0.1
    """σ at first."""

    def __init__(self, latent_dim: int = 1, width: int = 48) -> None:
        super().__init__()
        self.latent_dim = latent_dim
        self.encoder = Mlp((P, width, width, 2 * latent_dim), nn.ReLU)
        self.decoder = Mlp((latent_dim, width, width, P), nn.ReLU)
        self.log_scale = nn.Parameter(torch.tensor(math.log(self.SCALE)))

    def encode(self, x: Tensor) -> DiagonalGaussian:
        """q(z|x), an approximation of p(z|x)."""
        return DiagonalGaussian(*self.encoder(x).chunk(2, -1))

    def decode(self, z: Tensor) -> Gaussian:
        """p(x|z)."""
        return Gaussian(self.decoder(z), self.log_scale.exp(), event_ndim=1)

    def loss(self, x: Tensor, generator: torch.Generator) -> Tensor:
        """−ELBO with one draw of z for each point."""
        q = self.encode(x)
        return -(self.decode(q.sample(generator)).log_prob(x) - q.kl_per_dim().sum(-1)).mean()

    def elbo(self, x: Tensor) -> Tensor:
        """The ELBO of each point, (B,): its expectation by quadrature under q, so that no draw can lift it above log p(x)."""
        q, weights = self.encode(x), (-0.5 * self.NODES**2).exp().to(x)
        z = q.mean[:, None] + q.variance.sqrt()[:, None] * self.NODES.to(x)[None, :, None]  # (B, G, 1)
        return self.decode(z).log_prob(x[:, None]) @ (weights / weights.sum()) - q.kl_per_dim().sum(-1)

    def log_px_by_quadrature(self, x: Tensor, at_once: int = 2000) -> Tensor:
        """log ∫ p(x|z) p(z) dz, (B,), by the trapezoid rule: an integral, which only so small a code allows."""
        z = torch.linspace(-self.REACH, self.REACH, self.N_Z).to(x)[:, None]
        prior = standard_normal_log_prob(z) + math.log(2 * self.REACH / (self.N_Z - 1))
        given = self.decode(z)
        return torch.cat([torch.logsumexp(given.pairwise_log_prob(some) + prior, 1) for some in x.split(at_once)])

    def sample(self, n: int, generator: torch.Generator) -> Tensor:
        """z from the prior, then x with its noise: once through the decoder."""
        z = torch.randn((n, self.latent_dim), generator=generator, dtype=next(self.parameters()).dtype)
        return self.decode(z).sample(generator)


class Adversarial(Approach):
    """x = g(z), taught by a discriminator D that tells its draws from the data (Goodfellow et al. 2014). It has no p(x) and no encoder."""

    learning_rates = (0.002, 0.0005)
    betas = (0.5, 0.99)

    def __init__(self, latent_dim: int = 2, width: int = 48) -> None:
        super().__init__()
        self.latent_dim = latent_dim
        self.generator = Mlp((latent_dim, width, width, width, P), nn.ReLU)
        self.discriminator = Mlp((P, width, width, width, 1), nn.ReLU)

    def learners(self) -> list[list[nn.Parameter]]:
        """First D's weights, then the generator's."""
        return [list(self.discriminator.parameters()), list(self.generator.parameters())]

    def losses(self, x: Tensor, generator: torch.Generator) -> Iterator[Tensor]:
        """First D's cross-entropy on data and draws, then the generator's −log D of new draws (their Sec. 3)."""
        draws = self.sample(len(x), generator).detach()
        yield functional.softplus(-self._logit(x)).mean() + functional.softplus(self._logit(draws)).mean()
        yield functional.softplus(-self._logit(self.sample(len(x), generator))).mean()

    def sample(self, n: int, generator: torch.Generator) -> Tensor:
        """g(z) of z ~ N(0, I): once through the generator."""
        return self.generator(torch.randn((n, self.latent_dim), generator=generator, dtype=next(self.parameters()).dtype))

    def is_data(self, x: Tensor) -> Tensor:
        """D(x), (B,): how probable it finds that a point is one of the data."""
        return torch.sigmoid(self._logit(x))

    def _logit(self, x: Tensor) -> Tensor:
        return self.discriminator(x)[:, 0]


APPROACHES: dict[str, type[Approach]] = {"autoregressive": Autoregressive, "flow": Flow, "vae": Variational, "gan": Adversarial}
