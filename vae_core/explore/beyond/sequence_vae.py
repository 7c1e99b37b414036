"""A VAE of sequences of symbols: an encoder that reads all at once, and a decoder that writes one after another (Bowman et al. 2016).

The decoder is told z at every step. It is also told the symbol before, each of which is withheld with a probability, the word dropout: at 0
it always knows what it wrote, at 1 it knows only z and how far it is. A symbol 0 ends a sequence.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from vae_core.adam import Adam
from vae_core.distributions import DiagonalGaussian

END = 0
BATCH, LEARNING_RATE = 128, 3e-3
AT_ONCE = 4096
"""Sequences that are scored together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceSpec:
    """What a model of sequences is.

    Attributes:
        n_symbols: with the one that ends a sequence.
        length: of the longest sequence, with its end.
        latent_dim: of z.
        dropout: share of the symbols that are withheld from the decoder while it is trained.
        n_steps: of Adam, on new sequences each.
        beta: weight of the rate while it is trained.
        seed: of weights, sequences and noise.
        embedding: numbers that stand for a symbol.
        width: of the GRU; the encoder's one hidden layer is twice as wide.
    """

    n_symbols: int
    length: int
    latent_dim: int
    dropout: float
    n_steps: int
    beta: float = 1.0
    seed: int = 0
    embedding: int = 12
    width: int = 64


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """Of each sequence, in nats, (N,).

    Attributes:
        distortion: −E_q log p(x|z), from one draw of z.
        rate: KL(q(z|x) ‖ p(z)), exact.
        iwae: the importance-weighted bound on log p(x) (Burda et al. 2016, Eq. (8)), whose first draw is that of the distortion.
    """

    distortion: np.ndarray
    rate: np.ndarray
    iwae: np.ndarray

    @property
    def elbo(self) -> np.ndarray:
        """−(D + R)."""
        return -(self.distortion + self.rate)


class SequenceVAE(nn.Module):
    """q(z|x) of a fully connected network, and p(x|z) = Π p(x_t | x_<t, z) of a GRU.

    Args:
        spec: what it is.
    """

    def __init__(self, spec: SequenceSpec) -> None:
        super().__init__()
        self.spec = spec
        self.embedding = nn.Embedding(spec.n_symbols + 1, spec.embedding)  # the last one: withheld, or the first
        self.encoder = nn.Sequential(
            nn.Linear(spec.length * spec.embedding, 2 * spec.width), nn.SiLU(), nn.Linear(2 * spec.width, 2 * spec.latent_dim)
        )
        self.start = nn.Linear(spec.latent_dim, spec.width)
        self.steps = nn.GRU(spec.embedding + spec.latent_dim, spec.width, batch_first=True)
        self.output = nn.Linear(spec.width, spec.n_symbols)

    def posterior(self, x: Tensor) -> DiagonalGaussian:
        """q(z|x), over (B, D), of sequences, int64 (B, T)."""
        mean, logvar = self.encoder(self.embedding(x).flatten(1)).chunk(2, -1)
        return DiagonalGaussian(mean, logvar)

    def logits(self, z: Tensor, before: Tensor) -> Tensor:
        """Of each symbol at each step, (B, T, K), given z, (B, D), and the symbols before, (B, T)."""
        told = torch.cat([self.embedding(before), z[:, None].expand(-1, before.shape[1], -1)], -1)
        return self.output(self.steps(told, self.start(z).tanh()[None])[0])

    def told_before(self, x: Tensor, dropout: float, generator: torch.Generator) -> Tensor:
        """What the decoder is told at each step, (B, T): the symbol before, or that it is withheld."""
        hidden = self.spec.n_symbols
        before = functional.pad(x[:, :-1], (1, 0), value=hidden)
        withheld = torch.rand(x.shape, generator=generator) < dropout
        return torch.where(withheld, hidden, before)

    def log_px_z(self, x: Tensor, z: Tensor, before: Tensor) -> Tensor:
        """log p(x|z), (B,): the sum over the symbols of each sequence, its end included and nothing after it."""
        log_p = self.logits(z, before).log_softmax(-1).gather(-1, x[..., None])[..., 0]
        return (log_p * within(x)).sum(-1)

    @property
    def test_dropout(self) -> float:
        """What is withheld when it is not trained: all where it never saw a symbol, else nothing."""
        return 1.0 if self.spec.dropout == 1 else 0.0


def within(x: Tensor) -> Tensor:
    """Which places of sequences, (B, T), belong to them: those up to the first end."""
    return (x == END).cumsum(-1) - (x == END).long() == 0


def training(spec: SequenceSpec, sequences: Iterator[np.ndarray]) -> Iterator[tuple[SequenceVAE, float]]:
    """Minimise the mean of distortion + β·rate over new sequences at each step; the model and the loss after each step.

    Args:
        spec: of the model, which is made here.
        sequences: batches of new sequences, int (B, T), without an end.
    """
    generator = torch.Generator().manual_seed(spec.seed)
    model = SequenceVAE(spec)
    with torch.no_grad():
        for weight in model.parameters():
            spread = 1 / math.sqrt(weight.shape[-1]) if weight.ndim == 2 else 0.0  # biases begin at 0
            weight.copy_(spread * torch.randn(weight.shape, generator=generator))
    optimiser = Adam(model.parameters(), lr=LEARNING_RATE)
    for step in range(spec.n_steps):
        optimiser.param_groups[0]["lr"] = LEARNING_RATE * 0.5 * (1 + math.cos(math.pi * step / spec.n_steps))
        x = torch.tensor(next(sequences))
        posterior = model.posterior(x)
        before = model.told_before(x, spec.dropout, generator)
        distortion = -model.log_px_z(x, posterior.sample(generator), before)
        loss = (distortion + spec.beta * posterior.kl_per_dim().sum(-1)).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        yield model, loss.item()


@torch.no_grad()
def scores(model: SequenceVAE, sequences: np.ndarray, n_samples: int, seed: int = 0) -> Scores:
    """ELBO and importance-weighted bound of sequences, int (N, T).

    Args:
        model: trained.
        sequences: none of which it need have seen.
        n_samples: draws of z for each.
        seed: of the draws.
    """
    generator = torch.Generator().manual_seed(seed)
    found = []
    for x in torch.tensor(sequences).split(max(1, AT_ONCE // n_samples)):
        posterior, before = model.posterior(x), model.told_before(x, model.test_dropout, generator)
        many, told = x.repeat(n_samples, 1), before.repeat(n_samples, 1)
        z = posterior.expand(n_samples).sample(generator)  # (S, B, D)
        log_px_z = model.log_px_z(many, z.flatten(0, 1), told).view(n_samples, len(x))
        log_pz = -0.5 * (z**2 + math.log(2 * math.pi)).sum(-1)
        iwae = (log_px_z + log_pz - posterior.log_prob(z)).logsumexp(0) - math.log(n_samples)
        found.append((-log_px_z[0], posterior.kl_per_dim().sum(-1), iwae))
    return Scores(*(torch.cat(part).double().numpy() for part in zip(*found, strict=True)))


@torch.no_grad()
def means(model: SequenceVAE, sequences: np.ndarray) -> np.ndarray:
    """E[z] of q(z|x) of sequences, int (N, T): float32 (N, D)."""
    return model.posterior(torch.tensor(sequences)).mean.numpy()


@torch.no_grad()
def written(model: SequenceVAE, z: np.ndarray, *, seed: int | None = None) -> tuple[np.ndarray, np.ndarray]:
    """What the decoder writes at codes, symbol by symbol, each given those that it wrote before.

    Args:
        model: trained.
        z: codes, float32 (N, D).
        seed: of draws from its probabilities; without one the most probable symbol is written.

    Returns:
        Symbols, (N, T), `END` after the first one; probabilities of every symbol at every step, (N, T, K).
    """
    codes, hidden = torch.tensor(z), model.spec.n_symbols
    generator = None if seed is None else torch.Generator().manual_seed(seed)
    symbols = torch.full((len(z), model.spec.length), END)
    told = torch.full_like(symbols, hidden)
    probabilities = torch.zeros(*symbols.shape, hidden)
    for step in range(model.spec.length):
        p = probabilities[:, step] = model.logits(codes, told[:, : step + 1])[:, -1].softmax(-1)
        symbols[:, step] = p.argmax(-1) if generator is None else torch.multinomial(p, 1, generator=generator)[:, 0]
        if step + 1 < model.spec.length and model.test_dropout < 1:
            told[:, step + 1] = symbols[:, step]
    return torch.where(within(symbols), symbols, END).numpy(), probabilities.numpy()


def tensors(model: SequenceVAE) -> dict[str, Tensor]:
    """The weights as they are shipped, in float16."""
    return {name: weight.half().contiguous() for name, weight in model.state_dict().items()}


def from_tensors(spec: SequenceSpec, weights: Mapping[str, Tensor]) -> SequenceVAE:
    """A model of shipped weights, in float32."""
    model = SequenceVAE(spec)
    model.load_state_dict({name: weight.float() for name, weight in weights.items()})
    return model.eval().requires_grad_(False)
