"""Codes in symbols: what stands where, what each symbol looks like, what a code costs with what one knows of codes, and draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np
import torch

from vae_core.evaluation import binarised
from vae_core.explore.em import Mixture, k_means_path
from vae_core.explore.means import Mean, mean_of
from vae_core.models.inputs import batches
from vae_core.models.vqvae import PRIORS, VQVAE, Codebook, nearest

AT_ONCE = 1000


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """N images in symbols.

    Attributes:
        seen: the binarised images, uint8 (N, C, H, W).
        codes: int64 (N, P).
        distortion: −log p(x|z), (N,), in nats.
        nats: of `PRIORS` → −log p(zᵢ | z₁, …, zᵢ₋₁), (N, P).
    """

    seen: np.ndarray
    codes: np.ndarray
    distortion: np.ndarray
    nats: Mapping[str, np.ndarray]

    def rate(self, prior: str) -> np.ndarray:
        """−log p(z), (N,)."""
        return self.nats[prior].sum(1)

    def minus_log_px(self, prior: str) -> np.ndarray:
        """−log p(x, z), (N,): at least −log p(x), for p(x) sums p(x, z) over all codes."""
        return self.distortion + self.rate(prior)

    def saved(self, prior: str, than: str) -> Mean:
        """Nats per code that a distribution saves beside another, on the same images."""
        return mean_of(self.rate(than) - self.rate(prior))


def encoded(model: VQVAE, x: np.ndarray) -> Encoded:
    """Images, uint8 (N, C, H, W), binarised from the seed of evaluations, in symbols."""
    seen = binarised(x)
    parts = [_encoded(model, part) for part in batches(seen, AT_ONCE, model.codebook.device)]
    codes, distortion, nats = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    return Encoded(seen, codes, distortion, {name: nats[:, k] for k, name in enumerate(PRIORS)})


def _encoded(model: VQVAE, x: torch.Tensor) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    codes = model.encode(x)
    nats = torch.stack([-model.prior(name).log_prob_per_position(codes).double() for name in PRIORS], 1)
    return codes.numpy(), -model.decode(codes).log_prob(x).double().numpy(), nats.numpy()


def decoded(model: VQVAE, codes: np.ndarray) -> np.ndarray:
    """E[x|z] of codes, (N, P): float32 (N, C, H, W)."""
    return model.decode(torch.tensor(codes)).mean.numpy()


def swapped(code: np.ndarray, position: int, symbol: int) -> np.ndarray:
    """A code, (P,), with another symbol at one position."""
    return np.where(np.arange(len(code)) == position, symbol, code)


def reach(model: VQVAE, code: np.ndarray, least: float) -> np.ndarray:
    """Pixels that change by more than so much when another symbol stands at a position, mean over all others, (P,)."""
    changes, here = np.empty(len(code)), decoded(model, code[None])
    for position in range(len(code)):
        others = [swapped(code, position, symbol) for symbol in range(model.spec.n_symbols) if symbol != code[position]]
        changes[position] = (np.abs(decoded(model, np.array(others)) - here) > least).sum((1, 2, 3)).mean()
    return changes


def costs(model: VQVAE, code: np.ndarray) -> dict[str, np.ndarray]:
    """Of `PRIORS` → −log p(zᵢ | z₁, …, zᵢ₋₁) of one code, (P,), in nats."""
    z = torch.tensor(code)[None]
    return {name: -model.prior(name).log_prob_per_position(z)[0].double().numpy() for name in PRIORS}


def expected(model: VQVAE, code: np.ndarray, position: int, prior: str) -> np.ndarray:
    """How probable each symbol is at a position after those before it, (K,)."""
    conditionals = model.prior(prior).conditionals(torch.tensor(code)[None], torch.tensor([position]))
    return conditionals[0, 0].exp().numpy()


@dataclass(frozen=True, slots=True, eq=False)
class Usage:
    """How often each of K symbols is used, at any position.

    Attributes:
        shares: (K,), sum to 1.
    """

    shares: np.ndarray

    @property
    def n_used(self) -> int:
        """Symbols that are used at all."""
        return int((self.shares > 0).sum())

    @property
    def perplexity(self) -> float:
        """exp(H) of the shares: so many symbols, all used alike, would have the same entropy. At most K."""
        used = self.shares[self.shares > 0]
        return float(np.exp(-(used * np.log(used)).sum()))


def usage(codes: np.ndarray, n_symbols: int) -> Usage:
    """Of codes, (N, P)."""
    return Usage(np.bincount(codes.ravel(), minlength=n_symbols) / codes.size)


def tiles(codes: np.ndarray, x: np.ndarray, grid: tuple[int, int], n_symbols: int) -> np.ndarray:
    """What each symbol looks like: the mean of the images where it stands, float64 (K, C, S, S); 0 of one that stands nowhere.

    A position has the square of S pixels that lies around the middle of what its part of the encoder sees; of its pixels only those
    within the image count.

    Args:
        codes: (N, P).
        x: the images, uint8 (N, C, H, W).
        grid: rows and columns of the positions.
        n_symbols: K.
    """
    squares, is_inside = squares_of(x / 255, grid), squares_of(np.ones_like(x[:1, :1], np.float64), grid)
    sums = np.zeros((n_symbols, *squares.shape[2:]))
    counts = np.zeros((n_symbols, 1, *squares.shape[3:]))
    for i in range(codes.shape[1]):
        np.add.at(sums, codes[:, i], squares[:, i])
        counts += np.bincount(codes[:, i], minlength=n_symbols)[:, None, None, None] * is_inside[0, i]
    return sums / np.maximum(counts, 1)


def squares_of(x: np.ndarray, grid: tuple[int, int]) -> np.ndarray:
    """The square of each position, (N, C, H, W) → (N, P, C, S, S), 0 outside of the image."""
    n, c, height, _ = x.shape
    rows, columns = grid
    side = stride(height, rows)
    padded = np.pad(x, ((0, 0), (0, 0), (side // 2, side), (side // 2, side)))[..., : rows * side, : columns * side]
    return padded.reshape(n, c, rows, side, columns, side).transpose(0, 2, 4, 1, 3, 5).reshape(n, rows * columns, c, side, side)


def stride(height: int, rows: int) -> int:
    """Pixels from one position to the next: a power of two, as every stage of the encoder halves the image."""
    side = 1
    while -(-height // side) > rows:
        side *= 2
    return side


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """Codes drawn from one of `PRIORS`, int64 (n, P), and E[x|z] of each, (n, C, H, W)."""

    codes: np.ndarray
    images: np.ndarray


def draws(model: VQVAE, prior: str, n: int, seed: int) -> Draws:
    """n codes drawn position by position."""
    codes = model.prior(prior).sample(n, torch.Generator().manual_seed(seed)).numpy()
    return Draws(codes, decoded(model, codes))


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """Symbols of points, without encoder and decoder.

    Attributes:
        vectors: of the symbols, (K, D).
        codes: the nearest symbol of each point, (N,).
        loss: mean squared distance of the points from their symbols.
        k_means: the same of k-means after as many of its steps from the same start.
    """

    vectors: np.ndarray
    codes: np.ndarray
    loss: float
    k_means: float


def points_path(x: np.ndarray, k: int, seed: int, n: int) -> list[Step]:
    """A codebook that learns from points (N, D) as they are, after 0 … n steps of all points.

    Its loss is the squared distance from the nearest symbol, and a step with a decay of 0 is one of Lloyd's: it is k-means.

    Raises:
        ValueError: if there are not more points than symbols.
    """
    lloyd = k_means_path(x, k, seed, 2 * n + 1)
    points, codebook, path = torch.tensor(x), Codebook(torch.tensor(cast(Mixture, lloyd[0].model).means), decay=0.0), []
    for step in range(n + 1):
        codes = nearest(points, codebook.vectors)
        loss = float((points - codebook.vectors[codes]).square().sum(1).mean())
        path.append(Step(codebook.vectors.numpy().copy(), codes.numpy(), loss, -lloyd[2 * step + 1].bound))
        codebook.step(points, codes)
    return path
