"""Paths between codes: their ends, their norm, how well a model knows what lies on them."""

from __future__ import annotations

import io
import math
import re
from statistics import NormalDist

import numpy as np
import pytest
from PIL import Image

from tests.harness import ROOT
from vae_core import data
from vae_core.explore.latent.paths import interpolation, least_along, prior_range, scores_along, spherical, straight, traversal
from vae_core.explore.latent.paths_figure import film
from vae_core.explore.latent_pad import decoded
from vae_core.models import LatentModel, build
from vae_core.models.vae import VAESpec


@pytest.mark.parametrize("way", ["straight", "spherical"])
@pytest.mark.parametrize("dim", [1, 2, 20])
def test_a_path_begins_and_ends_at_the_codes_of_its_images(way: str, dim: int) -> None:
    a, b = np.random.default_rng(dim).standard_normal((2, dim)).astype(np.float32)
    path = interpolation(a, b, 9, way)
    assert np.array_equal(path[0], a)
    assert np.array_equal(path[-1], b)


def test_the_spherical_path_keeps_the_norm() -> None:
    rng = np.random.default_rng(0)
    a, b = rng.standard_normal((2, 20))
    t = np.linspace(0, 1, 33)
    norms = np.linalg.norm(spherical(a, b / np.linalg.norm(b) * np.linalg.norm(a), t), axis=1)
    assert np.abs(norms - np.linalg.norm(a)).max() < 1e-9
    between = np.linalg.norm(spherical(a, b, t), axis=1)
    assert np.abs(between - ((1 - t) * np.linalg.norm(a) + t * np.linalg.norm(b))).max() < 1e-9
    angles = np.diff([math.acos(min(1, p @ a / np.linalg.norm(p) / np.linalg.norm(a))) for p in spherical(a, b, t)])
    assert angles == pytest.approx(angles[0], rel=1e-6)
    assert angles[0] > 0  # away from a


@pytest.mark.parametrize("b", [[2.0, 0.0], [-1.0, 0.0], [0.0, 0.0]])
def test_where_no_great_circle_is_singled_out_the_path_is_straight(b: list[float]) -> None:
    t = np.linspace(0, 1, 5)
    assert np.allclose(spherical(np.array([1.0, 0.0]), np.array(b), t), straight(np.array([1.0, 0.0]), np.array(b), t))


def test_a_traversal_changes_one_dimension_and_passes_through_the_image_itself(vae: LatentModel) -> None:
    z = np.array([0.3, -0.7])
    offsets = np.array([[-1.0, 0.3, 2.0], [-0.7, 0.0, 1.0]])
    images = traversal(vae, z, [0, 1], offsets)
    assert np.allclose(images[0, 1], decoded(vae, z[None])[0])
    assert np.allclose(images[1, 0], decoded(vae, z[None])[0])
    assert np.allclose(images[0, 2], decoded(vae, np.array([[2.0, -0.7]]))[0])


def test_a_model_knows_its_own_images_better_than_noise(trained: LatentModel, digits: data.Images) -> None:
    known = digits.test.x[:4] / 255
    noise = np.random.default_rng(0).random(known.shape)
    assert scores_along(trained, known).mean(0).min() > scores_along(trained, noise).mean(0).max()


def test_the_range_of_the_prior_is_the_one_that_the_page_says() -> None:
    said = (ROOT / "pages/latent/paths/words.md").read_text(encoding="utf-8")
    low, high = re.search(r"prior: Φ⁻¹ from ([\d.]+) % to ([\d.]+) %", said).groups()
    found = [NormalDist().cdf(value) for value in prior_range(9)]
    assert found == pytest.approx(np.linspace(float(low) / 100, float(high) / 100, 9))
    assert f"± {prior_range(9)[-1]:.1f} standard deviations" in said


def test_all_images_of_a_path_are_binarised_by_the_same_noise() -> None:
    """A model without z, whose bound is log p(b) itself: a pixel costs ln(1 + e) black and a nat less white."""
    model = build(VAESpec(dataset="digits", latent_dim=2, network="linear")).requires_grad_(False)
    for layer, logit in ((model.encoder.mu[2], 0.0), (model.decoder[0], 1.0)):
        layer.weight.zero_()
        layer.bias.fill_(logit)
    grey = np.full((1, 1, 8, 8), 0.2)
    found = scores_along(model, np.concatenate([grey, grey, np.zeros_like(grey), np.ones_like(grey)])).mean(0) + 64 * math.log1p(math.e)
    assert found[1] == pytest.approx(found[0], abs=1e-4)
    assert found[2:] == pytest.approx([0, 64], abs=1e-4)
    assert found[0] == pytest.approx(grey.sum(), abs=3)  # eight draws of 64 pixels deviate by 1.1; of one u for all they are eights


def test_a_film_goes_there_and_back_and_is_not_blurred() -> None:
    images = np.stack([np.full((1, 4, 4), v) for v in (0.0, 0.5, 1.0)])
    images[:, 0, 0, 0] = 1
    film_file = Image.open(io.BytesIO(film(images, times=3)))
    assert film_file.n_frames == 4
    film_file.seek(0)
    first = np.asarray(film_file.convert("L"))
    assert first.shape == (12, 12)
    assert set(np.unique(first)) == {0, 255}


def test_the_least_of_a_path_is_that_of_the_image_between_its_ends_with_the_least_mean() -> None:
    scores = np.array([[-9.0, -5.0, -3.0, 0.0], [-9.0, -1.0, -4.0, 0.0]])
    assert least_along(scores).tolist() == [-3.0, -4.0]
