"""A VAE taken apart: its parts are the model's, only what follows ε changes, and gradients are those of the chain rule."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch

from tests.harness import tiny_model
from vae_core import data
from vae_core.explore.elbo import inside, inside_figure
from vae_core.models import build
from vae_core.models.vae import VAE, VAESpec

DEEP = VAESpec(dataset="digits", latent_dim=3, hidden=(12, 7), n_epochs=1)
LEARNED = VAESpec(dataset="digits", latent_dim=2, hidden=(5,), n_epochs=1, likelihood="gaussian", scale="learned")
CONVOLUTIONS = VAESpec(dataset="digits", latent_dim=2, network="conv", hidden=(4, 6), n_epochs=1)


def vae(spec: VAESpec) -> VAE:
    """One that was not trained."""
    torch.manual_seed(0)
    return build(spec).eval()


def image(index: int = 0) -> np.ndarray:
    return data.load("digits").test.x[index]


@pytest.mark.parametrize("spec", [DEEP, LEARNED, CONVOLUTIONS], ids=("layers", "learned noise", "convolutions"))
def test_the_parts_are_all_of_the_model_and_in_its_shapes(spec: VAESpec) -> None:
    model, eps = vae(spec), inside.eps_of(0, spec.latent_dim)
    with torch.no_grad():
        pieces = {piece.name: piece for piece in inside.pieces(model, image(), eps)}
        z = torch.tensor(pieces["μ"].activation + pieces["σ"].activation * eps)[None]
        np.testing.assert_allclose(pieces["z"].activation, z[0], rtol=1e-6)
        np.testing.assert_allclose(pieces["x̂"].activation, model.likelihood(z).mean[0], rtol=1e-5, atol=1e-7)
    trained = [weight.numel() for weight in model.parameters() if weight.requires_grad]
    assert sum(piece.n_parameters for piece in pieces.values()) == sum(trained)
    assert sum(weight.numel() for weight in model.encoder.parameters()) == inside.plate(model).phi
    assert inside.plate(model).theta + inside.plate(model).phi == sum(trained)
    assert pieces["x"].shape == pieces["x̂"].shape == (1, 8, 8)
    first = next(layer for layer in model.encoder if list(layer.parameters()))
    assert pieces["encoder 1"].n_parameters == sum(weight.numel() for weight in first.parameters())
    for piece in pieces.values():
        assert inside_figure.activations(piece).figure().data
    drawn = inside_figure.diagram(list(pieces.values()), "z")
    assert f"{sum(trained):,} parameters" in drawn.title
    assert drawn.svg.count("data-node") == len(pieces)


def test_another_draw_changes_what_follows_the_noise_and_nothing_else() -> None:
    model = vae(DEEP)
    one, other = (inside.pieces(model, image(), inside.eps_of(seed, 3)) for seed in (0, 1))
    assert inside.redrawn(one, other) == [piece.name for piece in one if piece.follows_noise]
    assert inside.redrawn(one, inside.pieces(model, image(), inside.eps_of(0, 3))) == []
    assert set(inside.redrawn(one, inside.pieces(model, image(1), inside.eps_of(0, 3)))) == {piece.name for piece in one} - {"ε"}


def test_autograd_gives_what_the_chain_rule_gives_by_hand() -> None:
    model, eps = vae(DEEP), inside.eps_of(4, 3)
    moved = inside.backward(model, image(), eps, moved=True)
    np.testing.assert_array_equal(moved.mu_bar, moved.z_bar)
    np.testing.assert_allclose(moved.sigma_bar, moved.z_bar * eps, rtol=1e-6)
    wide, x = vae(DEEP).double(), inside.observed(model, image()).double()
    with torch.no_grad():
        q = wide.posterior(x)

        def distortion(z: torch.Tensor) -> float:
            return float(-wide.likelihood(z).log_prob(x))

        step = 1e-6 * torch.eye(3, dtype=torch.float64)
        z = q.at(torch.tensor(eps)[None].double())
        slopes = [(distortion(z + one) - distortion(z - one)) / 2e-6 for one in step]
        assert moved.distortion == pytest.approx(distortion(z), rel=1e-5)
    np.testing.assert_allclose(moved.z_bar, slopes, rtol=1e-4, atol=1e-5)


def test_no_gradient_of_the_distortion_passes_a_random_node_inside() -> None:
    model, eps = vae(DEEP), inside.eps_of(4, 3)
    stopped, moved = (inside.backward(model, image(), eps, moved=place) for place in (False, True))
    assert stopped.mu_bar is None
    assert stopped.sigma_bar is None
    assert (stopped.encoder_norm, stopped.decoder_norm) == (0.0, moved.decoder_norm)
    assert moved.encoder_norm > 0
    assert stopped.kl_norm == moved.kl_norm > 0
    np.testing.assert_array_equal(stopped.z_bar, moved.z_bar)
    assert all(weight.grad is None for weight in model.parameters())
    for one in (stopped, moved):
        assert inside_figure.chain_rule(one.eps, one.z_bar, one.mu_bar, one.sigma_bar).figure().data


def test_what_a_plate_holds_is_counted_for_each_image() -> None:
    plate = inside.Plate(theta=100, phi=90, latent_dim=3)
    assert (plate.local(7), plate.of_q(7, amortised=True), plate.of_q(7, amortised=False)) == (21, 90, 42)
    assert plate.break_even == 15
    assert "7 × 3 = 21 hidden numbers" in inside_figure.plate_drawing(7, 100, 90, 3, amortised=True, fan=True).title


def test_what_is_no_vae_of_layers_is_refused() -> None:
    with pytest.raises(ValueError, match="model must be a VAE whose encoder is a sequence of layers"):
        inside.pieces(tiny_model("ppca"), image(), inside.eps_of(0, 2))


def test_the_words_of_a_drawing_are_read_in_the_smallest_window() -> None:
    """There 1,000 units of a drawing are 547 pixels, and no word is smaller than 11."""
    pieces = inside.pieces(vae(DEEP), image(), inside.eps_of(0, 3))
    drawings = (inside_figure.diagram(pieces, "z"), inside_figure.plate_drawing(7, 100, 90, 3, amortised=True, fan=True))
    sizes = [float(size) for one in drawings for size in re.findall(r'<text [^>]*font-size="([\d.]+)"', one.svg)]
    assert len(sizes) > 20
    assert min(sizes) * 0.547 >= 11
