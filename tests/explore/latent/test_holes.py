"""What is drawn where no code lies: whether it is read, and how far it is from the training images."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from vae_core import data
from vae_core.explore.codes import Codes
from vae_core.explore.confidence import CONFIDENT
from vae_core.explore.latent.holes import Drawn, Holes, distances_in_words, holes, in_words
from vae_core.explore.latent.nearness import nearest_sse
from vae_core.explore.manifolds import ManifoldGrid, manifold_grid
from vae_core.models import LatentModel
from vae_core.store.classifiers import classifier_of


@pytest.fixture
def unread(digits: data.Images) -> np.ndarray:
    """Two blends of training images that the classifier is in doubt of, (2, 1, 8, 8)."""
    blends = (digits.train.x[:200] / 255 + digits.train.x[200:400] / 255) / 2
    confidence = classifier_of("digits").read(blends).confidence
    chosen = confidence.argsort()[:2]
    assert confidence[chosen].max() < CONFIDENT
    return blends[chosen]


@pytest.fixture
def grid(vae: LatentModel, digits: data.Images, unread: np.ndarray) -> ManifoldGrid:
    """Two cells without a code, which show training images, and two with codes, which show blends."""
    two_codes = Codes(np.float32([[1, 1], [1, -1]]), np.ones((2, 2), np.float32), has_prior=True)
    made = manifold_grid(vae, np.array([-1.0, 1.0]), codes=two_codes)
    assert made.counts.tolist() == [[0, 1], [0, 1]]
    made.images[:, 0], made.images[:, 1] = digits.train.x[[3, 7]] / 255, unread
    return made


def test_cells_without_a_code_are_told_from_those_with_codes(grid: ManifoldGrid, digits: data.Images, unread: np.ndarray) -> None:
    found = holes(grid, digits.train.x, classifier_of("digits"))
    assert found.empty == Drawn(2, 2, pytest.approx(0, abs=1e-4))
    assert found.inhabited == Drawn(2, 0, pytest.approx(nearest_sse(unread, digits.train.x).mean(), rel=1e-4))
    assert found.n_searched == len(digits.train)


def test_without_a_classifier_only_the_distance_is_known_and_without_codes_nothing(grid: ManifoldGrid, digits: data.Images) -> None:
    found = holes(grid, digits.train.x, None)
    assert (found.empty.n_read, found.inhabited.n_read) == (None, None)
    assert holes(replace(grid, counts=None), digits.train.x, None) is None


def test_the_nearest_of_all_training_images_is_the_one_of_least_squared_error(digits: data.Images) -> None:
    images = np.random.default_rng(0).random((9, 1, 8, 8))
    plain = ((images[:, None] - digits.train.x[None] / 255) ** 2).sum((2, 3, 4)).min(1)
    np.testing.assert_allclose(nearest_sse(images, digits.train.x), plain, rtol=1e-5)


def test_the_conclusion_says_of_each_model_what_was_counted() -> None:
    vae = Holes(Drawn(30, 4, 38.25), Drawn(91, 62, 21.0), 10_000)
    pca = Holes(Drawn(0, 0, None), Drawn(121, 30, 44.0), 10_000)
    assert in_words({"VAE": vae, "PCA": pca}) == (
        "In empty cells the classifier is sure of **VAE 4 of 30** images; in the other cells VAE 62 of 91, PCA 30 of 121."
    )
    assert in_words({"PCA": pca}) == in_words({}) == ""
    where = "Mean squared error to the nearest of 10,000 training images, in empty cells and in the others"
    assert distances_in_words({"VAE": vae, "PCA": pca}) == f"{where}: VAE 38.2 and 21.0; PCA none and 44.0."
    unread = Holes(Drawn(30, None, 38.25), Drawn(91, None, 21.0), 10_000)
    far = "In empty cells the mean squared error to the nearest training image is **VAE 38.2**; in the other cells VAE 21.0."
    assert in_words({"VAE": unread}) == far
