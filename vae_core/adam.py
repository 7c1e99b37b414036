"""Adam as torch has it, without torch's compiler."""

from __future__ import annotations

import inspect

import torch


class Adam(torch.optim.Adam):
    """torch's Adam, to the bit.

    Around these three torch imports its compiler, only to say that they are not compiled: over a second of a processor before the first
    step of every process that trains.
    """

    add_param_group = inspect.unwrap(torch.optim.Adam.add_param_group)
    zero_grad = inspect.unwrap(torch.optim.Adam.zero_grad)
    step = torch.no_grad()(inspect.unwrap(torch.optim.Adam.step))
