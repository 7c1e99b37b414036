"""Bits-back coding with a VAE: a stack that grows by −ELBO per image (Frey & Hinton 1997; Townsend, Bird & Barber 2019).

To code an image, a code z is popped from the stack as if q(z|x) had pushed it, then the image is pushed by p(x|z), and z by p(z). Whoever
pops z and x knows q(z|x), too, and pushes z by it: the bits are back.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Self, cast

import numpy as np
import torch
from scipy.special import ndtri

from vae_core.distributions import Bernoulli, DiagonalGaussian, Gaussian
from vae_core.errors import require
from vae_core.explore.beyond.pixels import Levels, OnOff, Pixels, mass_below
from vae_core.explore.beyond.rans import Stack, interval
from vae_core.models import LatentModel

FINER = 16
"""By so many bits the masses of q(z|x) are finer than those of the bins. Each bin has two units whatever q says, 2⁻¹⁵ of all mass together:
so rarely is z drawn from the prior instead, which x may cost hundreds of bits.
"""


@lru_cache(maxsize=8)
def bins(precision: int) -> tuple[list[float], np.ndarray]:
    """The 2^precision bins of N(0, 1) that have the same mass each: the edges between them, and the median of each, (2^precision,)."""
    n = 1 << precision
    return ndtri(np.arange(1, n) / n).tolist(), ndtri((np.arange(n) + 0.5) / n)


@dataclass(frozen=True, slots=True, eq=False)
class Networks:
    """A VAE that is asked for one image and one code at a time, so that it gives the very same numbers whenever it is asked.

    It computes in float64: what another processor rounds otherwise is far smaller than the steps of its probabilities.

    Attributes:
        model: in float64.
        precision: a bin of a dimension of z has the prior's mass 2^−precision.
        is_binary: whether its pixels are 0 and 1; bytes otherwise.
    """

    model: LatentModel
    precision: int
    is_binary: bool

    @classmethod
    def of(cls, model: LatentModel, precision: int) -> Self:
        """Those of a trained model.

        Raises:
            ValueError: if it gives no probability of an image, so that none has a length.
        """
        law = model.likelihood(torch.zeros(1, model.spec.latent_dim))
        law.log_prob(torch.zeros(1, *model.shape))
        require(isinstance(law, Bernoulli | Gaussian), "likelihood", "be Bernoulli or Gaussian", type(law).__name__)
        return cls(copy.deepcopy(model).cpu().double(), precision, isinstance(law, Bernoulli))

    @torch.no_grad()
    def posterior(self, pixels: np.ndarray) -> tuple[list[float], list[float]]:
        """Mean and width of q(z|x) of one image, uint8 (P,)."""
        x = torch.from_numpy(pixels / (1 if self.is_binary else 255)).reshape(1, *self.model.shape)
        q = cast(DiagonalGaussian, self.model.posterior(x))
        return q.mu[0].tolist(), (0.5 * q.logvar[0]).exp().tolist()

    @torch.no_grad()
    def likelihood(self, numbers: Sequence[int]) -> Pixels:
        """p(x|z) at the medians of the bins with these numbers, (D,)."""
        z = torch.from_numpy(bins(self.precision)[1][list(numbers)]).reshape(1, -1)
        law = self.model.likelihood(z)
        if isinstance(law, Bernoulli):
            return OnOff.of_logits(law.logits.reshape(-1).numpy())
        means = law.mean.reshape(-1).numpy()
        return Levels.of(means, np.full(len(means), float(cast(Gaussian, law).scale)))

    def push_code(self, stack: Stack, numbers: Sequence[int], mu: Sequence[float], width: Sequence[float]) -> None:
        """Push the numbers of bins by q(z|x)."""
        precision = self.precision + FINER
        for number, *q in zip(reversed(numbers), reversed(mu), reversed(width), strict=True):
            below = self._mass_below(*q)
            start = below(number)
            stack.push(start, below(number + 1) - start, precision)

    def pop_code(self, stack: Stack, mu: Sequence[float], width: Sequence[float]) -> list[int]:
        """Pop the numbers of bins by q(z|x): from random bits, a draw of it."""
        precision, numbers = self.precision + FINER, []
        for q in zip(mu, width, strict=True):
            number, start, mass = interval(self._mass_below(*q), 1 << self.precision, stack.peek(precision))
            stack.pop(start, mass, precision)
            numbers.append(number)
        return numbers

    def push_by_prior(self, stack: Stack, numbers: Sequence[int]) -> None:
        """Push the numbers of bins by p(z), under which all are as likely."""
        for number in reversed(numbers):
            stack.push(number, 1, self.precision)

    def pop_by_prior(self, stack: Stack) -> list[int]:
        """Pop the numbers of bins by p(z)."""
        numbers = []
        for _ in range(self.model.spec.latent_dim):
            numbers.append(stack.peek(self.precision))
            stack.pop(numbers[-1], 1, self.precision)
        return numbers

    def _mass_below(self, mu: float, width: float) -> Callable[[int], int]:
        """Bin → the mass of q below it."""
        return partial(_mass_below_bin, bins(self.precision)[0], self.precision + FINER, mu, width * math.sqrt(2))


def _mass_below_bin(edges: list[float], precision: int, mu: float, scale: float, number: int) -> int:
    n = len(edges) + 1
    return mass_below(n, precision, number, (mu - edges[number - 1]) / scale if 0 < number < n else 0.0)


def push_image(networks: Networks, stack: Stack, pixels: np.ndarray) -> tuple[float, float, float]:
    """Push one image, uint8 (P,); the lengths of the stack after z was popped, after x was pushed, and after z was."""
    numbers = networks.pop_code(stack, *networks.posterior(pixels))
    popped = stack.length
    networks.likelihood(numbers).push(stack, pixels.tolist())
    with_x = stack.length
    networks.push_by_prior(stack, numbers)
    return popped, with_x, stack.length


def pop_image(networks: Networks, stack: Stack) -> np.ndarray:
    """Pop one image, and give the bits back that its code took: uint8 (P,).

    Raises:
        RunDry: if the stack holds no image.
    """
    numbers = networks.pop_by_prior(stack)
    pixels = np.array(networks.likelihood(numbers).pop(stack), np.uint8)
    networks.push_code(stack, numbers, *networks.posterior(pixels))
    return pixels
