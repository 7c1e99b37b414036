"""Caches of which posterior: what is known of one image, and of many test images."""

from __future__ import annotations

import numpy as np

from pages.shared import cached
from vae_core.explore.elbo import beyond_the_plane, posterior_draws, posterior_maps
from vae_core.explore.elbo import gaps as measured
from vae_core.explore.elbo.beyond_the_plane import Bounded
from vae_core.explore.elbo.gaps import Gaps
from vae_core.explore.elbo.posterior_draws import N_DRAWS, Ladder, Race, WeightedDraws
from vae_core.explore.elbo.posterior_maps import PosteriorMap
from vae_core.specs import ModelSpec

N_HERE = 40
"""Test images that are measured of a model that did not come with the program."""
SEED = 0
"""Of draws that nobody asked to draw again."""


@cached.of_model(most=8, spinner="Measuring the gap of 40 test images …")
def maps(spec: ModelSpec) -> dict[int, PosteriorMap]:
    """The posteriors of test images under a model with two latent dimensions, and the ascents on them: as shipped, else measured."""
    checkpoint = cached.checkpoint(spec)
    known = None if checkpoint is None else posterior_maps.read(posterior_maps.path_of(checkpoint.weights_sha256))
    if known is not None:
        return known
    images = cached.dataset(spec.dataset)
    return posterior_maps.posterior_maps(cached.model(spec), images, measured.chosen_images(images, N_HERE))


@cached.of_model(most=16)
def gaps(spec: ModelSpec) -> Gaps:
    """The gaps of the images of `maps`."""
    return measured.of_maps(maps(spec))


@cached.of_model(most=128)
def observed(spec: ModelSpec, image: int) -> np.ndarray:
    """A test image as the model sees it, float32 (1, C, H, W)."""
    return cached.fixed(posterior_maps.observed(cached.model(spec), cached.dataset(spec.dataset), [image]).numpy())


@cached.of_model(most=64, spinner="Looking for the best q …")
def bounded(spec: ModelSpec, image: int) -> Bounded:
    """`explore.elbo.beyond_the_plane.bounded` of a test image, of a model with more latent dimensions."""
    model = cached.model(spec)
    return beyond_the_plane.bounded(model, posterior_maps.observed(model, cached.dataset(spec.dataset), [image]))


@cached.of_model(most=64)
def draws(spec: ModelSpec, image: int, n: int, seed: int) -> WeightedDraws:
    """`explore.elbo.posterior_draws.weighted_draws` of a test image."""
    model = cached.model(spec)
    return posterior_draws.weighted_draws(model, posterior_maps.observed(model, cached.dataset(spec.dataset), [image]), n, seed)


@cached.of_model(most=64, spinner="Drawing 10,000 codes …")
def ladder(spec: ModelSpec, image: int) -> Ladder:
    """`explore.elbo.posterior_draws.ladder` of a test image."""
    return posterior_draws.ladder(draws(spec, image, N_DRAWS, SEED))


@cached.of_model(most=64, spinner="Walking through the posterior …")
def chain(spec: ModelSpec, image: int, seed: int) -> tuple[np.ndarray, float]:
    """`explore.elbo.posterior_draws.chain` of a test image."""
    model = cached.model(spec)
    return posterior_draws.chain(model, posterior_maps.observed(model, cached.dataset(spec.dataset), [image]), seed)


@cached.of_model(most=64, spinner="Timing the encoder and an ascent without it …")
def race(spec: ModelSpec, image: int) -> Race:
    """`explore.elbo.posterior_draws.race` of a test image."""
    model = cached.model(spec)
    return posterior_draws.race(model, posterior_maps.observed(model, cached.dataset(spec.dataset), [image]), SEED)


@cached.of_model(most=128)
def decoded(spec: ModelSpec, code: tuple[float, ...]) -> np.ndarray:
    """E[x|z] of one code, (C, H, W)."""
    return cached.fixed(cached.model(spec).decode([list(code)]).mean[0].numpy())
