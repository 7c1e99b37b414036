"""What losses mean: their σ, β and balance, what they must do, and the bound that holds for any model."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from tests.harness import CPU
from vae_core import data as datasets
from vae_core.explore.rates import losses, pixel_statistics
from vae_core.explore.rates.losses import PRESETS, WrittenLoss, consequence_of, in_unit_pixels, meaning_of
from vae_core.explore.rates.pixel_statistics import PixelStatistics
from vae_core.models import build
from vae_core.models.base import elbo_terms
from vae_core.models.inputs import model_input
from vae_core.models.vae import VAESpec
from vae_core.store import Store
from vae_core.terms import squared_error
from vae_core.training.fit import fit


def mnist() -> PixelStatistics:
    return pixel_statistics.shipped()["mnist"]


def digits() -> PixelStatistics:
    return pixel_statistics.pixel_statistics(datasets.load("digits").train.x)


@pytest.mark.parametrize(
    ("name", "tau"), [("mean MSE + KL", 392), ("½ SSE + KL", 1), ("SSE + KL", 0.5), ("4 KL, SSE", 2), ("mean MSE + batch-summed KL", 50176)]
)
def test_the_losses_people_write_have_the_balance_of_the_oracle(name: str, tau: float) -> None:
    assert meaning_of(PRESETS[name], mnist(), 10).balance == pytest.approx(tau)


def test_mean_squared_error_plus_summed_kl_must_collapse_on_mnist() -> None:
    found = meaning_of(PRESETS["mean MSE + KL"], mnist(), 10)
    must = consequence_of(found, mnist(), 10)
    assert (found.scale, found.beta) == (pytest.approx(392**0.5), 1)
    assert must.lost == 10
    assert must.best.rate == 0
    assert must.kl_bound == pytest.approx(52.7250 / 784, rel=1e-5)


def test_half_a_squared_error_keeps_twelve_dimensions_of_mnist() -> None:
    assert consequence_of(meaning_of(PRESETS["½ SSE + KL"], mnist(), 30), mnist(), 30).lost == 18


def test_averaging_the_kl_over_the_code_divides_beta_by_d() -> None:
    assert meaning_of(WrittenLoss(over_code="mean"), mnist(), 16).beta == pytest.approx(1 / 16)


def test_a_change_of_pixel_units_is_a_change_of_sigma() -> None:
    """A squared error of bytes is 255² times that of pixels in [0, 1]: another balance, and other eigenvalues in these units."""
    for pixels, unit in (("[−1, 1]", 0.5), ("0 … 255", 1 / 255), ("standardised", mnist().spread)):
        loss = WrittenLoss(pixels=pixels)
        found = meaning_of(loss, mnist(), 5)
        assert in_unit_pixels(found) == pytest.approx(0.5 * unit**2)
        as_unit = replace(found, scale=found.scale * unit, unit=1.0)
        assert consequence_of(found, mnist(), 5).best.rate == pytest.approx(consequence_of(as_unit, mnist(), 5).best.rate)
        assert consequence_of(found, mnist(), 5).kl_bound == pytest.approx(consequence_of(as_unit, mnist(), 5).kl_bound)


def test_pixels_standardised_one_by_one_have_as_much_variance_as_there_are_pixels_that_vary() -> None:
    must = consequence_of(meaning_of(WrittenLoss(pixels="standardised each"), mnist(), 5), mnist(), 5)
    assert must.kl_bound == pytest.approx(717)  # 784 pixels less 67 that are constant, over 2τ = 1


@pytest.mark.parametrize(("error", "pixels"), [("cross-entropy", "[−1, 1]"), ("absolute error", "standardised each")])
def test_pixels_that_an_error_makes_no_sense_of_are_refused(error: str, pixels: str) -> None:
    with pytest.raises(ValueError, match="pixels must be one of"):
        WrittenLoss(error, pixels=pixels)


@pytest.mark.parametrize(
    "loss",
    [
        WrittenLoss(over_pixels="mean", kl_weight=0.01),
        WrittenLoss("½ squared error", over_code="mean"),
        WrittenLoss("absolute error", over_pixels="mean", kl_weight=0.5),
        WrittenLoss("cross-entropy", over_pixels="mean", kl_weight=0.25),
        WrittenLoss(pixels="[−1, 1]"),
    ],
)
def test_the_model_of_a_loss_has_the_gradient_of_the_loss_as_written(loss: WrittenLoss) -> None:
    """The loss is computed here as its author would, on the pixels that he would see, and compared with the spec's own objective."""
    statistics, generator = digits(), torch.Generator().manual_seed(0)
    found = meaning_of(loss, statistics, 3)
    spec = replace(losses.spec_of(found, "digits", 3), hidden=(12,))
    model = build(spec).double()
    x = model_input(datasets.load("digits").train.x[:50], CPU).double()
    x = (x > 0.5).double() if loss.error == "cross-entropy" else x

    def own() -> torch.Tensor:
        return elbo_terms(model, x, generator.manual_seed(1)).loss(spec.beta).mean()

    def written() -> torch.Tensor:
        posterior = model.encode(x)
        p = model.decode(posterior.sample(generator.manual_seed(1))).mean.flatten(1)
        b, unit = x.flatten(1), {"[−1, 1]": 2.0}.get(loss.pixels, 1.0)
        error = {
            "squared error": (unit * (b - p)) ** 2,
            "½ squared error": 0.5 * (unit * (b - p)) ** 2,
            "absolute error": (unit * (b - p)).abs(),
            "cross-entropy": -(b * p.log() + (1 - b) * (1 - p).log()),
        }[loss.error]
        kl = posterior.kl_per_dim()
        error = error.mean(1) if loss.over_pixels == "mean" else error.sum(1)
        kl = kl.mean(1) if loss.over_code == "mean" else kl.sum(1)
        return (error + loss.kl_weight * kl).mean()

    weights = [w for name, w in model.named_parameters() if name != "log_scale"]
    one, other = (torch.cat([g.flatten() for g in torch.autograd.grad(loss_of(), weights)]) for loss_of in (own, written))
    assert float(one @ other / (one.norm() * other.norm())) == pytest.approx(1, abs=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize(("scale", "beta"), [(0.3, 1.0), (0.5, 4.0)])
def test_no_trained_network_has_more_kl_than_the_bound(scale: float, beta: float) -> None:
    """The bound holds at the optimum; a model whose loss is above that of the best one without z says nothing against it."""
    images = datasets.load("digits")
    spec = VAESpec(dataset="digits", latent_dim=6, hidden=(32,), likelihood="gaussian", scale=scale, beta=beta, n_epochs=15, batch_size=32)
    model = build(spec)
    for _ in fit(model, images, device=CPU):
        pass
    model.eval().requires_grad_(False)
    x = model_input(images.train.x, CPU)
    rate = float(model.encode(x).kl_per_dim().sum(1).mean())
    statistics = digits()
    bound = sum(statistics.eigenvalues) / (2 * beta * scale**2)
    error = float(squared_error(x, model.decode(model.encode(x).sample(torch.Generator().manual_seed(0))).mean).mean())
    assert error / (2 * scale**2) + beta * rate < sum(statistics.eigenvalues) / (2 * scale**2) * 1.05
    assert rate < bound


@pytest.mark.parametrize(
    "loss",
    [
        PRESETS["sum of L1 + KL"],
        WrittenLoss("absolute error", over_pixels="mean", kl_weight=0.25),
        WrittenLoss("absolute error", pixels="[−1, 1]"),
    ],
)
def test_the_bound_of_absolute_errors_is_the_loss_of_the_median_image_over_the_weight_of_the_kl(loss: WrittenLoss) -> None:
    """What the author would see without z, in the pixels that he would see: all that any KL can save."""
    x = datasets.load("digits").train.x.reshape(-1, 64) / 255 * (2 if loss.pixels == "[−1, 1]" else 1)
    errors = np.abs(x - np.median(x, 0))
    without_z = errors.mean() if loss.over_pixels == "mean" else errors.sum(1).mean()
    must = consequence_of(meaning_of(loss, digits(), 4), digits(), 4)
    assert must.kl_bound == pytest.approx(without_z / loss.kl_weight)
    assert (must.best, must.lost) == (None, None)


def test_the_bound_of_binary_images_is_their_cross_entropy_without_z() -> None:
    found = meaning_of(PRESETS["mean cross-entropy + KL"], mnist(), 10)
    assert found.beta == pytest.approx(784)
    assert consequence_of(found, mnist(), 10).kl_bound == pytest.approx(206.03 / 784, rel=1e-4)


def test_the_nearest_trained_model_is_told_from_the_same_loss() -> None:
    found = meaning_of(PRESETS["½ SSE + KL"], digits(), 4)
    fields = {"dataset": "digits", "latent_dim": 4, "likelihood": "gaussian"}
    same, near, far = (VAESpec(**fields, scale=s, beta=b) for s, b in ((0.5, 4.0), (1.0, 1.1), (1.0, 9.0)))
    learned = VAESpec(**fields, scale="learned")
    assert losses.nearest([far, near, same, learned], found, 4) == same
    assert losses.is_same(same, found) and not losses.is_same(near, found)
    assert losses.nearest([learned], found, 4) is None


@pytest.fixture(scope="module")
def shipped() -> list[VAESpec]:
    """The VAEs of MNIST that come with the program."""
    return [c.spec for c in Store().checkpoints() if c.is_shipped and c.spec.dataset == "mnist" and isinstance(c.spec, VAESpec)]


@pytest.mark.parametrize("latent_dim", [2, 10, 20, 30])
@pytest.mark.parametrize("name", [name for name, loss in PRESETS.items() if loss.pixels != "standardised"])
def test_a_model_trained_on_each_of_the_losses_of_mnist_comes_with_the_program(name: str, latent_dim: int, shipped: list[VAESpec]) -> None:
    found = meaning_of(PRESETS[name], mnist(), latent_dim)
    assert losses.is_same(losses.nearest(shipped, found, latent_dim), found)
