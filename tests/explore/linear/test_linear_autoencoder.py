"""A linear autoencoder becomes PCA: its gradient, where it ends, what stays free."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from vae_core import data
from vae_core.explore.linear import linear_autoencoder as explore
from vae_core.explore.linear.linear_autoencoder import Training, Weights
from vae_core.explore.linear.pca_by_hand import cloud
from vae_core.models.pca import Spectrum, spectrum

RNG = np.random.default_rng(0)
NAMES = ("encoder", "offset", "decoder", "bias")


@pytest.fixture(scope="module")
def exact() -> Spectrum:
    return spectrum(data.load("faces_25").train.x)


@pytest.fixture(scope="module")
def training(exact: Spectrum) -> Training:
    return explore.train(exact.eigenvalues[: exact.rank], 10)


def some_weights(r: int, d: int) -> Weights:
    return Weights(RNG.normal(size=(d, r)), RNG.normal(size=d), RNG.normal(size=(r, d)), RNG.normal(size=r))


def test_the_error_is_that_of_the_data_themselves() -> None:
    points = cloud(3)
    found, weights = spectrum(points), some_weights(2, 1)
    hats = explore.in_data_space(found, weights).reconstructions(points)
    assert explore.sse(found.eigenvalues, weights) == pytest.approx(np.square(hats - points).sum(1).mean(), rel=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_the_gradient_is_the_slope_of_the_error(name: str) -> None:
    eigenvalues, weights, h = np.array([3.0, 1.5, 0.5, 0.1]), some_weights(4, 2), 1e-6
    found, part = getattr(explore.gradient(eigenvalues, weights), name), getattr(weights, name)
    for index in np.ndindex(part.shape):
        step = np.zeros_like(part)
        step[index] = h
        up, down = (explore.sse(eigenvalues, replace(weights, **{name: part + sign * step})) for sign in (1, -1))
        assert found[index] == pytest.approx((up - down) / (2 * h), rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_on_points_the_line_turns_onto_the_first_component(seed: int) -> None:
    found = spectrum(cloud(seed))
    trained = explore.train(found.eigenvalues, 1, n_steps=600, seed=seed, momentum=0.0)
    last = explore.in_data_space(found, trained.weights[-1])
    v = found.components[:1].T
    assert trained.angles[-1, 0] < 0.5
    assert trained.angles[0, 0] > 0.5
    assert np.linalg.norm(last.decoder @ last.encoder - v @ v.T) < 1e-2
    np.testing.assert_allclose(last.constant, found.mean - v @ v.T @ found.mean, atol=1e-2)
    assert 1 - 1e-9 <= trained.sse[-1] / trained.least < 1.005


def test_on_images_the_subspace_becomes_that_of_pca_in_the_metric_of_the_data(training: Training) -> None:
    assert training.angles[-1].max() < 1
    assert training.distances[-1] < 1e-2
    assert training.distances[0] > 0.5
    assert (training.sse >= training.least * (1 - 1e-9)).all()
    assert training.sse[-1] < 1.005 * training.least


def test_the_distance_is_the_frobenius_norm_on_the_images_themselves(exact: Spectrum, training: Training) -> None:
    weights, v = explore.in_data_space(exact, training.weights[20]), exact.components[:10].T
    root = exact.components[: exact.rank].T * np.sqrt(exact.eigenvalues[: exact.rank])  # C^½ but for a rotation
    gap = weights.decoder @ (weights.encoder @ root) - v @ (v.T @ root)
    assert training.distances[20] == pytest.approx(np.linalg.norm(gap) / np.linalg.norm(root), rel=1e-6)


def test_an_invertible_matrix_changes_the_weights_and_no_reconstruction(exact: Spectrum, training: Training) -> None:
    m, weights = explore.invertible(10, 3), training.weights[-1]
    mixed, u = weights.mixed(m), RNG.normal(size=(5, exact.rank))
    np.testing.assert_allclose(mixed.reconstructions(u), weights.reconstructions(u), atol=1e-9)
    assert np.linalg.norm(mixed.decoder - weights.decoder) > 0.3 * np.linalg.norm(weights.decoder)
    np.testing.assert_allclose(explore.principal_angles(mixed.decoder), training.angles[-1], atol=1e-6)
    np.testing.assert_allclose(mixed.constant, weights.constant, atol=1e-9)


def test_principal_angles_are_those_of_a_turned_plane() -> None:
    turned = np.radians([30.0, 5.0])
    basis = np.zeros((5, 2))
    basis[0, 0], basis[2, 0], basis[1, 1], basis[3, 1] = np.cos(turned[0]), np.sin(turned[0]), np.cos(turned[1]), np.sin(turned[1])
    np.testing.assert_allclose(explore.principal_angles(basis @ RNG.normal(size=(2, 2))), [30, 5], atol=1e-9)
    np.testing.assert_allclose(explore.principal_angles(np.eye(3)[:, :2]), 0, atol=1e-12)


def test_as_many_dimensions_as_there_are_is_no_bottleneck() -> None:
    with pytest.raises(ValueError, match="latent_dim must be from 1 to 1"):
        explore.train(np.array([2.0, 1.0]), 2)
