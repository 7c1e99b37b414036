"""What a training takes is counted from its spec, before anything of it is made."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import nn

from tests.harness import CPU, tiny_spec
from vae_core.explore.training.training import expectation
from vae_core.models import build, default_spec
from vae_core.specs import TrainedSpec
from vae_core.store import Store
from vae_core.training import cost
from vae_core.training.events import MemoryRanOut

SPECS: dict[str, TrainedSpec] = {
    "mlp": replace(default_spec("vae", "mnist", 2), hidden=(400, 30), batch_size=128),
    "linear": default_spec("vae", "digits", 20, "linear"),
    "autoencoder": replace(default_spec("autoencoder", "digits", 2), hidden=(300,)),
    "conv": replace(default_spec("vae", "digits", 2, "conv"), hidden=(8, 16, 4)),
    "conv in colour": replace(default_spec("vae", "patches_16", 4, "conv"), hidden=(5,)),
}
LARGE = replace(default_spec("vae", "mnist", 20), hidden=(8192,) * 6)


@pytest.mark.parametrize("name", SPECS)
def test_weights_and_products_are_those_of_the_network(name: str) -> None:
    spec, counts = SPECS[name], []

    def count(layer: nn.Module, given: tuple[torch.Tensor], output: torch.Tensor) -> None:
        places = output.shape[2:] if isinstance(layer, nn.Conv2d) else given[0].shape[2:]
        counts.append(layer.weight.numel() * places.numel())

    model = build(spec)
    for layer in model.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d | nn.ConvTranspose2d):
            layer.register_forward_hook(count)
    model.likelihood(model.posterior(torch.zeros(1, *model.shape)).mean)
    assert cost.multiply_adds(spec) == sum(counts)
    weights = sum(weight.numel() for weight in model.parameters() if weight.ndim > 1)
    assert sum(layer.n_weights for layer in cost.layers(spec)) == weights


def test_a_fully_connected_network_takes_a_multiply_add_for_each_weight() -> None:
    assert cost.multiply_adds(replace(SPECS["mlp"], hidden=(400,))) == 784 * 400 + 400 * 4 + 2 * 400 + 400 * 784


def test_wider_and_deeper_networks_and_larger_batches_take_more_memory_and_time() -> None:
    small = SPECS["mlp"]
    for larger in (replace(small, hidden=(800, 30)), replace(small, hidden=(400, 400, 30)), replace(small, batch_size=20_000)):
        assert cost.n_bytes(larger) > cost.n_bytes(small)
    assert expectation(replace(small, hidden=(8192,) * 6)).seconds_per_epoch > 1000 * expectation(small).seconds_per_epoch > 0


def test_what_exceeds_this_machine_s_memory_is_refused_before_anything_is_made(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cost, "memory", lambda: 16_000_000_000)
    monkeypatch.setattr("vae_core.store.store.fit", lambda *_, **__: pytest.fail("it was begun"))
    with pytest.raises(MemoryRanOut) as error:
        store.train(LARGE, device=CPU)
    needs = f"about {cost.n_bytes(LARGE) / 1e9:.1f} GB"
    assert str(error.value).startswith(f"memory must hold the training of vae of mnist at latent_dim 20, {needs}, got 12.0 of 16.0 GB: ")
    assert cost.too_large(tiny_spec("vae")) is None
    assert cost.too_large(tiny_spec("pca")) is None


def test_a_machine_that_does_not_say_how_much_memory_it_has_refuses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cost, "memory", lambda: None)
    assert cost.too_large(LARGE) is None


def test_a_container_s_limit_counts(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.setattr(cost, "CGROUP", tmp_path / "memory.max")
    whole = cost.memory()
    (tmp_path / "memory.max").write_text("max\n")
    assert cost.memory() == whole
    (tmp_path / "memory.max").write_text("1000000\n")
    assert cost.memory() == 1_000_000
