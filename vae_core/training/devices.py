"""Where a model is trained, and how its arithmetic is set up there."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Literal

import torch
from threadpoolctl import threadpool_limits

from vae_core.errors import require

DEVICES = ("auto", "cuda", "mps", "cpu")
Precision = Literal["float32", "bf16"]
"""Of the matrix products of training; weights, densities and sums are float32 in both. Like the device it is no part of a spec."""


def available_devices() -> list[str]:
    """What this machine has, fastest first."""
    is_there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    return [name for name in is_there if is_there[name]]


def choose_device(name: str = "auto") -> torch.device:
    """The named device, or the fastest there is.

    Raises:
        ValueError: if the name is unknown or this machine has no such device.
    """
    require(name in DEVICES, "device", f"be one of {', '.join(DEVICES)}", name)
    devices = available_devices()
    require(name == "auto" or name in devices, "device", f"be one that this machine has ({', '.join(devices)}) or auto", name)
    return torch.device(devices[0] if name == "auto" else name)


def reduced(precision: Precision, device: torch.device) -> AbstractContextManager:
    """Where matrix products round their inputs to bfloat16, if that is asked for."""
    return torch.autocast(device.type, torch.bfloat16) if precision == "bf16" else nullcontext()


def is_out_of_memory(error: Exception) -> bool:
    """Whether an allocation failed: CUDA, NumPy and torch on the CPU say it in three ways."""
    is_of_cpu = "DefaultCPUAllocator" in str(error) and isinstance(error, RuntimeError)
    return is_of_cpu or isinstance(error, torch.OutOfMemoryError | MemoryError)


def configure_numerics(n_threads: int = 1, device: torch.device | None = None) -> str:
    """Set this process up for computing on a device, by default the CPU, and say which float32 matrix product was chosen.

    One thread a process, in torch and in the BLAS of NumPy and SciPy: as many threads as cores wait for each other as soon as anything
    else runs, and a product of 2 ms then takes 200. `medium` selects faster kernels on most processors, which are true float32 there;
    where they would round inputs to bfloat16, or to TF32 as GPUs do, one product against float64 shows it. Numbers below 1e-38 are
    zero: the weights of pixels that never change decay into them, and each would cost a hundred others' time. A device that refuses even
    a product refuses the training too, which then says so (`Store.training`).
    """
    torch.set_num_threads(n_threads)
    threadpool_limits(n_threads, user_api="blas")
    torch.set_flush_denormal(True)
    torch.backends.cudnn.allow_tf32 = False
    generator = torch.Generator().manual_seed(0)
    a, b = (torch.rand((256, 256), generator=generator) for _ in range(2))
    torch.set_float32_matmul_precision("medium")
    exact = a.double() @ b.double()
    try:
        product = (a.to(device) @ b.to(device)).cpu().double()
    except RuntimeError:
        product = exact
    if float((product - exact).norm() / exact.norm()) > 1e-5:
        torch.set_float32_matmul_precision("highest")
        return "highest"
    return "medium"
