"""Adam as torch has it, without torch's compiler."""

from __future__ import annotations

import inspect
from collections.abc import Callable

import torch


class Adam(torch.optim.Adam):
    """torch's Adam, to the bit.

    Around these three torch imports its compiler, only to say that they are not compiled: over a second of a processor before the first
    step of every process that trains.
    """

    add_param_group = inspect.unwrap(torch.optim.Adam.add_param_group)
    zero_grad = inspect.unwrap(torch.optim.Adam.zero_grad)
    _step_of_any = torch.no_grad()(inspect.unwrap(torch.optim.Adam.step))

    @staticmethod
    def profile_hook_step(func: Callable) -> Callable:
        """The step as it is: torch would put a record of its profiler around it."""
        return func

    @torch.no_grad()
    def step(self) -> None:  # type: ignore[override]  # nobody here gives a closure
        """Move the weights once.

        Where all of them are one tensor on a CPU, only the kernel that torch's own step ends in is called: what torch asks about lists of
        tensors before takes a fourth of its time (`benchmarks/step_profile.py`). Its first step, which makes the moments, and Adam's
        variants are left to torch.
        """
        group, *other_groups = self.param_groups
        weights, *others = group["params"]
        is_one = not others and not other_groups and weights.device.type == "cpu" and weights.grad is not None
        is_plain = group["fused"] and not (group["amsgrad"] or group["decoupled_weight_decay"])
        if not is_one or not is_plain or weights not in self.state:
            self._step_of_any()
            return
        moments, (beta1, beta2) = self.state[weights], group["betas"]
        moments["step"] += 1
        lists = ([weights], [weights.grad], [moments["exp_avg"]], [moments["exp_avg_sq"]])
        settings = {name: group[name] for name in ("lr", "weight_decay", "eps", "amsgrad", "maximize")}
        torch._fused_adam_(*lists, [], [moments["step"]], beta1=beta1, beta2=beta2, **settings)
