"""Weights side by side in one tensor, their gradients and Adam's moments in others: to move them all is then one operation."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import torch
from torch import Tensor, nn

ALIGNMENT = 16
"""Numbers of a cache line: each weight begins at one, so that matrix products read it as fast as one that lies alone."""


class Flat:
    """Parameters of a model, which are parts of one tensor from now on, and their gradients of another.

    Args:
        parameters: at least one, all of one type and in one place.

    Attributes:
        values: all of them, (N,).
        gradient: of the loss in each, (N,).
    """

    def __init__(self, parameters: Sequence[nn.Parameter]) -> None:
        self.parameters = parameters
        sizes = [-(-parameter.numel() // ALIGNMENT) * ALIGNMENT for parameter in parameters]
        self._offsets = list(accumulate(sizes, initial=0))[:-1]
        self.values = torch.zeros(sum(sizes), dtype=parameters[0].dtype, device=parameters[0].device)
        self.values.grad = self.gradient = torch.zeros_like(self.values)
        for parameter, own, gradient in zip(parameters, self.parts(self.values), self.parts(self.gradient), strict=True):
            own.copy_(parameter.detach())
            parameter.data, parameter.grad = own, gradient

    def parts(self, flat: Tensor) -> list[Tensor]:
        """What of a tensor like `values` belongs to each parameter, in its shape and layout, as views."""
        places = zip(self.parameters, self._offsets, strict=True)
        return [flat.as_strided(parameter.shape, parameter.stride(), offset) for parameter, offset in places]

    def joined(self, tensors: Sequence[Tensor]) -> Tensor:
        """The inverse of `parts`: one tensor like `values` of one for each parameter."""
        flat = torch.zeros_like(self.values)
        for own, tensor in zip(self.parts(flat), tensors, strict=True):
            own.copy_(tensor)
        return flat
