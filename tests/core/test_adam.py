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
