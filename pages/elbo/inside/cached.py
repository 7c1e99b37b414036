"""Caches of the inside of a VAE."""

from __future__ import annotations

import numpy as np

from pages.shared import cached
from vae_core.explore.elbo import estimators, inside, movable
from vae_core.explore.elbo.inside_figure import Piece
from vae_core.specs import ModelSpec


def eps(spec: ModelSpec, seed: int) -> np.ndarray:
    """The noise of a draw, (D,)."""
    return inside.eps_of(seed, spec.latent_dim)


@cached.of_model(most=256)
def pieces(spec: ModelSpec, index: int, seed: int) -> list[Piece]:
    """`explore.elbo.inside.pieces` of a test image."""
    return inside.pieces(cached.model(spec), _image(spec, index), eps(spec, seed))


@cached.of_model(most=256)
def backward(spec: ModelSpec, index: int, seed: int, moved: bool) -> inside.Backward:
    """`explore.elbo.inside.backward` of a test image."""
    return inside.backward(cached.model(spec), _image(spec, index), eps(spec, seed), moved=moved)


@cached.of_model(most=64)
def plate(spec: ModelSpec) -> inside.Plate:
    """`explore.elbo.inside.plate`."""
    return inside.plate(cached.model(spec))


@cached.of_model(most=32, spinner="Decoding 4,000 codes …")
def race_of_model(spec: ModelSpec, index: int, dim: int, seed: int, baseline: bool) -> estimators.Race:
    """`explore.elbo.estimators.of_model` of a test image, dimension from 0."""
    return estimators.of_model(cached.model(spec), _image(spec, index), dim, seed, baseline=baseline)


@cached.keep(most=32)
def race_of_square(mu: float, sigma: float, seed: int, baseline: bool) -> estimators.Race:
    """`explore.elbo.estimators.of_square`."""
    return estimators.of_square(mu, sigma, seed, baseline=baseline)


@cached.keep(most=8)
def noise_of_race(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """ε of the race's draws, and the covariances of means of its powers."""
    eps = estimators.noise(seed)
    return eps, estimators.covariances_of_means(eps)


@cached.keep(most=64)
def gradients(law: str, temperature: float, n: int, seed: int) -> movable.Gradients:
    """`explore.elbo.movable.gradients`."""
    return movable.gradients(law, temperature, n, seed)


def _image(spec: ModelSpec, index: int) -> np.ndarray:
    return cached.dataset(spec.dataset).test.x[index]
