"""Denoising: the closed form of the best linear denoiser, noise that lies where it was painted, and what the shipped models reach."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from vae_core import data as datasets
from vae_core.data import drawn
from vae_core.explore.autoencoders import denoising
from vae_core.explore.autoencoders.denoising import STRENGTHS, LinearDenoiser, best_linear, denoised, noisy, sse
from vae_core.explore.means import mean_of
from vae_core.models.pca import Spectrum, spectrum
from vae_core.specs import Corruption
from vae_core.store import SHIPPED, Store
from vae_core.training.grids import read_grids

TRAIN, TEST = datasets.load("digits").train.x, datasets.load("digits").test.x
KINDS = [("gaussian", 0.25), *STRENGTHS.items()]


@cache
def exact() -> Spectrum:
    return spectrum(TRAIN)


@cache
def linear(kind: Corruption, strength: float) -> LinearDenoiser:
    return best_linear(exact(), kind, strength)


def shipped_errors(name: str, kind: Corruption, x: np.ndarray) -> np.ndarray:
    seen = noisy(x, kind, STRENGTHS[kind])
    return sse(x, denoised(Store().load(denoising.specs("digits")[name]), seen))


def test_the_best_linear_denoiser_of_gaussian_noise_shrinks_each_component() -> None:
    """V diag(λ/(λ + σ²)) Vᵀ, by solving the normal equations of images and noise instead."""
    sigma, of = 0.25, exact()
    covariance = np.cov(TRAIN.reshape(len(TRAIN), -1).T / 255, bias=True)
    expected = np.linalg.solve(covariance + sigma**2 * np.eye(64), covariance)
    np.testing.assert_allclose(linear("gaussian", sigma).weight, expected, atol=1e-9)
    at_all = float((of.eigenvalues * sigma**2 / (of.eigenvalues + sigma**2)).sum())
    assert linear("gaussian", sigma).expected_sse() == pytest.approx(at_all, rel=1e-9)
    assert linear("gaussian", sigma).expected_sse(64) == pytest.approx(at_all, rel=1e-9)


@pytest.mark.parametrize(("kind", "strength"), KINDS)
def test_the_closed_form_is_what_drawn_noise_gives_and_no_linear_map_near_it_is_better(kind: Corruption, strength: float) -> None:
    best, x = linear(kind, strength), np.repeat(TRAIN, 5, axis=0)
    seen = noisy(x, kind, strength, seed=3)
    errors = mean_of(sse(x, best(seen)))
    assert errors.half_width is not None
    assert errors.value == pytest.approx(best.expected_sse(), abs=1.5 * errors.half_width)
    np.testing.assert_allclose(seen.reshape(len(seen), -1).mean(0), best.noisy_mean, atol=0.03)
    rng = np.random.default_rng(0)
    for _ in range(3):
        near = best.weight + 0.02 * rng.standard_normal(best.weight.shape)
        other = LinearDenoiser(near, best.mean, best.noisy_mean, best.kept, best.total)
        assert mean_of(sse(x, other(seen)) - sse(x, best(seen))).value > 0


def test_what_is_not_painted_stays_and_what_is_gets_the_noise() -> None:
    painted = np.zeros((8, 8), bool)
    painted[2:5, 3:] = True
    for kind in STRENGTHS:
        seen = noisy(TEST[:50], kind, 0.5, painted=painted)
        assert (seen[..., ~painted] == TEST[:50][..., ~painted] / np.float32(255)).all()
        assert (seen[..., painted] != TEST[:50][..., painted] / np.float32(255)).mean() > 0.3
    assert set(np.unique(noisy(TEST[:50], "salt_and_pepper", 0.1, painted=painted)[..., painted])) == {0.0, 1.0}
    assert (noisy(TEST[:50], "mask", 0.1, painted=painted)[..., painted] == 0).all()


def test_a_trained_linear_denoiser_does_not_beat_the_closed_form_and_one_that_is_not_linear_does() -> None:
    best, d = linear("gaussian", STRENGTHS["gaussian"]), denoising.LATENT_DIMS["digits"]
    trained = mean_of(shipped_errors("linear", "gaussian", TRAIN))
    assert trained.half_width is not None
    assert best.expected_sse() < best.expected_sse(d) < trained.value + trained.half_width
    assert trained.value < 1.02 * best.expected_sse(d) + trained.half_width
    on_test = sse(TEST, best(noisy(TEST, "gaussian", STRENGTHS["gaussian"])))
    assert mean_of(shipped_errors("linear", "gaussian", TEST) - on_test).value > 0
    gain = mean_of(on_test - shipped_errors("gaussian", "gaussian", TEST))
    assert gain.tells_apart and gain.value > 0


def test_codes_of_a_denoising_autoencoder_move_less_and_those_of_clean_images_not_at_all() -> None:
    moved = {}
    for name in ("plain", "gaussian"):
        model = Store().load(denoising.specs("digits")[name])
        assert denoising.drift(model, TEST, "gaussian", 1e-9).max() < 1e-9
        moved[name] = denoising.drift(model, TEST, "gaussian", 0.25)
        clean, seen = (model.encode(x.clip(0, 1)).mean.numpy() for x in (TEST / 255, noisy(TEST, "mask", 0.2)))
        expected = np.square(seen - clean).sum(1) / np.square(clean - clean.mean(0)).sum(1).mean()
        np.testing.assert_allclose(denoising.drift(model, TEST, "mask", 0.2), expected, rtol=1e-4)
    assert mean_of(moved["plain"] - moved["gaussian"]).value > 0


def test_the_page_knows_the_models_that_come_with_the_program() -> None:
    shipped = {spec.fingerprint for spec in read_grids(SHIPPED / "denoising.json")}
    plain = {denoising.specs(name)["plain"].fingerprint for name in denoising.LATENT_DIMS}
    assert {spec.fingerprint for name in denoising.LATENT_DIMS for spec in denoising.specs(name).values()} == shipped | plain
    assert all(spec in Store() for name in denoising.LATENT_DIMS for spec in denoising.specs(name).values())


def test_errors_of_painted_pixels_and_of_the_others_are_all_of_it_and_the_code_keeps_its_place() -> None:
    code = next(iter(denoising.presets(8).values()))
    painted = denoising.painted_pixels(code, 8)
    assert (painted == drawn.decoded(code, 8)[::-1]).all() and 0.1 < painted.mean() < 0.5
    assert denoising.painted_pixels(denoising.presets(8)["lower half"], 8)[4:].all()
    assert not denoising.painted_pixels(denoising.presets(8)["lower half"], 8)[:4].any()
    seen = noisy(TEST, "gaussian", 0.5, painted=painted)
    before = denoising.painted_errors(None, TEST, "gaussian", 0.5, painted)
    np.testing.assert_allclose(before, [sse(TEST, seen), np.zeros(len(TEST))], atol=1e-9)
    best = linear("gaussian", 0.5)
    inside, outside = denoising.painted_errors(best, TEST, "gaussian", 0.5, painted)
    np.testing.assert_allclose(inside + outside, sse(TEST, best(seen)))
    apart = np.square(best(seen) - TEST / 255)[:, 0]
    np.testing.assert_allclose(inside, (apart * painted).sum((1, 2)))


def test_of_fewer_images_than_pixels_there_is_a_best_linear_denoiser_too() -> None:
    few = TRAIN[:40]
    best, eigenvalues = best_linear(spectrum(few), "gaussian", 0.5), spectrum(few).eigenvalues
    assert best.expected_sse() == pytest.approx(float((eigenvalues * 0.25 / (eigenvalues + 0.25)).sum()), rel=1e-9)
    masked, x = best_linear(spectrum(few), "mask", 0.5), np.repeat(few, 100, axis=0)
    errors = mean_of(sse(x, masked(noisy(x, "mask", 0.5, seed=1))))
    assert errors.half_width is not None and errors.value == pytest.approx(masked.expected_sse(), abs=1.5 * errors.half_width)
