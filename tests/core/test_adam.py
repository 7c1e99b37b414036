"""The optimiser without a compiler is torch's own, to the bit."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import nn

from vae_core.adam import Adam


@pytest.mark.parametrize("settings", [{}, {"foreach": True, "weight_decay": 1e-2}, {"fused": True, "eps": 1e-4}])
def test_its_steps_are_those_of_torch_and_it_goes_on_from_a_state_of_either(settings: dict) -> None:
    network = nn.Sequential(nn.Linear(5, 7), nn.SiLU(), nn.Linear(7, 2))
    x, other = torch.randn(11, 5), copy.deepcopy(network)
    both = [(network, Adam(network.parameters(), lr=1e-2, **settings)), (other, torch.optim.Adam(other.parameters(), lr=1e-2, **settings))]
    for _ in range(5):
        for model, optimiser in both:
            optimiser.zero_grad()
            model(x).square().mean().backward()
            optimiser.step()
        both[0][1].load_state_dict(copy.deepcopy(both[1][1].state_dict()))
    assert all(torch.equal(a, b) for a, b in zip(network.parameters(), other.parameters(), strict=True))


def test_of_one_tensor_it_is_torch_s_own_too_whatever_its_rate_is_set_to() -> None:
    """Which takes a way of its own."""
    ours, theirs = (nn.Parameter(torch.linspace(-1, 1, 1001)) for _ in range(2))
    both = [(ours, Adam([ours], eps=1e-4, fused=True)), (theirs, torch.optim.Adam([theirs], eps=1e-4, fused=True))]
    for rate in (1e-2, 3e-3, 1e-3):
        for weights, optimiser in both:
            optimiser.param_groups[0]["lr"] = rate
            weights.grad = (weights.detach() - 0.3) ** 3
            optimiser.step()
    assert torch.equal(ours, theirs)
    assert both[0][1].state_dict()["state"][0]["step"] == 3


@pytest.mark.parametrize(
    "variant",
    [{"amsgrad": True}, {"weight_decay": 0.1, "decoupled_weight_decay": True}, {"weight_decay": 0.1}, {"maximize": True}, {"fused": False}],
    ids=str,
)
def test_of_one_tensor_its_variants_are_torch_s_too_and_a_step_without_a_gradient_moves_nothing(variant: dict) -> None:
    ours, theirs = (nn.Parameter(torch.linspace(-1, 1, 1001)) for _ in range(2))
    both = [(ours, Adam([ours], **{"fused": True, **variant})), (theirs, torch.optim.Adam([theirs], **{"fused": True, **variant}))]
    for target in (0.3, None, -0.6, 0.9):
        for weights, optimiser in both:
            weights.grad = None if target is None else (weights.detach() - target) ** 3
            optimiser.step()
    assert torch.equal(ours, theirs)
