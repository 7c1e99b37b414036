"""PCA of images: numbers of components, what they keep, one image moved along them, faces told by three of them."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from tests.harness import DATA, ROOT
from vae_core import data
from vae_core.explore.linear import pca_images as explore
from vae_core.explore.linear.face_or_not import face_or_not
from vae_core.models.pca import Spectrum, spectrum

NAMES = ("digits", "faces_25")


@pytest.fixture(scope="module", params=NAMES)
def images(request: pytest.FixtureRequest) -> data.Images:
    return data.load(request.param)


@pytest.fixture(scope="module")
def exact(images: data.Images) -> Spectrum:
    return spectrum(images.train.x)


@pytest.mark.parametrize("k", [1, 5, 20])
def test_k_components_lose_the_sum_of_the_other_variances(images: data.Images, exact: Spectrum, k: int) -> None:
    assert explore.sse_of(exact, images.train.x, k).mean() == pytest.approx(explore.train_sse(exact.eigenvalues)[k], rel=1e-9)


def test_what_components_lose_is_that_of_each_image_however_many_are_held_at_once(images: data.Images, exact: Spectrum) -> None:
    whole = explore.sse_of(exact, images.test.x, 5, at_once=len(images.test))
    assert explore.sse_of(exact, images.test.x, 5, at_once=7) == pytest.approx(whole, rel=1e-12)


def test_the_page_opens_without_what_only_faces_take() -> None:
    line = "import sys; import pages.linear.pca_images.findings; sys.exit('sklearn' in sys.modules)"  # half a second of a processor
    assert subprocess.run([sys.executable, "-c", line], cwd=ROOT).returncode == 0


def test_components_hold_of_images_what_their_eigenvalues_say_and_of_other_images_less(images: data.Images, exact: Spectrum) -> None:
    held = exact.eigenvalues[:20].sum() / exact.eigenvalues.sum()
    assert explore.kept(exact, images.train.x, 20) == pytest.approx(held, rel=1e-9)
    assert 0 < explore.kept(exact, images.test.x, 20) < held


def test_at_the_rank_nothing_is_lost(images: data.Images, exact: Spectrum) -> None:
    for k in (exact.rank, len(exact.components)):
        assert explore.sse_of(exact, images.train.x, k).mean() < 1e-9
        assert explore.train_sse(exact.eigenvalues)[k] < 1e-6
    assert explore.sse_of(exact, images.train.x, exact.rank - 1).mean() > 1e-9


def test_components_are_orthonormal_eigenvectors(images: data.Images, exact: Spectrum) -> None:
    v = exact.components[: exact.rank]
    np.testing.assert_allclose(v @ v.T, np.eye(len(v)), atol=1e-8)
    covariance = np.cov(images.train.x.reshape(len(images.train), -1) / 255, rowvar=False, bias=True)
    np.testing.assert_allclose(covariance @ v.T, v.T * exact.eigenvalues[: exact.rank], atol=1e-8)


@pytest.mark.parametrize("share", explore.SHARES)
def test_the_number_of_components_is_the_least_that_holds_the_share(exact: Spectrum, share: float) -> None:
    k, held = explore.components_for(exact.eigenvalues, share), np.cumsum(exact.eigenvalues) / exact.eigenvalues.sum()
    assert held[k - 1] >= share > (held[k - 2] if k > 1 else 0)


@pytest.mark.data
def test_mnist_takes_87_154_and_331_components() -> None:
    exact = spectrum(data.load("mnist").train.x)
    assert [explore.components_for(exact.eigenvalues, share) for share in explore.SHARES] == [87, 154, 331], DATA
    assert exact.rank == 712, "the 712th eigenvalue, 8e-10, is data; the 713th, 6e-16, is rounding"


def test_an_image_that_is_moved_to_its_own_codes_is_itself_and_to_none_has_lost_them(images: data.Images, exact: Spectrum) -> None:
    x = images.test.x[3]
    mixture = explore.mixture(exact, x, 6)
    np.testing.assert_array_equal(mixture.at(mixture.origin), x.ravel() / 255)
    moved = mixture.at(np.zeros(6)) - exact.mean
    spread = np.sqrt(exact.eigenvalues[:6])
    assert np.abs((exact.components[:6] @ moved) / spread).max() <= 0.0051  # codes are rounded to 0.01
    np.testing.assert_allclose(exact.components[6:12] @ (moved - (x.ravel() / 255 - exact.mean)), 0, atol=1e-9)
    mean = explore.mixture(exact, None, 6)
    np.testing.assert_allclose(mean.at(np.eye(6)[2]) - exact.mean, spread[2] * exact.components[2], atol=1e-12)


def test_more_components_than_there_are_are_refused(exact: Spectrum, images: data.Images) -> None:
    with pytest.raises(ValueError, match="n_components must be from 0 to"):
        explore.reconstructions(exact, images.test.x[:1], len(exact.components) + 1)


def test_faces_are_told_from_three_components_as_often_as_was_measured_before() -> None:
    """88.4 %, and the repeats spread by 0.9: one repeat lies within three of them."""
    images = data.load("faces_25")
    x, labels = (np.concatenate([getattr(images.train, name), getattr(images.test, name)]) for name in ("x", "labels"))
    told = face_or_not(x, labels, n_repeats=2)
    assert told.logistic.value == pytest.approx(0.884, abs=0.027)
    assert told.logistic.n == len(x) == 200
    assert told.gap.value == pytest.approx(told.logistic.value - told.mixture.value)
    shuffled = face_or_not(x, np.random.default_rng(0).permutation(labels), n_repeats=2)
    assert shuffled.logistic.value < 0.65  # no test image is seen in training
