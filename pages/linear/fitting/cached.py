"""Caches of fitting p(x): fits to points, to pixels and to each label, and what neighbours say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pages.shared import cached
from vae_core.data import drawn
from vae_core.explore import odd_pictures
from vae_core.explore.em import State
from vae_core.explore.linear import by_class, fitting, intrinsic_dimension
from vae_core.explore.linear.by_class import ByClass, Told
from vae_core.explore.linear.fitting import PixelMixture
from vae_core.explore.linear.intrinsic_dimension import AtSize, Estimate
from vae_core.explore.linear.pca_images import codes
from vae_core.explore.means import Share
from vae_core.explore.odd_pictures import KINDS, Kind
from vae_core.models import pca
from vae_core.models.pca import Spectrum

N_POINTS, MOST_K = 160, 10
"""Points that a density is fitted to, and the largest number of Gaussians or means."""
N_FITTED, N_TEST, N_DRAWN, N_NEIGHBOURS = 4000, 1000, 500, 1000
"""Images that a density is fitted to, at most; test images and draws that it is measured on; images whose neighbours are found."""


@cached.keep(most=64)
def points(code: str) -> tuple[np.ndarray, np.ndarray]:
    """Points of a drawing that are fitted, float64 (160, 2), and new ones, (2,000, 2)."""
    both = drawn.points(code)
    return cached.fixed(both.train.x[:N_POINTS].astype(np.float64)), cached.fixed(both.test.x.astype(np.float64))


@cached.keep(most=48, spinner="Fitting K = 1 to 10 …")
def fits(code: str, seed: int, is_hard: bool) -> tuple[list[State], np.ndarray, np.ndarray]:
    """`explore.linear.fitting.fits` of a drawing, and their scores of each of its points and of new ones, (10, 160) and (10, 2,000)."""
    train, test = points(code)
    states = fitting.fits(train, MOST_K, seed, is_hard=is_hard)
    scores = [np.stack([fitting.scores(state, x, is_hard=is_hard) for state in states]) for x in (train, test)]
    return states, cached.fixed(scores[0]), cached.fixed(scores[1])


@cached.keep(most=4)
def images(name: str) -> np.ndarray:
    """The training images that a density of pixels is fitted to, uint8 (N, C, H, W): all, or 4,000 of them, evenly spread."""
    train = cached.dataset(name).train
    return cached.fixed(train.x[list(train.spread(N_FITTED))])


@cached.keep(most=4)
def spectrum(name: str) -> Spectrum:
    """The exact spectrum of `images`."""
    return cached.spectrum(name) if len(cached.dataset(name).train) <= N_FITTED else pca.spectrum(images(name))


@cached.keep(most=48, spinner="Fitting Gaussians to the images …")
def pixel_mixture(name: str, n_components: int, k: int, seed: int) -> PixelMixture:
    """`explore.linear.fitting.pixel_mixture` of a data set's images."""
    return fitting.pixel_mixture(spectrum(name), images(name), n_components, k, seed)


@cached.keep(most=48)
def pixel_means(name: str, n_components: int, k: int, seed: int) -> PixelMixture:
    """`explore.linear.fitting.pixel_means` of a data set's images."""
    return fitting.pixel_means(spectrum(name), images(name), n_components, k, seed)


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """A density of pixels in numbers.

    Attributes:
        log_px: of each test image, in nats, exact, (N,).
        on_train: of each image that it was fitted to, (M,).
        near: so many of its draws are as near to a training image as 95 % of the test images are, in the first d components.
    """

    log_px: np.ndarray
    on_train: np.ndarray
    near: Share


@cached.keep(most=96)
def measured(name: str, n_components: int, k: int, seed: int) -> Measured:
    """`Measured` of a mixture."""
    model = pixel_mixture(name, n_components, k, seed)
    x = test_images(name, N_TEST)
    z = codes(model.exact, x, n_components)
    draws, test = (fitting.nearest_training(model, images(name), one) for one in (model.drawn_codes(N_DRAWN, seed), z))
    near = Share(int((draws <= np.quantile(test, intrinsic_dimension.NEAR)).sum()), N_DRAWN)
    return Measured(cached.fixed(model.log_px(x)), cached.fixed(model.log_px(images(name))), near)


@cached.keep(most=96)
def k_means_sse(name: str, n_components: int, k: int, seed: int) -> np.ndarray:
    """Squared error of each test image to the nearest of the means of k-means, over all pixels, (N,)."""
    return cached.fixed(fitting.sse_to_means(pixel_means(name, n_components, k, seed), test_images(name, N_TEST)))


@cached.keep(most=8)
def by_label(name: str, n_components: int) -> ByClass:
    """`explore.linear.by_class.by_class` of a data set's images, which have labels."""
    train = cached.dataset(name).train
    return by_class.by_class(spectrum(name), images(name), train.labels[list(train.spread(N_FITTED))], n_components)


@cached.keep(most=8, spinner="Reading pictures …")
def told(name: str, n_components: int) -> dict[Kind, Told]:
    """`explore.linear.by_class.told` of each kind of pictures that is made of the test images."""
    model, x = by_label(name, n_components), test_images(name, N_TEST)
    return {kind: by_class.told(model, odd_pictures.pictures(x, kind)) for kind in KINDS}


def test_labels(name: str) -> np.ndarray:
    """The labels of the N_TEST test images."""
    test = cached.dataset(name).test
    return test.labels[list(test.spread(N_TEST))]


def test_images(name: str, n: int) -> np.ndarray:
    """n of the test images, or all if they are fewer, evenly spread, uint8."""
    test = cached.dataset(name).test
    return test.x[list(test.spread(n))]


def neighbour_images(name: str) -> np.ndarray:
    """The training images whose neighbours are found, uint8: 1,000, evenly spread, or all if they are fewer."""
    train = cached.dataset(name).train
    return train.x[list(train.spread(N_NEIGHBOURS))]


@cached.keep(most=8, spinner="Finding neighbours …")
def at_sizes(name: str) -> list[AtSize]:
    """`explore.linear.intrinsic_dimension.at_size` of each size that a data set's images are shrunk to, the smallest first."""
    train, test = neighbour_images(name), test_images(name, N_NEIGHBOURS)
    return [intrinsic_dimension.at_size(train, test, size) for size in intrinsic_dimension.sizes(train.shape[1:])]


@cached.keep(most=8)
def on_tori(n: int) -> dict[int, Estimate]:
    """`explore.linear.intrinsic_dimension.on_tori` with n points."""
    return intrinsic_dimension.on_tori(n)


@cached.keep(most=8)
def on_a_torus(dim: int, n: int) -> Estimate:
    """What n points of a torus of a known dimension are estimated at."""
    return intrinsic_dimension.neighbours(intrinsic_dimension.torus(n, dim, 2 * dim, 0)).dimension


@cached.keep(most=96)
def examples(name: str, shape: tuple[int, int, int], n: int) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Test images of a size, (n, C, h, w), and how far the nearest training image is from each, (n,); the same of uniform ones."""
    train = intrinsic_dimension.shrunk(neighbour_images(name), *shape[1:])
    both = intrinsic_dimension.shrunk(test_images(name, n), *shape[1:]), intrinsic_dimension.uniform_images(shape, n)
    flat = train.reshape(len(train), -1)
    pairs = [(cached.fixed(x), cached.fixed(intrinsic_dimension.nearest(x.reshape(len(x), -1), flat))) for x in both]
    return pairs[0], pairs[1]
