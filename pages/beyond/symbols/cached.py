"""Caches of codes in symbols: the shipped VQ-VAE of MNIST 5k, what it makes of the test images, and draws."""

from __future__ import annotations

import numpy as np

from pages.shared import cached
from vae_core.data import drawn
from vae_core.explore.beyond import symbols
from vae_core.explore.beyond.symbols import Draws, Encoded, Step, Usage
from vae_core.explore.confidence import read_share
from vae_core.explore.means import Share
from vae_core.explore.paired import figure_per_image
from vae_core.models.vqvae import VQVAE
from vae_core.specs import ModelSpec
from vae_core.store.vqvaes import vqvae_of

DATASET = "mnist_5k"
N_READ = 500
"""Draws that the classifier reads."""
N_POINTS, MOST_STEPS = 160, 20
"""Points of a drawing, and steps that can be taken on them."""


@cached.keep(most=1)
def vqvae() -> VQVAE:
    """The shipped VQ-VAE."""
    return vqvae_of(DATASET)


@cached.keep(most=1, spinner="Encoding the test images …")
def test_images() -> Encoded:
    """`explore.beyond.symbols.encoded` of every test image."""
    return symbols.encoded(vqvae(), cached.dataset(DATASET).test.x)


@cached.keep(most=1)
def usage() -> Usage:
    """`explore.beyond.symbols.usage` over the test images."""
    return symbols.usage(test_images().codes, vqvae().spec.n_symbols)


@cached.keep(most=1, spinner="Encoding the training images …")
def tiles() -> np.ndarray:
    """`explore.beyond.symbols.tiles` of the training images."""
    x, spec = cached.dataset(DATASET).train.x, vqvae().spec
    return cached.fixed(symbols.tiles(symbols.encoded(vqvae(), x).codes, x, spec.grid, spec.n_symbols))


@cached.keep(most=256)
def decoded(code: tuple[int, ...]) -> np.ndarray:
    """What one code is decoded to, (C, H, W)."""
    return cached.fixed(symbols.decoded(vqvae(), np.array([code]))[0])


@cached.keep(most=256)
def label(code: tuple[int, ...]) -> int:
    """What the classifier reads of a code when it is decoded."""
    return int(cached.classifier(DATASET).read(decoded(code)[None]).labels[0])


@cached.keep(most=256)
def costs(code: tuple[int, ...]) -> dict[str, np.ndarray]:
    """`explore.beyond.symbols.costs` of one code."""
    return symbols.costs(vqvae(), np.array(code))


@cached.keep(most=256)
def expected(code: tuple[int, ...], position: int, prior: str) -> np.ndarray:
    """`explore.beyond.symbols.expected` at a position of a code."""
    return cached.fixed(symbols.expected(vqvae(), np.array(code), position, prior))


@cached.keep(most=64)
def reach(code: tuple[int, ...], least: float) -> np.ndarray:
    """`explore.beyond.symbols.reach` of a code."""
    return cached.fixed(symbols.reach(vqvae(), np.array(code), least))


@cached.keep(most=64, spinner="Drawing codes …")
def draws(prior: str, seed: int) -> Draws:
    """`explore.beyond.symbols.draws` of one of the priors, as many as the classifier reads."""
    return symbols.draws(vqvae(), prior, N_READ, seed)


@cached.keep(most=256)
def read(prior: str, seed: int) -> Share:
    """How many of the draws the classifier reads with confidence."""
    return read_share(draws(prior, seed).images, cached.classifier(DATASET))


@cached.keep(most=1)
def read_of_decoded() -> Share:
    """How many test images it reads so once they are encoded and decoded."""
    return read_share(symbols.decoded(vqvae(), test_images().codes), cached.classifier(DATASET))


@cached.of_model(most=4)
def minus_elbo(spec: ModelSpec) -> np.ndarray:
    """−ELBO of a trained model on each test image, (N,)."""
    return cached.fixed(-figure_per_image(cached.model(spec), cached.dataset(spec.dataset), "elbo"))


@cached.keep(most=96)
def points(code: str) -> np.ndarray:
    """Points of a drawing, float64 (160, 2)."""
    return cached.fixed(drawn.points(code).train.x[:N_POINTS].astype(np.float64))


@cached.keep(most=96)
def points_path(code: str, k: int, seed: int) -> list[Step]:
    """`explore.beyond.symbols.points_path`."""
    return symbols.points_path(points(code), k, seed, MOST_STEPS)
