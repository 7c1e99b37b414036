"""What each family is: whether it encodes, samples and has a density, found by asking the model itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from vae_core.distributions import Delta, Likelihood
from vae_core.models import LatentModel
from vae_core.specs import ModelSpec
from vae_core.training.devices import available_devices


class DecodesOnly(Protocol):
    """What is left of a model without its encoder."""

    @property
    def spec(self) -> ModelSpec: ...

    @property
    def binarises(self) -> bool: ...

    def decode(self, z: Tensor) -> Likelihood | Delta: ...

    def sample(self, n: int, generator: torch.Generator) -> Likelihood | Delta: ...


@dataclass(frozen=True, slots=True)
class Offers:
    """What a model can do: `encodes` an image; `samples` images from a law of its own; `has_density`, log p(x|z) and hence log p(x).

    `binarises` says whether it sees b ~ Bernoulli(x) instead of x.
    """

    encodes: bool
    samples: bool
    has_density: bool
    binarises: bool


@torch.no_grad()
def offers(model: LatentModel | DecodesOnly) -> Offers:
    """Try all three on the model: nothing is looked up in a table.

    Args:
        model: any model, trained or not, with or without an encoder.
    """
    x, z = torch.full((1, *model.spec.identity.shape), 0.5), torch.zeros(1, model.spec.latent_dim)
    encodes = isinstance(model, LatentModel) and model.encode(x).mean.shape == z.shape
    generated = model.sample(1, torch.Generator().manual_seed(0))
    try:
        has_density = bool(torch.isfinite(model.decode(z).log_prob((x > 0.4).float())).all())
    except ValueError:
        has_density = False
    return Offers(encodes, samples=not isinstance(generated, Delta), has_density=has_density, binarises=model.binarises)


@torch.no_grad()
def decoded_origin(model: LatentModel) -> np.ndarray:
    """The image of the code z = 0, float32 (C, H, W); for PCA the mean image. It needs no data."""
    return model.decode(torch.zeros(1, model.spec.latent_dim)).mean[0].numpy().astype(np.float32)


def device_name() -> str:
    """Where this machine trains, in words."""
    device = available_devices()[0]
    if device == "cuda":
        return f"CUDA, {torch.cuda.get_device_name(0)}"
    return {"mps": "Apple GPU (MPS)", "cpu": "CPU"}[device]
