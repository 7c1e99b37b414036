"""Three ways to pPCA: EM never falls, both ways end at the closed form, and the closed form is the model's."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from vae_core import data
from vae_core.explore.linear import three_ways as explore
from vae_core.explore.linear.three_ways import PPCA
from vae_core.models import ppca
from vae_core.models.pca import spectrum

D = 10


@pytest.fixture(scope="module")
def eigenvalues() -> np.ndarray:
    return spectrum(data.load("digits").train.x).eigenvalues


def test_the_closed_form_is_that_of_the_model(eigenvalues: np.ndarray) -> None:
    model = ppca.PPCA(ppca.PPCASpec(dataset="digits", latent_dim=D))
    x = data.load("digits").train.x
    model.solve(x)
    best = explore.closed_form(eigenvalues, D)
    assert best.noise == pytest.approx(eigenvalues[D:].mean(), rel=1e-12)
    assert float(model.noise_variance) == pytest.approx(best.noise, rel=1e-6)
    log_px = model.log_px(torch.from_numpy(x / 255)).mean().item()
    assert explore.log_px(eigenvalues, best) == pytest.approx(log_px, abs=1e-3)  # the model's weights are float32


@pytest.mark.parametrize("noise", [0.01, 0.1, 1.0, 10.0])
def test_em_never_falls_and_ends_at_the_closed_form(eigenvalues: np.ndarray, noise: float) -> None:
    way, best = explore.em(eigenvalues, explore.start(eigenvalues, D, noise, seed=1)), explore.closed_form(eigenvalues, D)
    assert np.diff(way.log_px).min() > -1e-11  # rounding
    assert way.noises[0] == noise
    assert way.log_px[-1] == pytest.approx(explore.log_px(eigenvalues, best), abs=1e-8)
    assert way.noises[-1] == pytest.approx(best.noise, rel=1e-8)
    assert way.angles[-1] < 1e-3 < 45 < way.angles[0]


@pytest.mark.parametrize("noise", [0.01, 0.1, 1.0, 10.0])
def test_gradient_ascent_ends_at_the_closed_form_and_never_above(eigenvalues: np.ndarray, noise: float) -> None:
    way, best = explore.ascent(eigenvalues, explore.start(eigenvalues, D, noise, seed=1)), explore.closed_form(eigenvalues, D)
    most = explore.log_px(eigenvalues, best)
    assert way.log_px.max() < most + 1e-10
    assert way.log_px[-1] == pytest.approx(most, abs=0.1)
    assert way.noises[-1] == pytest.approx(best.noise, rel=0.02)


def test_log_px_is_that_of_the_gaussian_with_its_covariance() -> None:
    rng = np.random.default_rng(0)
    eigenvalues, model = np.sort(rng.uniform(0.1, 2, 7))[::-1], PPCA(rng.normal(size=(7, 3)), 0.3)
    c = model.weight @ model.weight.T + 0.3 * np.eye(7)
    said = -0.5 * (7 * np.log(2 * np.pi) + np.linalg.slogdet(c)[1] + np.trace(np.linalg.inv(c) @ np.diag(eigenvalues)))
    assert explore.log_px(eigenvalues, model) == pytest.approx(said, rel=1e-12)


def test_the_gradient_is_that_of_log_px() -> None:
    rng, h = np.random.default_rng(0), 1e-5
    eigenvalues, model = np.sort(rng.uniform(0.1, 2, 7))[::-1], PPCA(rng.normal(size=(7, 3)), 0.3)
    by_weight, by_log_noise = explore.gradient(eigenvalues, model)
    for place in np.ndindex(model.weight.shape):
        step = np.zeros_like(model.weight)
        step[place] = h
        up, down = (explore.log_px(eigenvalues, PPCA(model.weight + sign * step, 0.3)) for sign in (1, -1))
        assert by_weight[place] == pytest.approx((up - down) / (2 * h), abs=1e-7)
    up, down = (explore.log_px(eigenvalues, PPCA(model.weight, 0.3 * np.exp(sign * h))) for sign in (1, -1))
    assert by_log_noise == pytest.approx((up - down) / (2 * h), abs=1e-7)


def test_noise_needs_variance_that_is_left(eigenvalues: np.ndarray) -> None:
    with pytest.raises(ValueError, match="latent_dim must be from 1 to"):
        explore.closed_form(eigenvalues, len(eigenvalues))
