"""Caches of which posterior: what is known of one image, and of many test images."""

from __future__ import annotations

from functools import partial

import numpy as np

from pages.shared import cached
from vae_core.explore.elbo import beyond_the_plane, posterior_draws, posterior_maps
from vae_core.explore.elbo import gaps as measured
from vae_core.explore.elbo.beyond_the_plane import Bounded
from vae_core.explore.elbo.gaps import Gaps
from vae_core.explore.elbo.posterior import first_log_joint
from vae_core.explore.elbo.posterior_draws import N_DRAWS, Ladder, Race, WeightedDraws
from vae_core.explore.elbo.posterior_maps import PosteriorMap
from vae_core.specs import ModelSpec

N_HERE = 40
"""Test images that are offered where no maps came with the model."""
SEED = 0
"""Of draws that nobody asked to draw again."""


@cached.of_model(most=8)
def shipped(spec: ModelSpec) -> dict[int, PosteriorMap] | None:
    """The maps that came with a model of two latent dimensions; None if none did."""
    checkpoint = cached.checkpoint(spec)
    return None if checkpoint is None else posterior_maps.read(posterior_maps.path_of(checkpoint.weights_sha256))


def images_of(spec: ModelSpec) -> tuple[int, ...]:
    """Numbers of the test images that have a map, or bounds: those of the shipped maps, else `N_HERE`."""
    known = shipped(spec)
    return measured.chosen_images(cached.dataset(spec.dataset), N_HERE) if known is None else tuple(known)


def map_of(spec: ModelSpec, image: int) -> PosteriorMap:
    """The posterior of one of these test images under a model with two latent dimensions, and the ascent on it."""
    known = shipped(spec)
    return _measured(spec, image) if known is None else known[image]


@cached.of_model(most=512, spinner="Measuring the posterior of this test image …")
def _measured(spec: ModelSpec, image: int) -> PosteriorMap:
    return posterior_maps.map_of(cached.model(spec), cached.dataset(spec.dataset), image, _first(spec)[images_of(spec).index(image)])


@cached.of_model(most=8, spinner="Looking over the plane …")
def _first(spec: ModelSpec) -> np.ndarray:
    """Where the search begins, of all these images at once: the plane is decoded once for them."""
    model = cached.model(spec)
    return cached.fixed(first_log_joint(model, posterior_maps.observed(model, cached.dataset(spec.dataset), images_of(spec))))


def prepare(spec: ModelSpec) -> None:
    """Measure beside the first visitor what the gaps of all images need, where no maps came with the model."""
    if shipped(spec) is None:
        works = (partial(_measured, spec, image) for image in images_of(spec))
        cached.prepare("posteriors", (spec.fingerprint, str(cached.local_models())), works)


@cached.of_model(most=16, spinner="Measuring the gap of every test image that is offered …")
def gaps(spec: ModelSpec) -> Gaps:
    """The gaps of the images of `images_of`, under a model with two latent dimensions."""
    return measured.of_maps({image: map_of(spec, image) for image in images_of(spec)})


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
