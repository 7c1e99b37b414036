"""Bits-back coding with a VAE of binary images: a stack that grows by −ELBO per image (Frey & Hinton 1997; Townsend, Bird & Barber 2019).

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
from scipy.special import expit, ndtri

from vae_core.distributions import Bernoulli, DiagonalGaussian
from vae_core.errors import require
from vae_core.explore.beyond.rans import Stack, interval, quantised
from vae_core.models import LatentModel

FINER = 10
"""By so many bits the masses of q(z|x) are finer than those of the bins, so that a bin of hardly any mass costs the others 2⁻⁹ of theirs."""


@lru_cache(maxsize=8)
def bins(precision: int) -> tuple[list[float], np.ndarray]:
    """The 2^precision bins of N(0, 1) that have the same mass each: the edges between them, and the median of each, (2^precision,)."""
    n = 1 << precision
    return ndtri(np.arange(1, n) / n).tolist(), ndtri((np.arange(n) + 0.5) / n)


@dataclass(frozen=True, slots=True, eq=False)
class Networks:
    """A VAE of binary images, asked for one image and one code at a time, so that it gives the very same numbers whenever it is asked.

    It computes in float64: what another processor rounds otherwise is 10¹⁰ times smaller than the steps of its probabilities.

    Attributes:
        model: in float64.
        precision: of a bin of each dimension of z: it has the prior's mass 2^−precision.
    """

    model: LatentModel
    precision: int

    @classmethod
    def of(cls, model: LatentModel, precision: int) -> Self:
        """Those of a trained model.

        Raises:
            ValueError: if it gives no probability of an image, so that none has a length.
        """
        z = torch.zeros(1, model.spec.latent_dim)
        x = torch.zeros(1, *model.shape)
        law = model.likelihood(z)
        law.log_prob(x)
        require(isinstance(law, Bernoulli), "model", "give probabilities of binary pixels", type(law).__name__)
        return cls(copy.deepcopy(model).cpu().double(), precision)

    @torch.no_grad()
    def posterior(self, bits: np.ndarray) -> tuple[list[float], list[float]]:
        """Mean and width of q(z|x) of one image, uint8 (P,) of 0 and 1."""
        x = torch.from_numpy(bits.astype(np.float64)).reshape(1, *self.model.shape)
        q = cast(DiagonalGaussian, self.model.posterior(x))
        return q.mu[0].tolist(), (0.5 * q.logvar[0]).exp().tolist()

    @torch.no_grad()
    def ones(self, numbers: Sequence[int]) -> list[int]:
        """Probability of each pixel to be 1 at the medians of the bins with these numbers, (D,), in units of 2⁻¹⁶."""
        z = torch.from_numpy(bins(self.precision)[1][list(numbers)]).reshape(1, -1)
        logits = cast(Bernoulli, self.model.likelihood(z)).logits
        return quantised(expit(logits.reshape(-1).numpy()))

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
        """Bin → the mass of q below it, in units of 2^−(precision + FINER): two for each bin before it, however little it has."""
        return partial(_mass_below, bins(self.precision)[0], (1 << self.precision + FINER) - (2 << self.precision), mu, width * math.sqrt(2))


def _mass_below(edges: list[float], shared: int, mu: float, scale: float, number: int) -> int:
    if number == 0:
        return 0
    if number > len(edges):
        return shared + 2 * number
    return int(shared * 0.5 * math.erfc((mu - edges[number - 1]) / scale)) + 2 * number


def push_image(networks: Networks, stack: Stack, bits: np.ndarray) -> tuple[float, float, float]:
    """Push one image, uint8 (P,) of 0 and 1; the lengths of the stack after z was popped, after x was pushed, and after z was."""
    numbers = networks.pop_code(stack, *networks.posterior(bits))
    popped = stack.length
    stack.push_bits(bits.tolist(), networks.ones(numbers))
    with_x = stack.length
    networks.push_by_prior(stack, numbers)
    return popped, with_x, stack.length


def pop_image(networks: Networks, stack: Stack) -> np.ndarray:
    """Pop one image, and give the bits back that its code took: uint8 (P,) of 0 and 1.

    Raises:
        RunDry: if the stack holds no image.
    """
    numbers = networks.pop_by_prior(stack)
    bits = np.array(stack.pop_bits(networks.ones(numbers)), np.uint8)
    networks.push_code(stack, numbers, *networks.posterior(bits))
    return bits
