"""Caches of which posterior: what is known of one image, and of many test images."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from pages.shared import cached
from vae_core.explore.elbo import beyond_the_plane, posterior_draws, posterior_figure
from vae_core.explore.elbo import gaps as measured
from vae_core.explore.elbo.ascent import Ascent, Split, ascent, split
from vae_core.explore.elbo.beyond_the_plane import Bounded
from vae_core.explore.elbo.gaps import Gaps
from vae_core.explore.elbo.posterior import Raster, encoded, plane, raster
from vae_core.explore.elbo.posterior_draws import N_DRAWS, Ladder, Race, WeightedDraws
from vae_core.specs import ModelSpec

N_HERE = 40
"""Test images that are measured of a model that did not come with the program."""
SEEN = 1e-3
"""Of its largest density, at which the posterior still is seen."""
SEED = 0
"""Of draws that nobody asked to draw again."""


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """The posterior of one image over the plane, as it is drawn, and the way of q on it; of its many nodes only their number is kept.

    Attributes:
        way: of q.
        split: of the gap of the encoder's q.
        n_nodes: of the plane.
        window: its lower and upper corner, (2,) each.
        cells: the density in the window.
    """

    way: Ascent
    split: Split
    n_nodes: int
    window: tuple[np.ndarray, np.ndarray]
    cells: Raster


@cached.keep(most=2, of=lambda: cached.written_at(measured.SHIPPED))
def shipped() -> dict[str, Gaps]:
    """`explore.elbo.gaps.read` of what came with the program."""
    return measured.read()


@cached.of_model(most=16, spinner="Measuring the gap of 40 test images …")
def gaps(spec: ModelSpec) -> Gaps:
    """The gaps of a model with two latent dimensions: as shipped, else measured."""
    checkpoint = cached.checkpoint(spec)
    known = None if checkpoint is None else shipped().get(checkpoint.weights_sha256[:16])
    if known is not None:
        return known
    images = cached.dataset(spec.dataset)
    return measured.gaps(cached.model(spec), images, measured.chosen_images(images, N_HERE))


@cached.of_model(most=128)
def observed(spec: ModelSpec, image: int) -> np.ndarray:
    """A test image as the model sees it, float32 (1, C, H, W)."""
    return cached.fixed(measured.observed(cached.model(spec), cached.dataset(spec.dataset), [image]).numpy())


@cached.of_model(most=512, spinner="Looking where the posterior lies …")
def surface(spec: ModelSpec, image: int) -> Surface:
    """The posterior of a test image, and the ascent on it, of a model with two latent dimensions."""
    model = cached.model(spec)
    x = measured.observed(model, cached.dataset(spec.dataset), [image])
    here = plane(model, x)
    way = ascent(here, encoded(model, x)[0])
    drawn = way.path[0], way.diagonal, way.full
    window = posterior_figure.window(np.array([q.mean for q in drawn]), np.array([q.widths for q in drawn]), here.seen(SEEN))
    cells = raster(here, *window)
    return Surface(way, split(here, way), len(here.z), window, replace(cells, density=cells.density.astype(np.float32)))


@cached.of_model(most=64, spinner="Looking for the best q …")
def bounded(spec: ModelSpec, image: int) -> Bounded:
    """`explore.elbo.beyond_the_plane.bounded` of a test image, of a model with more latent dimensions."""
    model = cached.model(spec)
    return beyond_the_plane.bounded(model, measured.observed(model, cached.dataset(spec.dataset), [image]))


@cached.of_model(most=64)
def draws(spec: ModelSpec, image: int, n: int, seed: int) -> WeightedDraws:
    """`explore.elbo.posterior_draws.weighted_draws` of a test image."""
    model = cached.model(spec)
    return posterior_draws.weighted_draws(model, measured.observed(model, cached.dataset(spec.dataset), [image]), n, seed)


@cached.of_model(most=64, spinner="Drawing 10,000 codes …")
def ladder(spec: ModelSpec, image: int) -> Ladder:
    """`explore.elbo.posterior_draws.ladder` of a test image."""
    return posterior_draws.ladder(draws(spec, image, N_DRAWS, SEED))


@cached.of_model(most=64, spinner="Walking through the posterior …")
def chain(spec: ModelSpec, image: int, seed: int) -> tuple[np.ndarray, float]:
    """`explore.elbo.posterior_draws.chain` of a test image."""
    model = cached.model(spec)
    return posterior_draws.chain(model, measured.observed(model, cached.dataset(spec.dataset), [image]), seed)


@cached.of_model(most=64, spinner="Timing the encoder and an ascent without it …")
def race(spec: ModelSpec, image: int) -> Race:
    """`explore.elbo.posterior_draws.race` of a test image."""
    model = cached.model(spec)
    return posterior_draws.race(model, measured.observed(model, cached.dataset(spec.dataset), [image]), SEED)


@cached.of_model(most=128)
def decoded(spec: ModelSpec, code: tuple[float, ...]) -> np.ndarray:
    """E[x|z] of one code, (C, H, W)."""
    return cached.fixed(cached.model(spec).decode([list(code)]).mean[0].numpy())
