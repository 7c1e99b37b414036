"""Photographs patch by patch: exact answers of PCA and pPCA, rates, and files that weigh what is said."""

from __future__ import annotations

import io
import math

import numpy as np
import pytest
import torch
from PIL import Image
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from tests.harness import CPU
from vae_core import data as datasets
from vae_core.data.patches import PHOTOGRAPHS, grid_patches, halves, photograph
from vae_core.explore.own.likeness import likeness, psnr
from vae_core.explore.own.photographs import as_photograph, coded, fitted_to, from_patches, leading, rate_point, to_patches, with_density
from vae_core.explore.own.photographs_figure import DETAIL, Print, Sheet, detail, shown_png
from vae_core.explore.own.picture_files import CODECS, QUALITIES, at_bits, at_psnr, curve, encoded
from vae_core.models import build, default_spec
from vae_core.models.inputs import model_input
from vae_core.models.pca import PCA, PCASpec, spectrum
from vae_core.models.vae import VAESpec
from vae_core.training.fit import fit


def china() -> np.ndarray:
    return halves("china")[1]


@pytest.fixture(scope="module")
def pca() -> PCA:
    """PCA of 8 × 8 patches with every component."""
    model = build(PCASpec(dataset="patches_8", latent_dim=192))
    list(fit(model, datasets.load("patches_8"), device=CPU))
    return model.eval()


@pytest.mark.parametrize("size", [8, 16])
def test_no_test_patch_comes_from_the_half_that_is_trained_on(size: int) -> None:
    images = datasets.load(f"patches_{size}")
    for label, name in enumerate(PHOTOGRAPHS):
        left, right = halves(name)
        assert np.array_equal(np.concatenate([left, right], axis=1), photograph(name))
        places = np.lib.stride_tricks.sliding_window_view(left, (size, size), axis=(0, 1)).reshape(-1, 3, size, size)
        known = {x.tobytes() for x in places}
        assert all(x.tobytes() in known for x in images.train.x[images.train.labels == label][:200])
        assert np.array_equal(images.test.x[images.test.labels == label], grid_patches(right, size))


def test_a_photograph_of_another_name_is_refused() -> None:
    with pytest.raises(ValueError, match="photograph must be one of china, flower, got 'moon'"):
        photograph("moon")


@pytest.mark.parametrize("shape", [(32, 32), (40, 57), (33, 47)])
@pytest.mark.parametrize("size", [8, 16])
def test_patches_put_together_are_the_photograph(shape: tuple[int, int], size: int) -> None:
    x = np.random.default_rng(0).integers(0, 256, (*shape, 3), dtype=np.uint8)
    patches = to_patches(x, size)
    assert patches.shape == (math.ceil(shape[0] / size) * math.ceil(shape[1] / size), 3, size, size)
    assert np.array_equal(from_patches(patches, *shape), x)
    assert np.array_equal(patches[0], x[:size, :size].transpose(2, 0, 1))


def test_a_large_image_is_reduced_in_proportion_and_a_tiny_one_refused() -> None:
    large = as_photograph(np.zeros((3000, 4000, 3), np.uint8))
    assert large.shape[0] * large.shape[1] <= 500_000
    assert large.shape[1] / large.shape[0] == pytest.approx(4 / 3, rel=0.01)
    assert as_photograph(np.full((40, 50), 7, np.uint8)).tolist() == np.full((40, 50, 3), 7).tolist()
    with pytest.raises(ValueError, match="photograph must be at least 32 × 32 pixels, or else another be chosen, got '50 × 20'"):
        as_photograph(np.zeros((20, 50), np.uint8))


def test_pca_with_every_component_gives_the_photograph_back(pca: PCA) -> None:
    found = coded(pca, china())
    assert found.likeness.psnr == math.inf
    assert found.likeness.ssim == pytest.approx(1)
    assert found.rate is None
    assert found.bits_per_pixel is None


@pytest.mark.parametrize("latent_dim", [3, 48])
def test_the_first_components_of_one_spectrum_are_the_pca_of_fewer(pca: PCA, latent_dim: int) -> None:
    trained = build(default_spec("pca", "patches_8", latent_dim))
    list(fit(trained, datasets.load("patches_8"), device=CPU))
    assert np.array_equal(coded(leading(pca, latent_dim), china()).picture, coded(trained, china()).picture)
    with pytest.raises(ValueError, match="latent_dim must be between 1 and 192, got 193"):
        leading(pca, 193)


@pytest.mark.parametrize("latent_dim", [3, 48])
def test_ppca_from_the_spectrum_of_pca_is_the_ppca_that_is_trained(pca: PCA, latent_dim: int) -> None:
    trained = build(default_spec("ppca", "patches_8", latent_dim))
    list(fit(trained, datasets.load("patches_8"), device=CPU))
    made, theirs = with_density(pca, latent_dim), coded(trained, china())
    ours = coded(made, china())
    assert ours.rate == pytest.approx(theirs.rate, rel=1e-3)
    assert np.abs(ours.picture.astype(int) - theirs.picture).max() <= 1
    x = model_input(datasets.load("patches_8").test.x[:50], CPU)
    torch.testing.assert_close(made.log_px(x), trained.log_px(x), rtol=1e-3, atol=0.05)


def test_more_components_cost_more_bits_and_keep_more(pca: PCA) -> None:
    points = [rate_point(with_density(pca, d), china()) for d in (1, 6, 24, 96)]
    assert np.all(np.diff(points, axis=0) > 0)


def test_the_rate_is_the_sum_of_the_patches_rates_in_bits_per_pixel() -> None:
    model = build(VAESpec(dataset="patches_8", latent_dim=4, hidden=(16,), likelihood="gaussian", scale=0.1)).eval()
    x = china()[:40, :48]  # thirty whole patches
    found = coded(model, x)
    with torch.no_grad():
        kl = model.encode(model_input(grid_patches(x, 8), CPU)).kl_per_dim().sum()
    assert found.rate == pytest.approx(float(kl), rel=1e-5)
    assert found.bits_per_pixel == pytest.approx(float(kl) / math.log(2.0) / (40 * 48), rel=1e-5)


def test_a_sampled_code_of_probabilistic_pca_costs_fidelity(pca: PCA) -> None:
    found = coded(with_density(pca, 12), halves("china")[1])
    assert found.sampled_psnr < found.likeness.psnr


def test_components_of_a_photographs_own_patches_keep_more_of_it_than_those_of_others(pca: PCA) -> None:
    x = halves("flower")[1]
    own = fitted_to(to_patches(x, 8), "patches_8")
    assert coded(leading(own, 12), x).likeness.psnr > coded(leading(pca, 12), x).likeness.psnr + 0.5
    exact = spectrum(to_patches(x, 8))
    sse = ((to_patches(x, 8) / 255 - leading(own, 12).reconstruct(model_input(to_patches(x, 8), CPU)).numpy()) ** 2).sum()
    assert sse / len(to_patches(x, 8)) == pytest.approx(exact.eigenvalues[12:].sum(), rel=1e-4)


def test_a_photograph_of_one_colour_has_a_rate_of_nothing() -> None:
    x = np.full((64, 64, 3), 90, np.uint8)
    own = fitted_to(to_patches(x, 8), "patches_8")
    found = coded(with_density(own, 5), x)
    assert found.rate == pytest.approx(0, abs=1e-3)
    assert found.likeness.psnr == math.inf


def test_the_least_noise_of_a_photograph_is_that_of_rounding_to_bytes() -> None:
    """Patches of two greys leave no other; and the error of rounding is measured."""
    exact = np.random.default_rng(0).random(1_000_000)
    two_greys = np.full((8, 3, 8, 8), 90, np.uint8)
    two_greys[::2] = 120
    noise = float(with_density(fitted_to(two_greys, "patches_8"), 1).noise_variance)
    assert noise == pytest.approx(((exact - np.round(255 * exact) / 255) ** 2).mean(), rel=0.01)


def test_psnr_and_ssim_are_the_librarys_and_psnr_is_the_formula() -> None:
    x, noise = china(), np.random.default_rng(0).normal(0, 8, china().shape)
    y = np.clip(x + noise, 0, 255).astype(np.uint8)
    found = likeness(x, y)
    assert found.psnr == pytest.approx(peak_signal_noise_ratio(x, y, data_range=255), rel=1e-12)
    assert found.ssim == pytest.approx(structural_similarity(x, y, channel_axis=-1, data_range=255), abs=1e-5)
    assert found.psnr == pytest.approx(10 * math.log10(255**2 / np.mean((x.astype(float) - y) ** 2)))
    assert psnr(x, x) == math.inf


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("bits_per_pixel", [0.3, 1.5])
def test_a_file_is_the_best_of_at_most_so_many_bits_and_its_weight_is_its_own(codec: str, bits_per_pixel: float) -> None:
    x = china()[-160:, :160]
    n_bits = bits_per_pixel * 160 * 160
    found = at_bits(x, codec, n_bits)
    assert Image.open(io.BytesIO(found.data)).format == codec.upper()
    assert found.bits_per_pixel == 8 * len(found.data) / 160**2 <= bits_per_pixel
    assert found.data == encoded(x, codec, found.quality)
    assert np.array_equal(found.picture, np.asarray(Image.open(io.BytesIO(found.data)).convert("RGB")))
    assert found.likeness == likeness(x, found.picture)
    assert 8 * len(encoded(x, codec, found.quality + 1)) > n_bits


@pytest.mark.parametrize("codec", CODECS)
def test_where_no_file_is_small_enough_the_smallest_is_shown(codec: str) -> None:
    x = china()[:64, :64]
    assert at_bits(x, codec, 1.0).quality == QUALITIES[codec][0]
    assert at_bits(x, codec, 1e9).quality == QUALITIES[codec][-1]
    assert at_psnr(x, codec, 0.0).quality == QUALITIES[codec][0]


@pytest.mark.parametrize("codec", CODECS)
def test_without_a_rate_a_file_has_the_psnr_of_the_model(codec: str) -> None:
    x = china()[-160:, :160]
    found = at_psnr(x, codec, 27.0)
    assert 25.5 < found.likeness.psnr <= 27.0


@pytest.mark.parametrize("codec", CODECS)
def test_the_curve_of_a_codec_goes_up(codec: str) -> None:
    assert np.all(np.diff(curve(china()[-160:, :160], codec), axis=0) > 0)


def test_a_sheet_shows_every_pixel_of_a_detail_and_reduces_whole_photographs() -> None:
    x = np.random.default_rng(0).integers(0, 256, (900, 1200, 3), dtype=np.uint8)
    part = detail(x, 1.0, 0.0)
    assert np.array_equal(part, x[: DETAIL[1], -DETAIL[0] :])
    html = Sheet((Print("<b>", part),), is_detail=True).to_html()
    assert "&lt;b&gt;" in html
    assert "pixelated" in html
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(shown_png(part)))), part)
    assert Image.open(io.BytesIO(shown_png(x))).size == (720, 540)
    assert len(Sheet((Print("a", x),)).to_html()) < 2_000_000
    assert Sheet((Print("a", x),)).to_html(lambda title, picture, is_detail: f"/{title}-{picture.shape}-{is_detail}").count("<img") == 1
    assert Image.open(io.BytesIO(Sheet((Print("a", x),)).to_png())).width >= 1200
    assert (Sheet((Print("a", x),) * 4).columns, Sheet((Print("a", x.transpose(1, 0, 2)),) * 4).columns) == (2, 4)
