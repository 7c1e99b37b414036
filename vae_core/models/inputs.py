"""Images and codes as a model is given them; whatever else a person hands over is refused in a sentence."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

import numpy as np
import torch
from torch import Tensor

from vae_core.errors import require

FLOATS = ("float16", "bfloat16", "float32", "float64")
ROUNDING = 1e-6
"""How far outside of [0, 1] arithmetic may have put a black or white pixel."""


def model_input(x: np.ndarray | Tensor, device: torch.device) -> Tensor:
    """What a model is given: byte/255 for uint8 images, points as they are; float32."""
    tensor = x if isinstance(x, Tensor) else torch.tensor(x)
    as_float = tensor.to(device, torch.float32)
    return as_float / 255 if tensor.dtype == torch.uint8 else as_float


def binary_input(x: Tensor, generator: torch.Generator) -> Tensor:
    """b ~ Bernoulli(byte/255) of each pixel of uint8 images, float32, in their shape and place."""
    return ink(random_bits(x, generator), x).to(torch.float32)


def ink(bits: Tensor, x: Tensor) -> Tensor:
    """1 where a pixel of value byte is 1, for sixteen random bits r, of which the least value is taken for the next: r ≤ 257·byte − 2¹⁵.

    So P(b = 1) is byte/255 within 2·10⁻⁵, and exactly 0 and 1 at both ends. The result takes the place of the bits: a comparison into
    a tensor of another type takes ten times as long.
    """
    value = x.to(torch.int16)
    threshold = torch.add(value, value - 128, alpha=256)  # with no intermediate result beyond 16 bits
    return bits.clamp_(min=1 - 2**15).le_(threshold)


def random_bits(like: Tensor, generator: torch.Generator) -> Tensor:
    """Sixteen random bits as int16 for each element of a tensor, four at a time: a fifth of what as many floats cost."""
    n = like.numel()
    if like.device.type == "mps":  # draws no 64 bits
        return torch.empty(like.shape, dtype=torch.int16, device=like.device).random_(-(2**15), 2**15, generator=generator)
    drawn = torch.empty(-(-n // 4), dtype=torch.int64, device=like.device).random_(-(2**63), None, generator=generator)
    return drawn.view(torch.int16)[:n].view(like.shape)


def batches(x: np.ndarray | Tensor, size: int, device: torch.device) -> Iterator[Tensor]:
    """A split's images in their order, as model input, so many at a time: every image once."""
    for first in range(0, len(x), size):
        yield model_input(x[first : first + size], device)


def checked_images(x: np.ndarray | Tensor, shape: tuple[int, ...], like: Tensor) -> Tensor:
    """Images or points as anyone has them, (N, *shape), as model input in the type and place of a tensor.

    Args:
        x: images as uint8 (read as byte/255) or floats in [0, 1]; points as any finite floats.
        shape: of one image, (C, H, W), or of one point, (D,).
        like: the tensor.

    Raises:
        ValueError: if it is anything else.
    """
    is_images, kind = len(shape) == 3, _kind("x", x)
    is_known = kind in FLOATS or (is_images and kind == "uint8")
    require(is_known, "x", "hold uint8 or floats" if is_images else "hold floats", kind)
    require(tuple(x.shape[1:]) == shape, "x", f"have the shape (N, {', '.join(map(str, shape))})", tuple(x.shape))
    if kind == "uint8":
        return model_input(x, like.device).to(like.dtype)
    values = _as_tensor(x, like)
    if is_images:
        _require_between("x", values, -ROUNDING, 1 + ROUNDING, "lie in [0, 1], or be uint8")
    else:
        _require_finite("x", values)
    return values


def checked_codes(z: np.ndarray | Tensor | Sequence, latent_dim: int, like: Tensor) -> Tensor:
    """Codes as anyone has them, (..., D), arrays or lists of numbers, in the type and place of a tensor.

    Raises:
        ValueError: if they are not finite floats, or of another latent dimension.
    """
    if isinstance(z, Sequence):
        z = np.array(z, np.float64)
    kind = _kind("z", z)
    require(kind in FLOATS, "z", "hold floats", kind)
    require(tuple(z.shape[-1:]) == (latent_dim,), "z", f"have the shape (…, {latent_dim})", tuple(z.shape))
    values = _as_tensor(z, like)
    _require_finite("z", values)
    return values


def _kind(name: str, values: np.ndarray | Tensor) -> str:
    """What an array or tensor holds, such as `float32`."""
    require(isinstance(values, np.ndarray | Tensor), name, "be a NumPy array or a tensor", type(values).__name__)
    return str(values.dtype).removeprefix("torch.")


def _as_tensor(values: np.ndarray | Tensor, like: Tensor) -> Tensor:
    tensor = values if isinstance(values, Tensor) else torch.tensor(values)
    return tensor.to(like.device, like.dtype)


def _require_finite(name: str, values: Tensor) -> None:
    _require_between(name, values, -sys.float_info.max, sys.float_info.max, "hold finite numbers")


def _require_between(name: str, values: Tensor, least: float, most: float, rule: str) -> None:
    if values.numel() > 0:
        low, high = (float(end) for end in torch.aminmax(values.detach()))
        require(least <= low and high <= most, name, rule, high if least <= low else low)  # of a NaN, both are
