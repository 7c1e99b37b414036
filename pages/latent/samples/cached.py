"""Caches of the samples: the distributions fitted to codes, the images drawn from them, and what these look like to a judge."""

from __future__ import annotations

import numpy as np

from pages.shared import cached
from vae_core.explore.confidence import read_share
from vae_core.explore.latent import nearness, readings
from vae_core.explore.latent.readings import Nearest
from vae_core.explore.latent.samples import CodeLaw, FittedLaw, fitted_law, images_of_codes, noise, standard_law
from vae_core.explore.means import Share
from vae_core.specs import ModelSpec

N_READ, N_COMPARED = 500, 100
"""Draws that the classifier reads; draws, and as many test images, that are compared with all training images."""


@cached.of_model(most=128)
def samples(spec: ModelSpec, law: CodeLaw, n: int, seed: int, draw_pixels: bool) -> np.ndarray:
    """`explore.latent.samples.images_of_codes` at codes drawn from the prior, or from a distribution fitted to the training codes."""
    return cached.fixed(_drawn(spec, law, n, seed, draw_pixels))


def _drawn(spec: ModelSpec, law: CodeLaw, n: int, seed: int, draw_pixels: bool) -> np.ndarray:
    law_of_codes = standard_law(spec.latent_dim) if law == "prior" else _fitted_law(spec, law)
    z = law_of_codes.codes(*noise(n, spec.latent_dim, seed))
    return images_of_codes(cached.model(spec), z, draw_pixels=draw_pixels, seed=seed)


@cached.of_model(most=32, spinner="Fitting a distribution to the codes …")
def _fitted_law(spec: ModelSpec, law: CodeLaw) -> FittedLaw:
    return fitted_law(cached.train_codes(spec).mean, law)


@cached.of_model(most=64, spinner="Comparing with the images …")
def missed(spec: ModelSpec, law: CodeLaw) -> np.ndarray:
    """SSE from each test image to the nearest of 100 drawn means, (N,): small if they look like images, and are of as many kinds."""
    return cached.fixed(nearness.nearest_sse(_spread(spec.dataset, 500), samples(spec, law, 100, 0, False)))


@cached.of_model(most=256, spinner="Reading what is drawn …")
def read(spec: ModelSpec, law: CodeLaw, seed: int) -> Share | None:
    """`explore.confidence.read_share` of the means of draws; None where no classifier is."""
    judge = cached.classifier(spec.dataset)
    return None if judge is None else read_share(_drawn(spec, law, N_READ, seed, False), judge)


@cached.keep(most=8, of_models=True, spinner="Reading the test images …")
def read_of_test_images(name: str) -> Share | None:
    """The same of test images."""
    judge = cached.classifier(name)
    return None if judge is None else read_share(_spread(name, N_READ), judge)


def _spread(name: str, n: int) -> np.ndarray:
    """So many test images from all of them: those of MNIST begin with the easier half."""
    test = cached.dataset(name).test
    return test.x[list(test.spread(n))]


@cached.of_model(most=64, spinner="Comparing draws with every training image …")
def nearest_of_draws(spec: ModelSpec, law: CodeLaw, seed: int) -> Nearest:
    """`explore.latent.readings.nearest_training` of the means of draws."""
    draws = samples(spec, law, N_COMPARED, seed, False)
    return readings.nearest_training(draws, cached.dataset(spec.dataset).train.x)


@cached.keep(most=8, spinner="Comparing test images with every training image …")
def nearest_of_test_images(name: str) -> Nearest:
    """The same of test images, evenly chosen."""
    images = cached.dataset(name)
    return readings.nearest_training(images.test.x[list(images.test.spread(N_COMPARED))], images.train.x)
