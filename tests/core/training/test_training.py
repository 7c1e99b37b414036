"""Training as an iterator: resumed to the bit, cancelled by closing, ended by divergence with a sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy.stats import sem
from torch import nn

from tests.harness import CPU, tiny_spec
from vae_core import data as datasets
from vae_core.data.base import Images, Split
from vae_core.evaluation import mean_terms
from vae_core.models import build, default_spec
from vae_core.models.inputs import binary_input
from vae_core.models.vae import VAE, VAESpec, pixel_spread
from vae_core.networks import initialise
from vae_core.training import devices, loop
from vae_core.training.events import TrainingDiverged
from vae_core.training.fit import fit
from vae_core.training.grids import specs_of_grid
from vae_core.training.loop import adam, restored_stream, set_learning_rate, stream
from vae_core.training.stacked import train_stacked


@pytest.mark.parametrize("family", ["linear-autoencoder", "autoencoder", "vae"])
def test_a_training_resumed_from_a_snapshot_ends_at_the_same_bits(family: str) -> None:
    images, spec = datasets.load("digits"), replace(tiny_spec(family), n_epochs=4)
    whole = build(spec)
    list(fit(whole, images, device=CPU))
    interrupted = build(spec)
    events = fit(interrupted, images, device=CPU)
    next(events)
    snapshot = next(events).snapshot()
    events.close()
    resumed = build(spec)
    rest = list(fit(resumed, images, device=CPU, resume_from=snapshot))
    assert [event.epoch for event in rest] == [3, 4]
    for name, tensor in whole.state_dict().items():
        assert torch.equal(tensor, resumed.state_dict()[name]), name


def loss_as_people_write_it(model: VAE, b: torch.Tensor, eps: torch.Tensor) -> torch.Tensor:
    """−ELBO of binary images (Kingma & Welling 2014, Eq. (10)), mean over a batch, from the networks alone."""
    mu, logvar = model.encoder(b).chunk(2, -1)
    x_hat = torch.sigmoid(model.decoder(mu + eps * torch.exp(0.5 * logvar)))
    cross_entropy = torch.nn.functional.binary_cross_entropy(x_hat, b, reduction="sum")
    return (cross_entropy - 0.5 * torch.sum(1 + logvar - mu**2 - logvar.exp())) / len(b)


def half_a_cosine(done: float) -> float:
    return 0.5 * (1 + np.cos(np.pi * done))


def by_stages(done: float) -> float:
    """The first stage i whose end, of 3^0 + … + 3^i = (3^(i + 1) − 1)/2 of 3,280 parts, is not reached yet."""
    return 10 ** (-next(i for i in range(8) if 3280 * done < (3 ** (i + 1) - 1) / 2) / 7)


@pytest.mark.parametrize(("protocol", "factor", "eps"), [("cosine", half_a_cosine, 1e-8), ("burda", by_stages, 1e-4)])
def test_the_loop_ends_where_the_plain_one_does(protocol: str, factor: Callable[[float], float], eps: float) -> None:
    """Written out: autograd, one Adam a weight, the bound by its formula; on the same random streams."""
    images, spec = datasets.load("digits"), replace(tiny_spec("vae"), n_epochs=6, protocol=protocol)
    ours, plain, x = build(spec), build(spec), torch.tensor(images.train.x)
    *_, last = fit(ours, images, device=CPU)
    initialise(plain, x.double().mean(0).float() / 255, stream(spec.seed, "weights"), protocol)
    order, binarisation, noise = (stream(spec.seed, name) for name in ("order", "binarisation", "noise"))
    optimiser = torch.optim.Adam([p for p in plain.parameters() if p.requires_grad], eps=eps, fused=False)
    n_steps = -(-len(x) // spec.batch_size)
    for epoch in range(spec.n_epochs):
        for step, index in enumerate(torch.randperm(len(x), generator=order).split(spec.batch_size)):
            done = (epoch + step / n_steps) / spec.n_epochs
            optimiser.param_groups[0]["lr"] = spec.learning_rate * factor(done)
            b = binary_input(x[index], binarisation)
            optimiser.zero_grad()
            loss_as_people_write_it(plain, b, torch.randn((len(b), spec.latent_dim), generator=noise)).backward()
            optimiser.step()
    assert mean_terms(plain, images.test.x)["loss"] == pytest.approx(last.test["loss"], abs=0.01)
    for name, weight in plain.state_dict().items():
        assert torch.allclose(ours.state_dict()[name], weight, atol=2e-3), name  # the order of sums


def test_what_an_epoch_reports_is_the_mean_over_the_images_and_not_over_the_batches() -> None:
    """Batches of 1,000 and of 438 images, of weights that hardly move."""
    spec = replace(tiny_spec("autoencoder"), batch_size=1000, learning_rate=1e-12, n_epochs=1)
    images, model = datasets.load("digits"), build(spec)
    (event,) = fit(model, images, device=CPU)
    assert event.train["sse"] == pytest.approx(mean_terms(model, images.train.x)["sse"], rel=1e-5)


@pytest.mark.parametrize("family", ["vae", "autoencoder", "ppca"])
def test_an_epoch_knows_the_standard_errors_of_its_test_means(family: str) -> None:
    """The second way: one number an image, of the noise that the test images are given, by scipy."""
    images, model = datasets.load("digits"), build(replace(tiny_spec(family), n_epochs=1) if family != "ppca" else tiny_spec(family))
    (event,) = fit(model, images, device=CPU)
    noise = torch.Generator().manual_seed(loop.EVALUATION_SEED)
    with torch.no_grad():
        terms = model.terms(model.observed(torch.tensor(images.test.x), noise), noise)
    columns = {"loss": terms.loss(model.beta), **terms.columns()} | ({"elbo": terms.elbo} if "rate" in event.test else {})
    assert event.standard_errors == pytest.approx({name: sem(column.double().numpy()) for name, column in columns.items()})
    assert event.standard_errors.keys() - event.test.keys() == ({"elbo"} if "rate" in event.test else set())


def test_a_snapshot_does_not_change_while_training_goes_on() -> None:
    events = fit(build(tiny_spec("vae")), datasets.load("digits"), device=CPU)
    snapshot = next(events).snapshot()
    before = {name: tensor.clone() for name, tensor in snapshot.items()}
    next(events)
    assert all(torch.equal(before[name], snapshot[name]) for name in snapshot)


def test_channels_side_by_side_train_the_same_model_and_resume_at_the_same_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    spec, images = VAESpec(dataset="digits", latent_dim=2, network="conv", hidden=(4, 8), n_epochs=2), datasets.load("digits")

    def trained(resume_from: dict[str, torch.Tensor] | None = None) -> list[dict[str, torch.Tensor]]:
        return [event.snapshot() for event in fit(build(spec), images, device=CPU, resume_from=resume_from)]

    *_, expected = trained()
    monkeypatch.setattr(loop, "CHANNELS_LAST_FROM", 1)
    first, last = trained()
    (resumed,) = trained(resume_from=first)
    for name, tensor in expected.items():
        assert last[name].is_contiguous()
        assert torch.equal(resumed[name], last[name])
        if name.startswith("model."):
            torch.testing.assert_close(last[name], tensor, rtol=1e-3, atol=1e-5)


def test_divergence_ends_with_a_sentence_that_says_what_to_do() -> None:
    x = np.full((64, 1, 8, 8), 255, np.uint8)
    images = Images("digits", Split(x, None), Split(x[:8], None), None)
    model = build(VAESpec(dataset="digits", latent_dim=2, hidden=(8,), likelihood="gaussian", scale=1e-30, n_epochs=3))
    with pytest.raises(
        TrainingDiverged, match=r"training must keep a finite loss, got .* in epoch 1 of 3: try a learning_rate below 0.001"
    ):
        list(fit(model, images, device=CPU))


def test_the_learning_rate_falls_by_half_a_cosine_to_zero() -> None:
    spec = replace(tiny_spec("vae"), learning_rate=0.5)
    optimiser = adam([torch.zeros(2, 2, requires_grad=True)], [torch.zeros((), requires_grad=True)], spec, CPU)
    rates = []
    for done in (0.0, 0.5, 1.0):
        set_learning_rate(optimiser, spec, done)
        rates.append([group["lr"] for group in optimiser.param_groups])
    assert [rate for rate, _ in rates] == pytest.approx([0.5, 0.25, 0.0])
    assert [fast for _, fast in rates] == pytest.approx([5.0, 2.5, 0.0])


def test_the_rates_of_burda_are_held_for_1_3_9_epochs_and_so_on() -> None:
    spec = VAESpec(dataset="mnist", latent_dim=50, protocol="burda", n_epochs=3280, learning_rate=1e-3)
    optimiser = adam([torch.zeros(2, 2, requires_grad=True)], [], spec, CPU)
    rates = []
    for epoch in range(spec.n_epochs):
        set_learning_rate(optimiser, spec, epoch / spec.n_epochs)
        rates.append(optimiser.param_groups[0]["lr"])
    assert rates == pytest.approx([0.001 * 10 ** (-i / 7) for i in range(8) for _ in range(3**i)])


def test_a_scale_that_is_learned_needs_images_that_differ() -> None:
    model = VAE(VAESpec(dataset="digits", latent_dim=2, likelihood="gaussian", scale="learned"))
    with pytest.raises(ValueError, match="images must differ from each other where a scale is learned, got '5 that are the same'"):
        model.solve(np.full((5, 1, 8, 8), 7, np.uint8))


@pytest.mark.parametrize("network", ["mlp", "conv"])
def test_the_weights_of_burda_are_those_of_glorot(network: str) -> None:
    """Uniform with variance 2/(fan-in + fan-out), biases zero (Glorot & Bengio 2010, Eq. (16))."""
    model = build(VAESpec(dataset="mnist", latent_dim=8, network=network, protocol="burda"))
    initialise(model, torch.zeros(1, 28, 28), stream(0, "weights"), "burda")
    layers = [module for module in model.modules() if hasattr(module, "weight")]
    assert len(layers) >= 6
    for layer in layers:
        variance = sum(nn.init._calculate_fan_in_and_fan_out(layer.weight)) ** -1 * 2
        assert float(layer.weight.detach().abs().max()) <= np.sqrt(3 * variance)
        assert float(layer.weight.detach().square().mean()) == pytest.approx(variance, rel=5 / np.sqrt(layer.weight.numel()))
        assert not layer.bias.any()


def test_a_learned_scale_starts_where_an_unused_code_leaves_it() -> None:
    x = np.zeros((10, 1, 2, 2), np.uint8)
    x[:5] = 255
    assert pixel_spread(x) == pytest.approx(0.5)
    assert pixel_spread(np.array([[0.0, 4.0], [2.0, 0.0]], np.float32)) == pytest.approx(np.sqrt((1 + 4) / 2))


@pytest.mark.slow
@pytest.mark.parametrize("dataset", ["ring", "spiral", "swiss_roll"])
def test_the_first_model_that_one_trains_on_points_uses_its_code(dataset: str) -> None:
    spec = replace(default_spec("vae", dataset, 2), n_epochs=1)
    (done,) = fit(build(spec), datasets.load(dataset), device=CPU)
    assert done.test["rate"] > 1  # a learned scale leaves it at 0.3 nats at most, for 40 epochs (Swiss roll: 8)


def test_a_device_is_chosen_by_what_is_there_and_a_wrong_one_is_refused() -> None:
    assert devices.choose_device("cpu") == CPU
    assert devices.choose_device("auto").type == devices.available_devices()[0]
    with pytest.raises(ValueError, match="device must be one of auto, cuda, mps, cpu, got 'tpu'"):
        devices.choose_device("tpu")
    if not torch.cuda.is_available():
        with pytest.raises(ValueError, match="device must be one that this machine has"):
            devices.choose_device("cuda")


def test_products_in_bf16_change_the_weights_a_little_and_the_loss_hardly() -> None:
    spec, images = replace(tiny_spec("vae"), n_epochs=5, learning_rate=5e-3), datasets.load("digits")
    models = {precision: build(spec) for precision in ("float32", "bf16")}
    last = {precision: list(fit(model, images, device=CPU, precision=precision))[-1] for precision, model in models.items()}
    assert last["bf16"].test["loss"] == pytest.approx(last["float32"].test["loss"], abs=0.5)
    assert last["bf16"].test["loss"] != last["float32"].test["loss"]
    assert all(weight.dtype == torch.float32 for weight in models["bf16"].state_dict().values())
    stacked = list(train_stacked([spec], images, device=CPU, precision="bf16"))[-1].models[spec.fingerprint]
    assert stacked.test["loss"] == pytest.approx(last["float32"].test["loss"], abs=0.5)
    assert stacked.test["loss"] != last["float32"].test["loss"]


def test_a_stream_of_another_kind_of_device_is_begun_anew_at_the_epoch() -> None:
    here = stream(3, "noise")
    torch.rand(5, generator=here)
    kept = {"noise": here.get_state(), "epoch": torch.tensor(4)}
    assert torch.equal(torch.rand(5, generator=restored_stream(3, "noise", kept)), torch.rand(5, generator=here))
    elsewhere = {"noise": torch.zeros(16, dtype=torch.uint8), "epoch": torch.tensor(4)}  # as long as the state of a CUDA generator
    new, again, begun = restored_stream(3, "noise", elsewhere), restored_stream(3, "noise", elsewhere), stream(3, "noise")
    first = torch.rand(5, generator=new)
    assert torch.equal(first, torch.rand(5, generator=again))
    assert not torch.equal(first, torch.rand(5, generator=begun))


def test_the_matrix_product_that_was_chosen_is_true_float32() -> None:
    devices.configure_numerics()
    a = torch.rand((300, 300), generator=torch.Generator().manual_seed(1))
    exact = a.double() @ a.double()
    assert float(((a @ a).double() - exact).norm() / exact.norm()) < 1e-5


def test_numbers_too_small_to_be_normal_are_zero_where_models_train() -> None:
    devices.configure_numerics()
    smallest = torch.tensor([1.2e-38])
    assert float(smallest * 0.5) == 0


def test_a_grid_is_the_product_of_its_fields_on_top_of_the_recipe() -> None:
    grid = {"family": "vae", "fixed": {"dataset": "digits", "n_epochs": 5}, "product": {"beta": [0.5, 2.0], "latent_dim": [2, 3]}}
    specs = specs_of_grid(grid)
    assert [(s.beta, s.latent_dim) for s in specs] == [(0.5, 2), (0.5, 3), (2.0, 2), (2.0, 3)]
    assert {(s.n_epochs, s.hidden, s.family) for s in specs} == {(5, (128, 64), "vae")}


def test_a_grid_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="grid must set dataset and latent_dim"):
        specs_of_grid({"family": "vae", "fixed": {"dataset": "digits"}})
