"""A prior N(m, s²) in place of N(0, 1): a decoder's first layer takes it up, and no output changes."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from vae_core.errors import require
from vae_core.models import LatentModel


@dataclass(frozen=True, slots=True, eq=False)
class Absorbed:
    """Outputs of two decoders for the same draws of their priors.

    Attributes:
        standard: E[x|z] with z ~ N(0, I), float32 (N, C, H, W).
        shifted: E[x|z′] of the changed decoder with z′ = m + s·z ~ N(m, s²I), float32 (N, C, H, W).
    """

    standard: np.ndarray
    shifted: np.ndarray

    @property
    def largest_difference(self) -> float:
        """Of any output of any draw."""
        return float(np.abs(self.standard.astype(np.float64) - self.shifted).max())


def absorbed(model: LatentModel, mean: float, width: float, n: int, seed: int = 0) -> Absorbed:
    """A decoder for the prior N(0, I), and the one for N(m, s²I): W′ = W/s, b′ = b − Wm/s (McAllester 2020, Gaussian VAEs: WLOG).

    Args:
        model: whose decoder begins with a linear layer.
        mean: m, of every dimension.
        width: s, of every dimension.
        n: draws.
        seed: of the draws.

    Raises:
        ValueError: if the decoder begins otherwise, or the width is not above 0.
    """
    require(width > 0, "width", "be above 0", width)
    z = torch.randn(n, model.spec.latent_dim, generator=torch.Generator().manual_seed(seed))
    with torch.no_grad():
        pair = (model.decode(z).mean, shifted(model, mean, width).decode(mean + width * z).mean)
    return Absorbed(*(x.numpy().astype(np.float32) for x in pair))


def shifted(model: LatentModel, mean: float, width: float) -> LatentModel:
    """A copy of the model whose decoder expects codes from N(m, s²I)."""
    copy = deepcopy(model)
    layers = getattr(copy, "decoder", None)
    first = layers[0] if isinstance(layers, nn.Sequential) else None
    if not isinstance(first, nn.Linear) or first.bias is None:
        raise ValueError(f"decoder must begin with a linear layer, got {type(first).__name__}")
    with torch.no_grad():
        weight = first.weight.double()
        first.bias.copy_(first.bias.double() - (weight * (mean / width)).sum(1))
        first.weight.copy_(weight / width)
    return copy
