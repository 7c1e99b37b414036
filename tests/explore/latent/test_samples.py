"""Draws from a prior, and from laws fitted to codes."""

from __future__ import annotations

import numpy as np
import pytest

from tests.harness import tiny_spec
from vae_core.explore.latent import samples
from vae_core.explore.latent.samples_figure import mosaic
from vae_core.explore.latent_pad import decoded
from vae_core.store import Store


def test_fewer_dimensions_get_the_first_columns_of_the_same_noise() -> None:
    wide, narrow = samples.noise(50, 20, seed=3)[0], samples.noise(50, 2, seed=3)[0]
    assert np.array_equal(wide[:, :2], narrow)
    assert not np.array_equal(samples.noise(50, 2, seed=4)[0], narrow)


@pytest.mark.parametrize("law", ["gaussian", "mixture"])
def test_a_law_fitted_to_codes_has_their_mean_and_covariance(law: str) -> None:
    rng = np.random.default_rng(0)
    codes = rng.standard_normal((5000, 2)) @ np.array([[2.0, 0.0], [1.0, 0.5]]) + [3.0, -1.0]
    codes[:2000] += 6
    fitted = samples.fitted_law(codes, law)
    drawn = fitted.codes(*samples.noise(40_000, 2, seed=0))
    assert drawn.mean(0) == pytest.approx(codes.mean(0), abs=0.1)
    assert np.cov(drawn.T) == pytest.approx(np.cov(codes.T), rel=0.06)


def test_drawn_pixels_of_a_bernoulli_model_are_black_or_white_and_an_autoencoder_has_only_means(tiny_store: Store) -> None:
    z = samples.noise(9, 2, seed=0)[0]
    drawn = samples.images_of_codes(tiny_store.load(tiny_spec("vae")), z, draw_pixels=True, seed=0)
    assert set(np.unique(drawn)) <= {0.0, 1.0}
    autoencoder = tiny_store.load(tiny_spec("autoencoder"))
    assert np.array_equal(samples.images_of_codes(autoencoder, z, draw_pixels=True, seed=0), decoded(autoencoder, z))


@pytest.mark.parametrize(("side", "gap"), [(8, 1), (28, 2)])
def test_samples_side_by_side_keep_a_gap(side: int, gap: int) -> None:
    sheet = mosaic(np.ones((64, 1, side, side)), 8)
    assert sheet.shape == (1, 8 * (side + gap) - gap, 8 * (side + gap) - gap)
    assert (sheet[0, :, side : side + gap] == 0.5).all()
    assert (sheet[0, side : side + gap] == 0.5).all()
    assert (sheet == 1).sum() == 64 * side**2
