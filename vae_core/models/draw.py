"""DRAW: a VAE that writes an image onto a canvas in T steps, each with a code of its own (Gregor et al. 2015), without attention.

Its posterior goes from step to step, so it is no family: what pages do with one code of an image has no meaning for it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor, nn

from vae_core.distributions import Bernoulli, DiagonalGaussian, standard_normal, standard_normal_log_prob
from vae_core.errors import require
from vae_core.fields import declared
from vae_core.identities import identity
from vae_core.specs import MOST, Spec
from vae_core.terms import ElboTerms

CODE_SIZE = 40
"""Numbers in the code of an image, which the shipped models divide among their steps."""
GAIN = 2.0
"""Of initial weights: with PyTorch's own, what passes two gated layers is so small that one step learns next to nothing of z."""
LEAST_INK = 0.005
"""The blank canvas begins at the mean of the training images, away from 0 and 1 by this much."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class DrawSpec(Spec):
    """The identity of a DRAW model: its data set, its steps, and every choice of its networks and of their training."""

    kind: ClassVar[str] = "draw"

    n_steps: int = declared(8, kind="integer", meaning="T, how often it writes onto the canvas.", most=64)
    step_dim: int = declared(5, kind="integer", meaning="numbers in the code of a step.", most=1000)
    hidden: int = declared(80, kind="integer", meaning="units of the encoder's and of the decoder's recurrent layer.", most=8192)
    read_size: int = declared(56, kind="integer", meaning="units of the layer through which the encoder reads.", most=8192)
    n_epochs: int = declared(300, kind="integer", meaning="visits of every training image.", most=MOST)
    batch_size: int = declared(64, kind="integer", meaning="images per step of training.", most=MOST)
    learning_rate: float = declared(4e-3, kind="number", meaning="of Adam, at the start.", least=0, is_open=True, most=1)
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


def draw_spec(dataset: str, n_steps: int) -> DrawSpec:
    """The shipped recipe: a code of `CODE_SIZE` numbers, divided among the steps.

    Raises:
        ValueError: if the steps do not divide it.
    """
    require(CODE_SIZE % n_steps == 0, "n_steps", f"divide the {CODE_SIZE} numbers of the code", n_steps)
    return DrawSpec(dataset=dataset, n_steps=n_steps, step_dim=CODE_SIZE // n_steps)


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """What was done with B images, or drawn from the prior, step by step.

    Attributes:
        canvases: c_0 … c_T as logits, (T + 1, B, *shape).
        codes: z_1 … z_T, (T, B, D).
        posteriors: q(z_t|x, z_1 … z_{t−1}) of each step, over (B, D); none of a draw from the prior.
    """

    canvases: Tensor
    codes: Tensor
    posteriors: tuple[DiagonalGaussian, ...] = ()

    def likelihood(self, t: int = -1) -> Bernoulli:
        """p(x|z_1 … z_t), by the canvas after step t; by default the last (Gregor et al. 2015, Eq. (9))."""
        return Bernoulli(self.canvases[t], self.canvases.ndim - 2)

    @property
    def rates(self) -> Tensor:
        """KL(q(z_t|·) || N(0, I)) of each step, (T, B): the terms of L^z (Gregor et al. 2015, Eq. (10))."""
        return torch.stack([posterior.kl_per_dim().sum(-1) for posterior in self.posteriors])

    def terms(self, x: Tensor) -> ElboTerms:
        """L^x and L^z of the images, (B,) each (Gregor et al. 2015, Eq. (12))."""
        return ElboTerms(-self.likelihood().log_prob(x), rate=self.rates.sum(0))

    def log_weights(self, x: Tensor) -> Tensor:
        """log p(x, z_1 … z_T) − log q(z_1 … z_T|x) of the images, (B,)."""
        log_q = torch.stack([posterior.log_prob(z) for posterior, z in zip(self.posteriors, self.codes, strict=True)])
        return self.likelihood().log_prob(x) + (standard_normal_log_prob(self.codes) - log_q).sum(0)


class Draw(nn.Module):
    """Two recurrent networks and a canvas. Equations are those of Gregor et al. 2015; the networks are GRUs, theirs are LSTMs.

    Attributes:
        spec: its identity.
        blank: c_0, the canvas before the first step, as logits (P,).
    """

    def __init__(self, spec: DrawSpec) -> None:
        super().__init__()
        self.spec, self.shape = spec, spec.identity.shape
        n_pixels = spec.identity.n_features
        self.reader = nn.Linear(2 * n_pixels, spec.read_size)
        self.encoder = nn.GRUCell(spec.read_size + spec.hidden, spec.hidden)
        self.posterior = nn.Linear(spec.hidden, 2 * spec.step_dim)
        self.decoder = nn.GRUCell(spec.step_dim, spec.hidden)
        self.writer = nn.Linear(spec.hidden, n_pixels)
        self.blank = nn.Parameter(torch.zeros(n_pixels))

    def __repr__(self) -> str:
        return f"Draw({self.spec!r}, {self.n_weights:,} parameters)"

    @property
    def n_weights(self) -> int:
        """How many parameters it has."""
        return sum(weight.numel() for weight in self.parameters())

    def draw(self, x: Tensor, generator: torch.Generator | None) -> Steps:
        """Write binary images, (B, *shape), onto the canvas, with z_t sampled from q; at its mean without a generator."""
        flat = x.flatten(1)
        canvas, encoded, decoded = self.start(len(x))
        canvases, codes, posteriors = [canvas], [], []
        for _ in range(self.spec.n_steps):
            error = flat - canvas.sigmoid()  # Eq. (3)
            read = torch.relu(self.reader(torch.cat([flat, error], -1)))  # Eq. (17), and one layer
            encoded = self.encoder(torch.cat([read, decoded], -1), encoded)  # Eq. (5)
            q = DiagonalGaussian(*self.posterior(encoded).chunk(2, -1))  # Eq. (1), (2)
            z = q.mean if generator is None else q.sample(generator)  # Eq. (6)
            canvas, decoded = self.write(z, canvas, decoded)
            canvases.append(canvas)
            codes.append(z)
            posteriors.append(q)
        return Steps(self._as_images(canvases), torch.stack(codes), tuple(posteriors))

    def write(self, z: Tensor, canvas: Tensor, decoded: Tensor) -> tuple[Tensor, Tensor]:
        """c_t = c_{t−1} + write(h_t), and h_t, from the code of the step, (B, D) (Eq. (7), (8), (18))."""
        decoded = self.decoder(z, decoded)
        return canvas + self.writer(decoded), decoded

    def sample(self, n: int, generator: torch.Generator) -> Steps:
        """n draws of every z_t from N(0, I), written onto the canvas (Eq. (13) to (16))."""
        canvas, _, decoded = self.start(n)
        codes = standard_normal(self.blank.new_empty(self.spec.n_steps, n, self.spec.step_dim), generator)
        canvases = [canvas]
        for z in codes:
            canvas, decoded = self.write(z, canvas, decoded)
            canvases.append(canvas)
        return Steps(self._as_images(canvases), codes)

    def start(self, n: int) -> tuple[Tensor, Tensor, Tensor]:
        """c_0, and the states of encoder and decoder before the first step, of n images."""
        state = self.blank.new_zeros(n, self.spec.hidden)
        return self.blank.expand(n, -1), state, state

    def _as_images(self, canvases: list[Tensor]) -> Tensor:
        return torch.stack(canvases).unflatten(-1, self.shape)


def initialise_draw(model: Draw, mean: Tensor, generator: torch.Generator) -> None:
    """Draw initial weights; the blank canvas is the mean of the training images, (*shape).

    Args:
        model: whose weights to draw.
        mean: in [0, 1].
        generator: of the weights.
    """
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.ndim > 1:
                bound = GAIN / math.sqrt(parameter.shape[1])
                parameter.copy_((2 * torch.rand(parameter.shape, generator=generator) - 1) * bound)
            else:
                parameter.zero_()
        model.blank.copy_(torch.logit(mean.flatten().clamp(LEAST_INK, 1 - LEAST_INK)))
