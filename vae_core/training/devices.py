"""Where a model is trained, and how its arithmetic is set up there."""

from __future__ import annotations

import torch

from vae_core.specs import require

DEVICES = ("auto", "cuda", "mps", "cpu")


def available_devices() -> list[str]:
    """What this machine has, fastest first."""
    found = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    return [name for name, there in found.items() if there]


def choose_device(name: str = "auto") -> torch.device:
    """The named device, or the fastest there is.

    Raises:
        ValueError: if the name is unknown or this machine has no such device.
    """
    require(name in DEVICES, "device", f"be one of {', '.join(DEVICES)}", name)
    there = available_devices()
    require(name == "auto" or name in there, "device", f"be one that this machine has ({', '.join(there)}) or auto", name)
    return torch.device(there[0] if name == "auto" else name)


def settle_arithmetic(n_threads: int = 1) -> str:
    """Set this process up for training, and say which float32 matrix product was chosen.

    One thread a process: as many threads as cores halve their speed as soon as anything else runs. `medium` selects faster kernels
    on most processors, which are true float32 there; where they would round inputs to bfloat16, one product against float64 shows it.
    """
    torch.set_num_threads(n_threads)
    generator = torch.Generator().manual_seed(0)
    a, b = (torch.rand((256, 256), generator=generator) for _ in range(2))
    torch.set_float32_matmul_precision("medium")
    exact = a.double() @ b.double()
    error = float(((a @ b).double() - exact).norm() / exact.norm())
    if error > 1e-5:
        torch.set_float32_matmul_precision("highest")
        return "highest"
    return "medium"
