"""Training on a GPU: steps that are replayed as CUDA graphs do what they do when they are launched one call after another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from vae_core import data as datasets
from vae_core.evaluation import evaluate
from vae_core.models import build, default_spec
from vae_core.specs import TrainedSpec
from vae_core.store import Remark, Store
from vae_core.training import steps
from vae_core.training.devices import configure_numerics
from vae_core.training.fit import fit
from vae_core.training.loop import _Run
from vae_core.training.stacked import train_stacked

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU that CUDA reaches")
GPU = torch.device("cuda")
VAE = default_spec("vae", "digits", 4)
SPECS = {
    "mlp": VAE,
    "conv": replace(default_spec("vae", "digits", 4, "conv"), hidden=(8, 16)),
    "linear": replace(default_spec("vae", "digits", 4, "linear"), likelihood="gaussian", scale="learned"),
    "laplace": replace(VAE, likelihood="laplace", scale=0.2),
    "autoencoder": default_spec("autoencoder", "digits", 4),
}


@pytest.fixture(autouse=True)
def on_the_gpu() -> Iterator[None]:
    """The arithmetic of the device, and of the CPU again for other tests."""
    configure_numerics(device=GPU)
    yield
    configure_numerics()


def trained(spec: TrainedSpec, **options: object) -> tuple[dict[str, Tensor], list[dict[str, float]]]:
    """Weights, and each epoch's training means, of a training on the GPU."""
    model = build(spec)
    events = list(fit(model, datasets.load(spec.dataset), device=GPU, **options))
    return {name: tensor.cpu() for name, tensor in model.state_dict().items()}, [event.train for event in events]


@pytest.mark.parametrize("name", SPECS)
def test_replayed_steps_are_the_steps(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = replace(SPECS[name], n_epochs=3)
    replayed, means = trained(spec)
    monkeypatch.setattr(steps, "N_WARM_UP", 10**9)
    launched, expected = trained(spec)
    for weight, tensor in launched.items():
        torch.testing.assert_close(replayed[weight], tensor, rtol=1e-3, atol=1e-5)
    for one, other in zip(means, expected, strict=True):
        assert one == pytest.approx(other, rel=1e-4)


def test_a_resumed_training_ends_with_the_weights_of_an_uninterrupted_one() -> None:
    spec = replace(VAE, n_epochs=4)
    whole, _ = trained(spec)
    half = next(iter(fit(build(spec), datasets.load("digits"), device=GPU)))
    resumed, _ = trained(spec, resume_from=half.snapshot())
    for name, tensor in whole.items():
        torch.testing.assert_close(resumed[name], tensor, rtol=1e-4, atol=1e-6)


def test_a_resumed_stack_ends_with_the_weights_of_an_uninterrupted_one() -> None:
    specs = [replace(VAE, n_epochs=4, beta=beta, latent_dim=d) for beta, d in ((0.5, 2), (2.0, 5))]
    images = datasets.load("digits")
    *_, whole = train_stacked(specs, images, device=GPU)
    half = next(iter(train_stacked(specs, images, device=GPU)))
    begun = {name: event.snapshot() for name, event in half.models.items()}
    *_, resumed = train_stacked(specs, images, device=GPU, resume_from=begun)
    for name, event in whole.models.items():
        expected, found = event.snapshot(), resumed.models[name].snapshot()
        for weight in (key for key in expected if key.startswith("model.")):
            torch.testing.assert_close(found[weight], expected[weight], rtol=1e-4, atol=1e-6)


def test_a_stack_ends_where_its_models_end_alone() -> None:
    specs = [replace(VAE, n_epochs=2, beta=beta, latent_dim=d, seed=seed) for beta, d, seed in ((0.5, 2, 0), (2.0, 2, 0), (1.0, 5, 1))]
    *_, last = train_stacked(specs, datasets.load("digits"), device=GPU)
    for spec in specs:
        alone, _ = trained(spec)
        together = last.models[spec.fingerprint].snapshot()
        for name, tensor in alone.items():
            torch.testing.assert_close(together[f"model.{name}"], tensor, rtol=1e-2, atol=1e-4)


def test_a_gpu_and_a_cpu_reach_the_same_loss() -> None:
    spec, images = replace(VAE, n_epochs=30), datasets.load("digits")
    losses = [list(fit(build(spec), images, device=torch.device(name)))[-1].test["loss"] for name in ("cpu", "cuda")]
    assert losses[0] == pytest.approx(losses[1], abs=0.5)


def test_bf16_reaches_the_loss_of_float32() -> None:
    spec, images = replace(VAE, n_epochs=30), datasets.load("digits")
    fits = [fit(build(spec), images, device=GPU, precision=precision) for precision in ("float32", "bf16")]
    losses = [list(fit)[-1].test["loss"] for fit in fits]
    assert losses[0] == pytest.approx(losses[1], abs=0.5)


@pytest.mark.parametrize("name", SPECS)
def test_a_step_never_waits_for_the_gpu(name: str) -> None:
    spec = SPECS[name]
    model, x = build(spec), torch.tensor(datasets.load("digits").train.x, device=GPU)
    run, index = _Run(model, x, None), torch.arange(spec.batch_size, device=GPU)
    run.step(index)
    torch.cuda.set_sync_debug_mode("error")
    try:
        for _ in range(steps.N_WARM_UP):
            run.step(index)
    finally:
        torch.cuda.set_sync_debug_mode("default")


def test_the_matrix_product_that_was_chosen_is_true_float32() -> None:
    a = torch.rand((300, 300), device=GPU)
    exact = a.double() @ a.double()
    assert float(((a @ a).double() - exact).norm() / exact.norm()) < 1e-5


def test_an_evaluation_on_the_gpu_agrees_with_the_cpu() -> None:
    spec, images = replace(VAE, n_epochs=3), datasets.load("digits")
    model = build(spec)
    list(fit(model, images, device=GPU))
    model.eval().requires_grad_(False)
    there, here = evaluate(model, images), evaluate(model.to("cpu"), images)
    assert there.sse == pytest.approx(here.sse, rel=1e-4)
    assert there.rate == pytest.approx(here.rate, rel=1e-4)
    assert there.elbo == pytest.approx(here.elbo, abs=0.5)


def test_a_training_that_the_gpu_has_too_little_memory_for_goes_on_on_the_cpu(tmp_path: Path) -> None:
    torch.cuda.empty_cache()
    torch.cuda.set_per_process_memory_fraction(1e-6)
    try:
        store = Store(local=tmp_path / "local", shipped=tmp_path / "shipped")
        events = list(store.training(replace(VAE, n_epochs=2), device=GPU))
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0)
    assert any(isinstance(event, Remark) and "goes on on the CPU" in event.sentence for event in events)
    assert replace(VAE, n_epochs=2) in store
