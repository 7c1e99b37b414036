"""A device without float64, as Apple's GPUs are, trains and evaluates every family; what a device refuses goes on on the CPU."""

from __future__ import annotations

import copy
from dataclasses import replace

import pytest
import torch

from tests.core.training.single_precision import REFUSAL, Generator, SingleTensor, single
from tests.harness import CPU, tiny_spec
from vae_core import data as datasets
from vae_core.adam import Adam
from vae_core.evaluation import evaluate
from vae_core.models import FAMILIES, LatentModel, build, default_spec
from vae_core.specs import ModelSpec, TrainedSpec
from vae_core.store import Remark, Store
from vae_core.training.events import EpochDone
from vae_core.training.fit import fit
from vae_core.training.stacked import train_stacked

VAE = replace(tiny_spec("vae"), hidden=(16,), n_epochs=2)
SPECS: dict[str, ModelSpec] = {
    **{family: tiny_spec(family) for family in FAMILIES},
    "conv": replace(default_spec("vae", "digits", 2, "conv"), hidden=(4, 8), n_epochs=2),
    "linear": replace(default_spec("vae", "digits", 2, "linear"), likelihood="gaussian", scale="learned", n_epochs=2),
    **{law: replace(VAE, likelihood=law, scale="learned") for law in ("gaussian", "laplace")},
    "continuous_bernoulli": replace(VAE, likelihood="continuous_bernoulli"),
}

DEVICE = single()
"""Made known as the file is collected: at a process's first backward, autograd makes queues for the devices known by then."""


@pytest.fixture
def device(monkeypatch: pytest.MonkeyPatch) -> torch.device:
    monkeypatch.setattr(torch, "Generator", Generator)
    return DEVICE


def test_the_device_of_these_tests_refuses_float64(device: torch.device) -> None:
    x = torch.ones(3, device=device)
    assert isinstance(x + x, SingleTensor)
    assert not isinstance((x + x).cpu(), SingleTensor)
    for refused in (x.double, lambda: x.sum(dtype=torch.float64), lambda: torch.zeros(3, dtype=torch.float64, device=device)):
        with pytest.raises(TypeError, match=REFUSAL):
            refused()


@pytest.mark.parametrize("name", SPECS)
def test_every_family_trains_on_a_device_without_float64_as_on_the_cpu(name: str, device: torch.device) -> None:
    spec, images = SPECS[name], datasets.load("digits")
    spec = replace(spec, n_epochs=1, batch_size=256) if isinstance(spec, TrainedSpec) else spec
    there, here = build(spec), build(spec)
    on_the_device, on_the_cpu = (list(fit(model, images, device=place)) for model, place in ((there, device), (here, CPU)))
    assert isinstance(next(iter(there.state_dict().values())), SingleTensor) != spec.is_closed_form
    for one, other in zip(on_the_device, on_the_cpu, strict=True):
        assert one.train == pytest.approx(other.train, rel=1e-4)
        assert one.test == pytest.approx(other.test, rel=1e-4)


def test_a_stack_trains_on_a_device_without_float64_as_on_the_cpu(device: torch.device) -> None:
    specs, images = [replace(VAE, beta=beta, latent_dim=d) for beta, d in ((1.0, 2), (4.0, 3))], datasets.load("digits")
    on_the_device, on_the_cpu = (list(train_stacked(specs, images, device=place)) for place in (device, CPU))
    for one, other in zip(on_the_device, on_the_cpu, strict=True):
        for spec in specs:
            assert one.models[spec.fingerprint].test == pytest.approx(other.models[spec.fingerprint].test, rel=1e-4)


def test_every_family_is_evaluated_on_a_device_without_float64_as_on_the_cpu(trained: LatentModel, device: torch.device) -> None:
    images = datasets.load("digits")
    few = replace(images, test=images.test.first(40))
    here = evaluate(trained, few, n_samples=10)
    there = evaluate(copy.deepcopy(trained).to(device), few, n_samples=10)
    for name, value in here.to_json().items():
        is_number = isinstance(value, float | list)
        assert there.to_json()[name] == (pytest.approx(value, rel=1e-3, abs=1e-5) if is_number else value), name


def test_what_a_device_refuses_goes_on_on_the_cpu_and_is_said(store: Store, device: torch.device, monkeypatch: pytest.MonkeyPatch) -> None:
    step, n_steps = Adam.step, iter(range(10**6))

    def refusing(adam: torch.optim.Adam) -> object:
        weight = adam.param_groups[0]["params"][0]
        return weight.double() if next(n_steps) == 30 and isinstance(weight, SingleTensor) else step(adam)

    monkeypatch.setattr(Adam, "step", refusing)
    events = list(store.training(tiny_spec("vae"), device=device))
    assert [event.epoch for event in events if isinstance(event, EpochDone)] == [1, 2, 3]
    (said,) = (event.sentence for event in events if isinstance(event, Remark))
    assert said == f"single refused to train it ({REFUSAL}) after epoch 1; the training goes on on the CPU."
