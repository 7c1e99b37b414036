"""Training images made a little different at each visit: what keeps a model of few images from learning them by heart."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

from vae_core.specs import Augmentation

MOST_TURN, MOST_STRETCH, MOST_SLANT = math.radians(10), 0.1, 0.2
"""An image is turned by up to this angle, each of its sides stretched or pressed by up to this share, and slanted by up to this slope."""
AMOUNTS: dict[Augmentation, Callable[[float], float]] = {
    "none": lambda done: 0.0,
    "warp": lambda done: 1.0,
    "warp_then_none": lambda done: 0.5 if done < 0.7 else 0.0,
}
"""How much of that an image is warped, by the share of training that is done."""
N_AT_ONCE = 4_000


def warped(x: Tensor, generator: torch.Generator, amount: float = 1.0) -> Tensor:
    """Each image under an affine map of its own about its centre, drawn at random: bytes (N, C, H, W) → the same; as they are for none.

    Affine maps of training images are those of Simard, Steinkraus & Platt 2003, Sec. 2; what comes from beyond an edge is the edge's pixel.
    """
    return x if amount == 0 else torch.cat([_warped(part, generator, amount) for part in x.split(N_AT_ONCE)])


def _warped(x: Tensor, generator: torch.Generator, amount: float) -> Tensor:
    drawn = amount * (2 * torch.rand((4, len(x)), generator=generator) - 1)
    turn, slant, (wide, high) = MOST_TURN * drawn[0], MOST_SLANT * drawn[1], 1 + MOST_STRETCH * drawn[2:]
    rows = [[wide * turn.cos(), wide * (slant - turn.sin())], [high * turn.sin(), high * turn.cos()]]
    maps = torch.stack([torch.stack([*row, torch.zeros(len(x))], -1) for row in rows], 1)  # (N, 2, 3)
    places = functional.affine_grid(maps, list(x.shape), align_corners=False)
    return functional.grid_sample(x.float(), places, padding_mode="border", align_corners=False).round().to(torch.uint8)
