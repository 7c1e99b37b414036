"""p(x|z) as what a stack of bits needs of it: whole numbers in place of probabilities, of each pixel by itself."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol, Self

import numpy as np
from scipy.special import expit, ndtr

from vae_core.explore.beyond.rans import PRECISION, Stack, interval

LEVELS, LEVEL_PRECISION = 256, 30
"""Values of a byte, and the precision of their probabilities: none is below 2⁻²⁹."""


class Pixels(Protocol):
    """The distribution of the pixels of one image."""

    def push(self, stack: Stack, values: Sequence[int]) -> None:
        """Push an image, (P,)."""

    def pop(self, stack: Stack) -> list[int]:
        """Pop an image, (P,)."""


@dataclass(frozen=True, slots=True)
class OnOff:
    """Binary pixels: the probability of each to be 1, in units of 2^−`PRECISION`, neither 0 nor 1."""

    ones: list[int]

    @classmethod
    def of(cls, probabilities: np.ndarray) -> Self:
        """Those of probabilities, (P,)."""
        return cls(np.clip(np.rint(probabilities * (1 << PRECISION)), 1, (1 << PRECISION) - 1).astype(np.int64).tolist())

    @classmethod
    def of_logits(cls, logits: np.ndarray) -> Self:
        """Those of a Bernoulli decoder, (P,)."""
        return cls.of(expit(logits))

    def push(self, stack: Stack, values: Sequence[int]) -> None:
        """Push 0 and 1."""
        stack.push_bits(values, self.ones)

    def pop(self, stack: Stack) -> list[int]:
        """Pop 0 and 1."""
        return stack.pop_bits(self.ones)


@dataclass(frozen=True, slots=True)
class Levels:
    """Pixels of 256 levels: of N(mean, scale²) the mass between each level's neighbours half-way, and beyond for 0 and 255; in bytes."""

    means: list[float]
    scales: list[float]

    @classmethod
    def of(cls, means: np.ndarray, scales: np.ndarray) -> Self:
        """Those of pixels in [0, 1], (P,), and of scales, (P,)."""
        return cls((255 * means).tolist(), (255 * math.sqrt(2) * scales).tolist())

    def push(self, stack: Stack, values: Sequence[int]) -> None:
        """Push bytes."""
        for value, below in zip(reversed(values), reversed(self._masses()), strict=True):
            start = below(value)
            stack.push(start, below(value + 1) - start, LEVEL_PRECISION)

    def pop(self, stack: Stack) -> list[int]:
        """Pop bytes."""
        values = []
        for below in self._masses():
            value, start, mass = interval(below, LEVELS, stack.peek(LEVEL_PRECISION))
            stack.pop(start, mass, LEVEL_PRECISION)
            values.append(value)
        return values

    def _masses(self) -> list[Callable[[int], int]]:
        return [partial(_mass_below_level, mean, scale) for mean, scale in zip(self.means, self.scales, strict=True)]


def mass_below(n: int, precision: int, number: int, depth: float) -> int:
    """The mass of a normal distribution below one of n bins, in units of 2^−precision, of which each bin has two before any mass.

    Args:
        n: bins.
        precision: of the masses, which sum to 2^precision.
        number: of the bin; n for the end of the last one.
        depth: by how many √2 σ the mean lies above the bin's lower edge.
    """
    if number in (0, n):
        return number and 1 << precision
    return int(((1 << precision) - 2 * n) * 0.5 * math.erfc(depth)) + 2 * number


def _mass_below_level(mean: float, scale: float, level: int) -> int:
    return mass_below(LEVELS, LEVEL_PRECISION, level, (mean - level + 0.5) / scale)


def log_masses(values: np.ndarray, means: np.ndarray, scales: np.ndarray) -> np.ndarray:
    """Log of the mass that `Levels` gives bytes, in nats, in their shape; exact where those are rounded to whole numbers.

    Args:
        values: 0 to 255.
        means: of pixels in [0, 1].
        scales: theirs.
    """
    centre, half = (values - 255 * means) / (255 * scales), 0.5 / (255 * scales)
    low, high = np.where(values == 0, -np.inf, centre - half), np.where(values == LEVELS - 1, np.inf, centre + half)
    mass = np.where(low > 0, ndtr(-low) - ndtr(-high), ndtr(high) - ndtr(low))  # where both are near 1, what lies above is more exact
    return np.log(np.maximum(mass, np.finfo(np.float64).tiny))
