"""What is done to the images that a denoising autoencoder is given in training, and to those that it is tried on."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from vae_core.specs import Corruption


def corrupted(x: Tensor, corruption: Corruption, strength: float, generator: torch.Generator) -> Tensor:
    """x̃ ~ q(x̃|x) of each image, in the shape and type of x (Vincent et al. 2008, Sec. 2.3; 2010, Sec. 3.3).

    Args:
        x: images in [0, 1], or points, as a model is given them.
        corruption: what is done to each pixel, independently of the others.
        strength: σ of `gaussian`; the share of pixels that the others set.
        generator: on the device of x.
    """
    return CORRUPTIONS[corruption](x, strength, generator)


def _with_noise(x: Tensor, sigma: float, generator: torch.Generator) -> Tensor:
    """x + σε, ε ~ N(0, I): not clipped, as the best linear denoiser in closed form has it."""
    return x + sigma * torch.randn(x.shape, generator=generator, device=x.device, dtype=x.dtype)


def _masked(x: Tensor, share: float, generator: torch.Generator) -> Tensor:
    return x.masked_fill(_uniform(x, generator) < share, 0.0)


def _salted(x: Tensor, share: float, generator: torch.Generator) -> Tensor:
    """Half of the pixels that are set are black, half white."""
    drawn = _uniform(x, generator)
    return x.masked_fill(drawn < share, 1.0).masked_fill(drawn < share / 2, 0.0)


def _uniform(x: Tensor, generator: torch.Generator) -> Tensor:
    return torch.rand(x.shape, generator=generator, device=x.device)


CORRUPTIONS: dict[Corruption, Callable[[Tensor, float, torch.Generator], Tensor]] = {
    "none": lambda x, _strength, _generator: x,
    "gaussian": _with_noise,
    "mask": _masked,
    "salt_and_pepper": _salted,
}
