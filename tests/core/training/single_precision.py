"""A device of the tests' own that lacks float64, as Metal does: its tensors are computed with on the CPU, and are of no use there."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import torch
from torch import Tensor
from torch.utils import _pytree as pytree
from torch.utils.backend_registration import _setup_privateuseone_for_python_backend

NAME = "single"
REFUSAL = "Cannot convert a tensor to float64 dtype as this device doesn't support float64"


class SingleTensor(Tensor):
    """A tensor on the device; `near` holds its numbers."""

    near: Tensor

    @staticmethod
    def __new__(cls, near: Tensor) -> SingleTensor:
        tensor = Tensor._make_wrapper_subclass(cls, near.size(), strides=near.stride(), dtype=near.dtype, device=f"{NAME}:0")
        tensor.near = near
        return tensor

    @classmethod
    def __torch_dispatch__(cls, operation: Callable, types: tuple, args: tuple = (), kwargs: dict[str, Any] | None = None) -> Any:
        return _computed(operation, args, kwargs or {})

    def tolist(self) -> Any:
        return self.near.tolist()


def _computed(operation: Callable, args: tuple, kwargs: dict[str, Any]) -> Any:
    """What an operation returns: on the device, unless it asks for the CPU."""
    place = kwargs.get("device")
    stays = place is None or torch.device(place).type == NAME
    given = {id(tensor): tensor for tensor in pytree.tree_leaves((args, kwargs)) if isinstance(tensor, Tensor)}
    given |= {id(tensor.near): tensor for tensor in given.values() if isinstance(tensor, SingleTensor)}
    near_args, near_kwargs = pytree.tree_map_only(SingleTensor, lambda tensor: tensor.near, (args, kwargs))
    result = operation(*near_args, **near_kwargs | ({} if place is None else {"device": "cpu"}))

    def placed(tensor: Tensor) -> Tensor:
        if id(tensor) in given:  # changed in place
            return given[id(tensor)]
        if stays and tensor.dtype in (torch.float64, torch.complex128):
            raise TypeError(REFUSAL)
        return SingleTensor(tensor) if stays else tensor

    return pytree.tree_map_only(Tensor, placed, result)


@cache
def single() -> torch.device:
    """The device, made known to torch."""
    _setup_privateuseone_for_python_backend(NAME)
    library = torch.library.Library("_", "IMPL")
    library.fallback(lambda operation, *args, **kwargs: _computed(operation, args, kwargs), "PrivateUse1")
    single.library = library  # as long as it lives, it is in force
    return torch.device(NAME)


class Generator(torch.Generator):
    """Random numbers for this device too, drawn on the CPU: made in Python, it can have no generator of its own."""

    def __new__(cls, device: torch.device | str = "cpu") -> Generator:
        return super().__new__(cls, "cpu" if torch.device(device).type == NAME else device)
