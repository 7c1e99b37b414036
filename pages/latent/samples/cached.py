"""Caches of the samples: the laws fitted to codes, and the images drawn from them."""

from __future__ import annotations

import numpy as np

from pages.shared import cached
from vae_core.explore.latent import nearness
from vae_core.explore.latent.samples import CodeLaw, FittedLaw, fitted_law, images_of_codes, noise, standard_law
from vae_core.specs import ModelSpec


@cached.of_model(most=128)
def samples(spec: ModelSpec, law: CodeLaw, n: int, seed: int, draw_pixels: bool) -> np.ndarray:
    """`explore.latent.samples.images_of_codes` at codes drawn from the prior, or from a law fitted to the training codes."""
    law_of_codes = standard_law(spec.latent_dim) if law == "prior" else _fitted_law(spec, law)
    z = law_of_codes.codes(*noise(n, spec.latent_dim, seed))
    return cached.fixed(images_of_codes(cached.model(spec), z, draw_pixels=draw_pixels, seed=seed))


@cached.of_model(most=32, spinner="Fitting a distribution to the codes …")
def _fitted_law(spec: ModelSpec, law: CodeLaw) -> FittedLaw:
    return fitted_law(cached.train_codes(spec).mean, law)


@cached.of_model(most=64, spinner="Comparing with the images …")
def missed(spec: ModelSpec, law: CodeLaw) -> float:
    """Mean SSE from a test image to the nearest of 100 drawn means: small if they look like images, and are of as many kinds."""
    return float(nearness.nearest_sse(cached.dataset(spec.dataset).test.x[:500], samples(spec, law, 100, 0, False)).mean())
