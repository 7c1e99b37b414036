"""Distributions over codes in symbols: p(z) of P positions that hold one of K symbols each, from the left to the right and downwards.

All of them say the same: log p(zᵢ | z₁, …, zᵢ₋₁) of every symbol at a position, in nats. So their sum is log p(z), exactly, and a code
is drawn position by position.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from vae_core.networks import Mlp


class SymbolPrior(ABC):
    """p(z) = Πᵢ p(zᵢ | z₁, …, zᵢ₋₁)."""

    n_symbols: int
    n_positions: int

    @abstractmethod
    def conditionals(self, codes: Tensor, positions: Tensor) -> Tensor:
        """Log probability of every symbol at these positions, (B, I, K), given what codes, int64 (B, P), hold before each of them, (I,)."""

    def log_prob_per_position(self, codes: Tensor) -> Tensor:
        """log p(zᵢ | z₁, …, zᵢ₋₁) of codes, int64 (B, P), in nats: (B, P)."""
        of_all = self.conditionals(codes, torch.arange(self.n_positions, device=codes.device))
        return of_all.gather(-1, codes[..., None]).squeeze(-1)

    def log_prob(self, codes: Tensor) -> Tensor:
        """log p(z) of codes, int64 (B, P), in nats: (B,)."""
        return self.log_prob_per_position(codes).double().sum(-1)

    @torch.no_grad()
    def sample(self, n: int, generator: torch.Generator) -> Tensor:
        """Codes drawn position by position, int64 (n, P)."""
        codes = torch.zeros((n, self.n_positions), dtype=torch.int64, device=generator.device)
        for i in torch.arange(self.n_positions, device=generator.device):
            shares = self.conditionals(codes, i[None]).squeeze(1).exp()
            codes[:, i] = torch.multinomial(shares, 1, generator=generator).squeeze(1)
        return codes


@dataclass(frozen=True, slots=True, eq=False)
class Uniform(SymbolPrior):
    """Every symbol as probable as every other: P log K nats for any code."""

    n_symbols: int
    n_positions: int

    def conditionals(self, codes: Tensor, positions: Tensor) -> Tensor:
        shape = (len(codes), len(positions), self.n_symbols)
        return torch.full(shape, 1 / self.n_symbols, device=codes.device).log()


@dataclass(frozen=True, slots=True, eq=False)
class Independent(SymbolPrior):
    """Each position by itself, with its own shares of the symbols.

    Attributes:
        log_shares: (P, K).
    """

    log_shares: Tensor

    @property
    def n_positions(self) -> int:  # type: ignore[override]
        return self.log_shares.shape[0]

    @property
    def n_symbols(self) -> int:  # type: ignore[override]
        return self.log_shares.shape[1]

    def conditionals(self, codes: Tensor, positions: Tensor) -> Tensor:
        return self.log_shares[positions].expand(len(codes), -1, -1)


@dataclass(frozen=True, slots=True, eq=False)
class Chain(SymbolPrior):
    """Each position given the one before it: a Markov chain, whose shares differ from position to position.

    Attributes:
        log_shares: of the symbol at a position (its last axis) after that before it, (P, K, K); all rows of the first position are one.
    """

    log_shares: Tensor

    @property
    def n_positions(self) -> int:  # type: ignore[override]
        return self.log_shares.shape[0]

    @property
    def n_symbols(self) -> int:  # type: ignore[override]
        return self.log_shares.shape[2]

    def conditionals(self, codes: Tensor, positions: Tensor) -> Tensor:
        return self.log_shares[positions, codes[:, (positions - 1).clamp(min=0)]]

    def entropy(self) -> float:
        """H(z) in nats, exactly: the shares of each position, from the first on, weigh the entropies that follow."""
        transitions, total = self.log_shares.double().exp(), 0.0
        before = torch.full((self.n_symbols,), 1 / self.n_symbols, dtype=torch.float64)
        for shares in transitions:
            total += float(before @ -torch.xlogy(shares, shares).sum(-1))
            before = before @ shares
        return total


def independent_of(counts: Tensor, weight: float) -> Independent:
    """By how often each symbol stood at each position, (P, K), beside so many imagined images that hold all alike.

    It is the mean of the posterior of shares with a Dirichlet prior.
    """
    counts = counts.double()
    shares = (counts + weight / counts.shape[1]) / (counts.sum(-1, keepdim=True) + weight)
    return Independent(shares.log().float())


def chain_of(counts: Tensor, independent: Independent, weight: float) -> Chain:
    """By how often each symbol followed each other, (P, K, K), beside so many imagined images that hold them independently."""
    counts, shares = counts.double(), independent.log_shares.double().exp()
    conditional = (counts + weight * shares[:, None]) / (counts.sum(-1, keepdim=True) + weight)
    conditional[0] = shares[0]  # nothing stands before it
    return Chain(conditional.log().float())


class CausalNetwork(nn.Module, SymbolPrior):
    """Each position given those before it within a window, by a network that all positions share.

    The symbols of the window come as one vector each, which is learned as are those of the positions (as words do in Bengio et al. 2003);
    what follows in the order is not among them.
    """

    before: Tensor

    def __init__(self, n_symbols: int, size: tuple[int, int], *, radius: int, width: int, hidden: int) -> None:
        """
        Args:
            n_symbols: K.
            size: rows and columns of the positions.
            radius: how far the window reaches to the left, to the right and upwards.
            width: of the vector of a symbol.
            hidden: width of both layers between.
        """
        super().__init__()
        self.n_symbols, self.n_positions = n_symbols, size[0] * size[1]
        self.register_buffer("before", positions_before(size, radius), persistent=False)  # (P, W)
        self.symbols = nn.Parameter(torch.zeros(n_symbols + 1, width))  # the last stands for what is outside of the image
        self.places = nn.Parameter(torch.zeros(self.n_positions, hidden))
        self.first = nn.Linear(self.before.shape[1] * width, hidden)
        self.rest = nn.Sequential(nn.ReLU(), Mlp((hidden, hidden, n_symbols), nn.ReLU))

    def conditionals(self, codes: Tensor, positions: Tensor) -> Tensor:
        outside = torch.full((len(codes), 1), self.n_symbols, dtype=codes.dtype, device=codes.device)
        seen = torch.cat([codes, outside], 1)[:, self.before[positions]]  # (B, I, W)
        vectors = self.symbols[seen].flatten(2)
        return self.rest(self.first(vectors) + self.places[positions]).log_softmax(-1)


def positions_before(size: tuple[int, int], radius: int) -> Tensor:
    """For each of P positions those of its window that come before it, int64 (P, W); P itself for what lies outside of the image."""
    rows, columns = size
    steps = [(down, right) for down in range(-radius, 1) for right in range(-radius, radius + 1) if (down, right) < (0, 0)]
    table = torch.full((rows * columns, len(steps)), rows * columns)
    for row in range(rows):
        for column in range(columns):
            for w, (down, right) in enumerate(steps):
                if row + down >= 0 and 0 <= column + right < columns:
                    table[row * columns + column, w] = (row + down) * columns + column + right
    return table
