"""Encoders and decoders: plain maps between images and numbers, no probability."""

from __future__ import annotations

import math
from itertools import pairwise

import torch
from torch import Tensor, nn

from vae_core.specs import Activation, Protocol, TrainedSpec

KERNEL = 3
"""Side of the window of a convolution."""
ACTIVATIONS: dict[Activation, type[nn.Module]] = {"relu": nn.ReLU, "tanh": nn.Tanh, "silu": nn.SiLU}


class Mlp(nn.Sequential):
    """Fully connected layers with an activation between them, (B, widths[0]) -> (B, widths[-1])."""

    def __init__(self, widths: tuple[int, ...], activation: type[nn.Module]) -> None:
        layers: list[nn.Module] = []
        for n_in, n_out in pairwise(widths):
            layers += [nn.Linear(n_in, n_out), activation()]
        super().__init__(*layers[:-1])


def stage_sizes(height: int, width: int, n_stages: int) -> list[tuple[int, int]]:
    """Heights and widths before and after each stride-2 stage, largest first."""
    sizes = [(height, width)]
    for _ in range(n_stages):
        h, w = sizes[-1]
        sizes.append((math.ceil(h / 2), math.ceil(w / 2)))
    return sizes


class ConvEncoder(nn.Sequential):
    """Stride-2 convolutions with an activation, then one linear layer, (B, C, H, W) -> (B, n_out)."""

    def __init__(self, shape: tuple[int, ...], channels: tuple[int, ...], n_out: int, activation: type[nn.Module]) -> None:
        layers: list[nn.Module] = []
        for n_in, n_next in pairwise((shape[0], *channels)):
            layers += [nn.Conv2d(n_in, n_next, kernel_size=KERNEL, stride=2, padding=1), activation()]
        h, w = stage_sizes(shape[1], shape[2], len(channels))[-1]
        super().__init__(*layers, nn.Flatten(), nn.Linear(channels[-1] * h * w, n_out))


class ConvDecoder(nn.Sequential):
    """The mirror of `ConvEncoder`, (B, D) -> (B, C, H, W); works for odd sizes as for even ones."""

    def __init__(self, shape: tuple[int, ...], channels: tuple[int, ...], n_in: int, activation: type[nn.Module]) -> None:
        sizes = stage_sizes(shape[1], shape[2], len(channels))[::-1]
        layers: list[nn.Module] = [nn.Linear(n_in, channels[-1] * math.prod(sizes[0])), nn.Unflatten(1, (channels[-1], *sizes[0]))]
        for (n_now, n_next), ((h, w), (to_h, to_w)) in zip(pairwise((*channels[::-1], shape[0])), pairwise(sizes), strict=True):
            grown = (to_h - 2 * h + 1, to_w - 2 * w + 1)  # a transposed convolution alone gives 2h − 1
            layers += [activation(), nn.ConvTranspose2d(n_now, n_next, KERNEL, stride=2, padding=1, output_padding=grown)]
        super().__init__(*layers)


class Shift(nn.Module):
    """Add the training images' mean, or take it away: what makes linear maps trainable, without changing what they can be."""

    mean: Tensor

    def __init__(self, shape: tuple[int, ...], sign: int) -> None:
        super().__init__()
        self.sign = sign
        self.register_buffer("mean", torch.zeros(shape))

    def forward(self, x: Tensor) -> Tensor:
        """x ± mean, (..., *shape)."""
        return x + self.sign * self.mean


def build_encoder(spec: TrainedSpec, n_out: int) -> nn.Sequential:
    """The spec's encoder, (B, *shape) -> (B, n_out)."""
    shape, activation = spec.identity.shape, ACTIVATIONS[spec.activation]
    if spec.network == "conv":
        return ConvEncoder(shape, spec.widths, n_out, activation)
    layers = Mlp((spec.identity.n_features, *spec.widths, n_out), activation)
    centre = [Shift(shape, sign=-1)] if spec.network == "linear" else []
    return nn.Sequential(*centre, nn.Flatten(), *layers)


def build_decoder(spec: TrainedSpec) -> nn.Sequential:
    """The spec's decoder, (B, D) -> (B, *shape), without a final non-linearity."""
    shape, activation = spec.identity.shape, ACTIVATIONS[spec.activation]
    if spec.network == "conv":
        return ConvDecoder(shape, spec.widths, spec.latent_dim, activation)
    layers = Mlp((spec.latent_dim, *spec.widths[::-1], spec.identity.n_features), activation)
    centre = [Shift(shape, sign=1)] if spec.network == "linear" else []
    return nn.Sequential(*layers, nn.Unflatten(1, shape), *centre)


def has_unit_range(spec: TrainedSpec) -> bool:
    """Whether the decoder's mean is squeezed into [0, 1] by a sigmoid: images yes, but never for linear maps, nor for points."""
    return spec.network != "linear" and len(spec.identity.shape) == 3


def initialise(module: nn.Module, mean: Tensor, generator: torch.Generator, protocol: Protocol = "cosine") -> None:
    """Draw initial weights from the given generator instead of the global one.

    For `cosine` they are PyTorch's own (He et al. 2015, a = √5), biases likewise; for `burda` those of Glorot & Bengio 2010, Eq. (16), with
    biases of zero.

    Args:
        module: whose weights to draw.
        mean: of the training images, (*shape), for the layers that shift by it.
        generator: of the weights.
        protocol: of the training.
    """
    for layer in module.modules():
        if isinstance(layer, Shift):
            layer.mean.copy_(mean)
        elif isinstance(layer, nn.Linear | nn.Conv2d | nn.ConvTranspose2d):
            fan_in, fan_out = layer.weight[0].numel(), layer.weight[:, 0].numel()
            weight, bias = layer.get_parameter("weight"), layer.get_parameter("bias")
            if protocol == "burda":
                _uniform(weight, math.sqrt(6 / (fan_in + fan_out)), generator)
                nn.init.zeros_(bias)
            else:
                for parameter in (weight, bias):
                    _uniform(parameter, 1 / math.sqrt(fan_in), generator)


@torch.no_grad()
def _uniform(parameter: Tensor, bound: float, generator: torch.Generator) -> None:
    parameter.copy_((2 * torch.rand(parameter.shape, generator=generator) - 1) * bound)
