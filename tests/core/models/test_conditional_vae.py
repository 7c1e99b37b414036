"""The class-conditional VAE beside what is known of it: its recipe is the VAE's, and the best linear one has a closed form."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from scipy.special import softmax
from scipy.stats import multivariate_normal

from vae_core import data
from vae_core.bounds import iwae_bound
from vae_core.explore.beyond.which_label import ByBayes
from vae_core.models import build, default_spec, unlabelled
from vae_core.models.conditional_vae import ConditionalVAE, ConditionalVAESpec
from vae_core.models.vae import VAESpec
from vae_core.store import SHIPPED, Store
from vae_core.training.grids import read_grids

D = 3


@pytest.fixture(scope="module")
def labelled() -> tuple[np.ndarray, np.ndarray]:
    """Digits with a little noise, so that no pixel is constant, float64 (N, P), and their labels."""
    train = data.load("digits").train
    noise = np.random.default_rng(0).normal(0, 0.05, train.x.shape)
    return (train.x / 255 + noise).reshape(len(train), -1), train.labels


@pytest.fixture(scope="module")
def best_linear(labelled: tuple[np.ndarray, np.ndarray]) -> ConditionalVAE:
    """Linear maps at the optimum: pPCA about the mean of each label (Tipping & Bishop 1999, Eq. (7) and (8), of what is left of x)."""
    x, y = labelled
    means = np.stack([x[y == k].mean(0) for k in range(10)])
    left = x - means[y]
    values, vectors = np.linalg.eigh(left.T @ left / len(left))
    noise = values[:-D].mean()
    w = vectors[:, -D:] * np.sqrt(values[-D:] - noise)
    encoder = (w / (np.square(w).sum(0) + noise)).T  # M⁻¹Wᵀ, where M = WᵀW + σ²I is diagonal
    spec = ConditionalVAESpec(dataset="digits", latent_dim=D, network="linear", likelihood="gaussian", scale="learned")
    model = build(spec).double()
    weights = {
        "encoder.logvar": np.log(noise / (np.square(w).sum(0) + noise)),
        "encoder.mu.0.weight": np.hstack([encoder, -encoder @ means.T]),
        "encoder.mu.0.bias": np.zeros(D),
        "decoder.0.weight": np.hstack([w, means.T]),
        "decoder.0.bias": np.zeros(64),
        "log_scale": np.array(0.5 * math.log(noise)),
    }
    model.load_state_dict({name: torch.tensor(value) for name, value in weights.items()}, strict=True)
    return model


def inputs(labelled: tuple[np.ndarray, np.ndarray]) -> tuple[torch.Tensor, torch.Tensor]:
    return torch.tensor(labelled[0]).reshape(-1, 1, 8, 8), torch.tensor(labelled[1])


def test_the_bound_of_the_best_linear_model_is_the_density_of_a_gaussian_about_the_mean_of_each_label(best_linear, labelled) -> None:
    x, y = inputs(labelled)
    w, noise = best_linear._decoder_weight().detach().numpy(), float(best_linear.log_scale.detach().exp()) ** 2
    exact = np.empty(len(x))
    for k in range(10):
        mean = labelled[0][labelled[1] == k].mean(0)
        exact[labelled[1] == k] = multivariate_normal(mean, w @ w.T + noise * np.eye(64)).logpdf(labelled[0][labelled[1] == k])
    with torch.no_grad():
        bound = iwae_bound(best_linear.given(y), x, 1, torch.Generator().manual_seed(0))
    assert bound.numpy() == pytest.approx(exact, abs=1e-8)


def test_bayes_rule_with_the_best_linear_model_is_linear_discriminant_analysis(best_linear, labelled) -> None:
    """Gaussians of one covariance about the mean of each label: log p(y|x) is linear in x, whatever z was drawn."""
    x, _ = inputs(labelled)
    w, noise = best_linear._decoder_weight().detach().numpy(), float(best_linear.log_scale.detach().exp()) ** 2
    means = np.stack([labelled[0][labelled[1] == k].mean(0) for k in range(10)])
    with torch.no_grad():
        columns = [iwae_bound(best_linear.given(k), x, 1, torch.Generator().manual_seed(k)).numpy() for k in range(10)]
    told = ByBayes(np.stack(columns, 1), np.bincount(labelled[1]) / len(x))
    inverse = np.linalg.inv(w @ w.T + noise * np.eye(64))
    scores = (
        labelled[0] @ inverse @ means.T - 0.5 * np.einsum("kp,pq,kq->k", means, inverse, means) + np.log(np.bincount(labelled[1]) / len(x))
    )
    np.testing.assert_allclose(told.probabilities, softmax(scores, axis=1), atol=1e-8)


def test_no_weight_of_the_best_linear_model_is_moved_by_training(best_linear, labelled) -> None:
    x, y = inputs(labelled)
    best_linear.zero_grad()
    best_linear.given(y).loss_terms(x, torch.Generator().manual_seed(0)).loss(1.0).mean().backward()
    steepest = {name: float(weight.grad.abs().max()) for name, weight in best_linear.named_parameters()}
    assert max(steepest.values()) < 1e-9, steepest
    best_linear.zero_grad()
    best_linear.given((y + 1) % 10).loss_terms(x, torch.Generator().manual_seed(0)).loss(1.0).mean().backward()
    assert max(float(weight.grad.abs().max()) for weight in best_linear.parameters()) > 1  # of wrong labels they are


@pytest.mark.parametrize(("dataset", "latent_dim"), [("digits", 2), ("mnist_5k", 10), ("mnist", 20), ("moons", 2)])
def test_its_recipe_is_that_of_the_vae_with_the_same_network(dataset: str, latent_dim: int) -> None:
    ours, usual = (default_spec(family, dataset, latent_dim) for family in ("conditional-vae", "vae"))
    assert {f.name: getattr(ours, f.name) for f in ours.fields()} == {f.name: getattr(usual, f.name) for f in usual.fields()}
    assert ours.fingerprint != usual.fingerprint


def test_a_vae_is_not_taken_for_one_that_is_told_labels_nor_the_other_way_round() -> None:
    assert not isinstance(default_spec("conditional-vae", "digits", 2), VAESpec)
    assert "conditional-vae" not in unlabelled()
    assert "vae" in unlabelled()


def test_its_network_is_fully_connected() -> None:
    with pytest.raises(ValueError, match="network must be one of linear, mlp, got 'conv'"):
        default_spec("conditional-vae", "digits", 2, "conv")
    assert default_spec("conditional-vae", "olivetti_faces", 2).network == "mlp"


def test_those_that_the_grid_names_come_with_the_program_and_predict_better_than_vaes_that_are_told_no_label() -> None:
    named = read_grids(SHIPPED / "labels.json")
    assert len(named) == 4
    for spec in named:
        ours, usual = Store().find(spec), Store().find(default_spec("vae", spec.dataset, spec.latent_dim))
        assert ours.is_shipped and spec == default_spec(spec.family, spec.dataset, spec.latent_dim)
        assert ours.metrics["elbo"] > usual.metrics["elbo"]
        assert ours.metrics["rate"] < usual.metrics["rate"]
