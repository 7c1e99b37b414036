"""Images as a model is given them: byte/255, float32, so many at a time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor


def model_input(x: np.ndarray | Tensor, device: torch.device) -> Tensor:
    """What a model is given: byte/255 for uint8 images, points as they are; float32."""
    tensor = x if isinstance(x, Tensor) else torch.tensor(x)
    as_float = tensor.to(device, torch.float32)
    return as_float / 255 if tensor.dtype == torch.uint8 else as_float


def batches(x: np.ndarray | Tensor, size: int, device: torch.device) -> Iterator[Tensor]:
    """A split's images in their order, as model input, so many at a time: every image once."""
    for first in range(0, len(x), size):
        yield model_input(x[first : first + size], device)
