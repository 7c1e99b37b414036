"""The decoder of a trained model with two latent dimensions, seen as a map of the plane: z -> E[x|z]."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

from vae_core.errors import require
from vae_core.explore.latent.ring import prior_samples
from vae_core.models import LatentModel

N_FOR_AXES = 2000


@dataclass(frozen=True, slots=True, eq=False)
class LearnedMap:
    """A decoder as a map of the plane.

    Attributes:
        y: E[x|z] in the plane, (N, 2): itself for points, else its coordinates on the two first principal axes of decoded samples.
        log_abs_det: ½ log det JᵀJ of the whole map z -> E[x|z], (N,): how much it stretches area, whatever is shown of it.
        explained: share of the decoded samples' variance that the two axes hold; 1 for points in the plane.
    """

    y: np.ndarray
    log_abs_det: np.ndarray
    explained: float


@torch.no_grad()
def learned_map(model: LatentModel, z: np.ndarray) -> LearnedMap:
    """The model's decoder at codes z, (N, 2).

    Raises:
        ValueError: if the model has not two latent dimensions.
    """
    require(model.spec.latent_dim == 2, "latent_dim", "be 2 for a map of the plane", model.spec.latent_dim)
    codes = torch.tensor(z, dtype=torch.float32)
    x, log_area = decoded_with_area(model, codes)
    if x.shape[1] == 2:
        return LearnedMap(x.numpy(), log_area.numpy(), 1.0)
    centre, axes, explained = principal_axes(model)
    return LearnedMap(((x.double() - centre) @ axes).numpy(), log_area.numpy(), explained)


def decoded_with_area(model: LatentModel, z: torch.Tensor, at_once: int = 2000) -> tuple[torch.Tensor, torch.Tensor]:
    """E[x|z], (N, P), and ½ log det JᵀJ, (N,), from the two columns of J by forward differentiation."""

    def mean(codes: torch.Tensor) -> torch.Tensor:
        return model.likelihood(codes).mean.flatten(1)

    parts = []
    for codes in z.split(at_once):
        x, first, second = _with_columns(mean, codes)
        gram = (first**2).sum(1) * (second**2).sum(1) - (first * second).sum(1) ** 2
        parts.append((x, 0.5 * gram.clamp(min=1e-20).log()))
    return torch.cat([x for x, _ in parts]), torch.cat([area for _, area in parts])


def _with_columns(of: Callable[[torch.Tensor], torch.Tensor], z: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """A function of codes, (N, P), and the two columns of its J, (N, P) each."""
    along = (torch.eye(2)[i].expand_as(z) for i in (0, 1))
    (x, first), (_, second) = (torch.func.jvp(of, (z,), (direction,))[:2] for direction in along)
    return x, first, second


def principal_axes(model: LatentModel) -> tuple[torch.Tensor, torch.Tensor, float]:
    """Mean, (P,), the two first principal axes, (P, 2), of decoded samples from the prior, and the share of variance they hold."""
    x = model.decode(torch.tensor(prior_samples(N_FOR_AXES, 2))).mean.flatten(1).double()
    centre = x.mean(0)
    _, singular, vectors = torch.linalg.svd(x - centre, full_matrices=False)
    axes = vectors[:2].T
    signs = axes.gather(0, axes.abs().argmax(0, keepdim=True)).sign()
    variance = singular**2
    return centre, axes * signs, float(variance[:2].sum() / variance.sum())
