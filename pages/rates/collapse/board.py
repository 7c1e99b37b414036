"""A written loss on a data set, and all that follows from it."""

from __future__ import annotations

from dataclasses import dataclass

from vae_core.explore.rates import losses
from vae_core.explore.rates.losses import Consequence, Meaning, WrittenLoss
from vae_core.explore.rates.pixel_statistics import PixelStatistics

SYMBOLS = {"gaussian": "τ = βσ²", "laplace": "βb", "bernoulli": "β"}
"""Likelihood → how its balance is written."""


@dataclass(frozen=True, slots=True)
class Board:
    """A loss and all that follows from it."""

    loss: WrittenLoss
    statistics: PixelStatistics
    latent_dim: int
    meaning: Meaning
    consequence: Consequence


def board_of(loss: WrittenLoss, statistics: PixelStatistics, latent_dim: int) -> Board:
    """What a loss means on these images for a code of d dimensions, and what it must do."""
    meaning = losses.meaning_of(loss, statistics, latent_dim)
    return Board(loss, statistics, latent_dim, meaning, losses.consequence_of(meaning, statistics, latent_dim))
