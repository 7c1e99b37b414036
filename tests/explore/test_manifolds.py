"""Grids, paths, averages and toy manifolds do what their equations say."""

from __future__ import annotations

import io
import math
import re
from statistics import NormalDist

import numpy as np
import pytest
import torch
from PIL import Image
from scipy.stats import norm

from tests.harness import CPU, ROOT, tiny_spec
from vae_core import data as datasets
from vae_core.explore import codes as latents
from vae_core.explore.autoencoders import toy_manifolds
from vae_core.explore.codes_figure import latent_scatter
from vae_core.explore.latent import samples
from vae_core.explore.latent.paths import interpolation, prior_range, score_along, spherical, straight, traversal
from vae_core.explore.latent.paths_figure import film
from vae_core.explore.latent.smoothness import average_at, effective_sample_size, optimal_decoder, posterior_weights
from vae_core.explore.latent_pad import decoded
from vae_core.explore.latent_pad_figure import COLUMNS, LARGEST, sprite_sheet
from vae_core.explore.manifolds import cell_edges, grid_axis, manifold_grid
from vae_core.explore.manifolds_figure import Panel, enlargement, ink_png, manifold_grids, panel_png
from vae_core.models import LatentModel, build
from vae_core.models.vae import VAESpec
from vae_core.networks import initialise
from vae_core.store import Store
from vae_core.training.fit import fit


@pytest.fixture(scope="module")
def digits() -> datasets.Images:
    return datasets.load("digits")


@pytest.fixture(scope="module")
def vae(tiny_store: Store) -> LatentModel:
    return tiny_store.load(tiny_spec("vae"))


@pytest.fixture(scope="module")
def test_codes(vae: LatentModel, digits: datasets.Images) -> latents.Codes:
    return latents.codes(vae, digits.test.x)


# ---- the grid


@pytest.mark.parametrize("n", [2, 11, 20])
@pytest.mark.parametrize("extent", [1.0, 2.0, 3.5])
def test_the_coordinates_of_the_quantile_grid_are_inverse_normal_probabilities(n: int, extent: float) -> None:
    law = NormalDist()
    probabilities = np.linspace(law.cdf(-extent), law.cdf(extent), n)
    expected = [law.inv_cdf(p) for p in probabilities]
    assert np.abs(grid_axis(n, spacing="quantile", extent=extent) - expected).max() < 1e-12


def test_a_linear_grid_has_equal_steps_and_both_have_the_same_ends() -> None:
    linear, quantile = (grid_axis(9, spacing=s, extent=2.5) for s in ("linear", "quantile"))
    assert np.diff(linear) == pytest.approx(5 / 8)
    assert linear[[0, -1]] == pytest.approx([-2.5, 2.5])
    assert quantile[[0, -1]] == pytest.approx([-2.5, 2.5])


def test_a_grid_refuses_an_unknown_spacing_and_an_extent_of_nothing() -> None:
    with pytest.raises(ValueError, match="spacing must be one of quantile, linear"):
        grid_axis(5, spacing="log", extent=2)
    with pytest.raises(ValueError, match="extent must be above 0"):
        grid_axis(5, spacing="linear", extent=0)


def test_the_image_at_the_top_right_of_the_grid_is_at_the_largest_codes(vae: LatentModel, test_codes: latents.Codes) -> None:
    axis = grid_axis(5, spacing="linear", extent=2)
    grid = manifold_grid(vae, axis, codes=test_codes)
    assert np.allclose(grid.images[0, -1], decoded(vae, np.array([[2.0, 2.0]]))[0])
    assert np.allclose(grid.images[-1, 0], decoded(vae, np.array([[-2.0, -2.0]]))[0])
    assert np.allclose(grid.images[0, 0], decoded(vae, np.array([[-2.0, 2.0]]))[0])


def test_the_mass_of_all_cells_of_a_wide_grid_is_one(vae: LatentModel, test_codes: latents.Codes) -> None:
    axis = grid_axis(30, spacing="linear", extent=8)
    grid = manifold_grid(vae, axis, codes=test_codes)
    edges = cell_edges(axis)
    area = np.outer(np.diff(edges), np.diff(edges))
    assert (grid.aggregate * area).sum() == pytest.approx(1, abs=1e-6)
    assert (grid.prior * area).sum() == pytest.approx(1, abs=1e-9)
    assert grid.counts.sum() == len(test_codes.mean)


def test_the_aggregate_posterior_in_a_cell_agrees_with_draws_from_it(test_codes: latents.Codes) -> None:
    rng = np.random.default_rng(0)
    edges = (np.array([-0.5, 0.2, 0.9]), np.array([-1.0, 0.0]))
    mass = latents.aggregate_mass(test_codes, (0, 1), edges)
    i = rng.integers(0, len(test_codes.mean), 200_000)
    z = test_codes.mean[i] + test_codes.sd[i] * rng.standard_normal((len(i), 2))
    drawn = np.histogram2d(z[:, 1], z[:, 0], bins=(edges[1], edges[0]))[0] / len(z)
    assert np.abs(mass - drawn).max() < 4 * math.sqrt(0.25 / len(z))


def test_the_aggregate_posterior_in_a_cell_is_the_mean_of_products_of_the_normal_distribution(test_codes: latents.Codes) -> None:
    edges = np.linspace(-2, 2, 6), np.linspace(-1, 3, 4)
    across, up = (
        np.diff(norm.cdf((e - test_codes.mean[:, [d]].astype(float)) / test_codes.sd[:, [d]])) for d, e in zip((0, 1), edges, strict=True)
    )
    assert latents.aggregate_mass(test_codes, (0, 1), edges) == pytest.approx(up.T @ across / len(up), abs=1e-7)


def test_all_of_a_code_without_a_spread_lies_in_one_cell() -> None:
    codes = latents.Codes(np.array([[0.5, -0.5], [2.5, 0.5]], np.float32), np.zeros((2, 2), np.float32), has_prior=False)
    assert latents.aggregate_mass(codes, (0, 1), (np.arange(4.0), np.arange(-1.0, 2.0))).tolist() == [[0.5, 0, 0], [0, 0, 0.5]]


def test_every_cell_holds_the_codes_that_lie_in_it_with_the_largest_second_coordinate_on_top(vae: LatentModel) -> None:
    """Cells from −1.5 over −0.5 and 1.5 to 4.5 along both axes: two codes in the largest, one in the middle of the bottom row."""
    mean = np.array([[3.0, 4.0], [2.0, 2.0], [0.0, -1.0]], np.float32)
    grid = manifold_grid(vae, np.array([-1.0, 0.0, 3.0]), codes=latents.Codes(mean, np.zeros_like(mean), has_prior=True))
    assert grid.counts.tolist() == [[0, 0, 2], [0, 0, 0], [0, 1, 0]]
    assert grid.n_empty == 7
    assert grid.aggregate == pytest.approx(np.array([[0, 0, 2 / 3 / 9], [0, 0, 0], [0, 1 / 3 / 2, 0]]))
    across = np.diff(norm.cdf([-1.5, -0.5, 1.5, 4.5])) / [1, 2, 3]
    assert grid.prior == pytest.approx(np.outer(across[::-1], across))


def test_a_model_without_a_prior_has_a_grid_in_the_scale_of_its_codes(tiny_store: Store, digits: datasets.Images) -> None:
    pca = tiny_store.load(tiny_spec("pca"))
    codes = latents.codes(pca, digits.test.x)
    grid = manifold_grid(pca, grid_axis(5, spacing="linear", extent=2), codes=codes)
    assert grid.prior is None
    assert np.allclose(grid.scale, codes.mean.std(0), rtol=1e-5)


def test_a_deterministic_encoder_is_given_a_kernel_of_a_tenth_of_the_spread_of_its_codes() -> None:
    mean = np.random.default_rng(0).standard_normal((1000, 2)).astype(np.float32) * [3.0, 0.5]
    point = latents.Codes(mean, np.zeros_like(mean), has_prior=False)
    wide = latents.Codes(mean, np.tile(0.1 * mean.std(0), (1000, 1)), has_prior=True)
    assert posterior_weights(point, mean[0]) == pytest.approx(posterior_weights(wide, mean[0]), rel=1e-6)


def test_the_grid_figure_holds_the_densities_of_its_panels_and_its_png_all_images(vae: LatentModel, test_codes: latents.Codes) -> None:
    axis = grid_axis(6, spacing="quantile", extent=2)
    grid = manifold_grid(vae, axis, codes=test_codes)
    panel = Panel("VAE", grid.images, axis, grid.aggregate)
    figure = manifold_grids([panel, panel], density_name="q(z)")
    assert len(figure.data) == 2
    assert len(figure.layout.images) == 2
    assert np.allclose(figure.data[0].z, grid.aggregate[::-1])
    assert np.allclose(figure.data[0].customdata[0, -1], [axis[-1], axis[0]])
    picture = Image.open(io.BytesIO(panel_png(grid.images)))
    assert picture.width == picture.height == 6 * 8 * 4 + 5


def test_ink_is_white_and_as_opaque_as_a_pixel_is_light() -> None:
    images = np.arange(180, dtype=np.float64).reshape(3, 3, 1, 5, 4) / 255
    drawn = np.asarray(Image.open(io.BytesIO(ink_png(images))).convert("RGBA"))
    assert (drawn[..., :3] == 255).all()
    assert (
        drawn[:: enlargement(images), :: enlargement(images), 3].tolist()
        == np.block([[np.arange(20).reshape(5, 4) + 20 * (3 * row + column) for column in range(3)] for row in range(3)]).tolist()
    )


# ---- codes


def test_dimensions_come_in_the_order_of_their_variance() -> None:
    mean = np.random.default_rng(0).standard_normal((500, 3)) * [0.1, 2.0, 1.0]
    codes = latents.Codes(mean.astype(np.float32), np.ones((500, 3), np.float32), has_prior=True)
    assert codes.by_activity == (1, 2, 0)
    assert latents.on_dims(codes, (1, 2)).explained > 0.99


@pytest.mark.parametrize(("has_prior", "low", "high"), [(False, 5.0, 995.0), (True, -3.1, 995.0)])
def test_a_view_leaves_out_half_a_percent_of_the_codes_at_either_end(has_prior: bool, low: float, high: float) -> None:
    """Codes at 0, 1 … 1000 along the second dimension, and a twentieth of the room beside what is held."""
    mean = np.stack([np.full(1001, 7.0), np.ones(1001), np.random.default_rng(0).permutation(1001)], axis=1).astype(np.float32)
    x, y, half_width = latents.view_of(latents.Codes(mean, np.ones_like(mean), has_prior), (1, 2))
    assert (y, half_width) == (pytest.approx((low + high) / 2), pytest.approx(1.05 * (high - low) / 2))
    assert x == pytest.approx(0 if has_prior else 1)


def test_the_nearest_code_is_the_one_at_the_least_distance() -> None:
    mean = np.array([[10.0, 0.0], [3.0, 4.0], [0.0, -6.0]], np.float32)
    codes = latents.Codes(mean, np.ones_like(mean), has_prior=True)
    assert latents.nearest_code(codes, np.zeros(2)) == (1, 5.0)
    assert latents.nearest_code(codes, np.array([10.0, 1.0])) == (0, 1.0)


def test_principal_axes_hold_at_least_as_much_as_any_two_dimensions(tiny_store: Store, digits: datasets.Images) -> None:
    codes = latents.codes(tiny_store.load(tiny_spec("vae", 5)), digits.test.x)
    best = latents.on_principal_axes(codes)
    assert best.explained >= max(latents.on_dims(codes, (i, j)).explained for i in range(5) for j in range(i)) - 1e-9
    assert best.points.shape == (len(digits.test), 2)


def test_the_numbers_of_an_image_average_to_those_of_the_evaluation(vae: LatentModel, digits: datasets.Images, tiny_store: Store) -> None:
    metrics = tiny_store.find(tiny_spec("vae")).metrics
    found = latents.per_image(vae, digits.test.x)
    assert found["ELBO"].mean() == pytest.approx(metrics["elbo"], rel=1e-6)
    assert found["rate"].mean() == pytest.approx(metrics["rate"], rel=1e-6)
    assert found["SSE"].mean() == pytest.approx(metrics["sse"], rel=1e-6)


def test_a_scatter_holds_every_point_once_with_its_number(test_codes: latents.Codes, digits: datasets.Images) -> None:
    figure = latent_scatter(test_codes.mean, ("z1", "z2"), labels=digits.test.labels)
    numbers = np.concatenate([trace.customdata for trace in figure.data])
    assert sorted(numbers) == list(range(len(digits.test)))
    assert len({trace.marker.symbol for trace in figure.data}) == 10
    coloured = latent_scatter(test_codes.mean, ("z1", "z2"), values=np.arange(len(test_codes.mean)), value_name="rate")
    assert len(coloured.data[0].x) == len(digits.test)


def test_a_sheet_of_thumbnails_holds_each_image_in_its_place_and_fits(digits: datasets.Images) -> None:
    png, n = sprite_sheet(digits.test.x)
    sheet = np.asarray(Image.open(io.BytesIO(png)))
    assert n == len(digits.test)
    row, column = divmod(73, COLUMNS)
    assert np.array_equal(sheet[8 * row : 8 * row + 8, 8 * column : 8 * column + 8], digits.test.x[73, 0])
    noise = np.random.default_rng(0).integers(0, 256, (2000, 1, 28, 28), dtype=np.uint8)  # cannot be compressed
    png, n = sprite_sheet(noise)
    assert len(png) <= LARGEST
    assert n > 1000


# ---- samples


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


# ---- paths


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


def test_a_model_knows_its_own_images_better_than_noise(trained: LatentModel, digits: datasets.Images) -> None:
    known = digits.test.x[:4] / 255
    noise = np.random.default_rng(0).random(known.shape)
    assert score_along(trained, known).min() > score_along(trained, noise).max()


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
    found = score_along(model, np.concatenate([grey, grey, np.zeros_like(grey), np.ones_like(grey)])) + 64 * math.log1p(math.e)
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


# ---- why samples are smooth


def test_weights_add_up_to_one_and_wider_posteriors_average_more_images(vae: LatentModel, digits: datasets.Images) -> None:
    codes = latents.codes(vae, digits.train.x)
    sizes = [effective_sample_size(posterior_weights(codes, np.array([0.4, 0.1]), widen=w)) for w in (0.5, 1, 2, 4, 8)]
    assert posterior_weights(codes, np.zeros(2)).sum() == pytest.approx(1)
    assert sizes == sorted(sizes)
    assert effective_sample_size(np.full(10, 0.1)) == pytest.approx(10)
    assert effective_sample_size(np.eye(10)[0]) == pytest.approx(1)


def test_the_weights_are_the_ratio_of_the_posteriors_own_densities(vae: LatentModel, digits: datasets.Images) -> None:
    x, z = digits.train.x[:50], np.array([0.2, -0.3])
    with torch.no_grad():
        log_q = vae.encode(torch.tensor(x) / 255).log_prob(torch.tensor(z, dtype=torch.float32)).double()
    assert posterior_weights(latents.codes(vae, x), z) == pytest.approx(log_q.softmax(0).numpy(), rel=1e-4)


def test_the_weighted_mean_is_the_decoder_of_least_squared_error_and_cross_entropy(vae: LatentModel, digits: datasets.Images) -> None:
    """For a fixed encoder: the derivative of both expected losses with respect to the image drawn at z is zero there."""
    x = digits.train.x
    weights = posterior_weights(latents.codes(vae, x), np.array([0.1, 0.3]))
    drawn = torch.tensor(optimal_decoder(x, weights).clip(1e-6, 1 - 1e-6), requires_grad=True)
    images, w = torch.tensor(x / 255.0), torch.tensor(weights)
    squared = (w * ((images - drawn) ** 2).flatten(1).sum(1)).sum()
    entropy = -(w * (images * drawn.log() + (1 - images) * (1 - drawn).log()).flatten(1).sum(1)).sum()
    for loss in (squared, entropy):
        (slope,) = torch.autograd.grad(loss, drawn, retain_graph=True)
        inside = (drawn > 1e-4) & (drawn < 1 - 1e-4)
        assert slope[inside].abs().max() < 1e-5


def test_no_network_beats_the_weighted_mean_on_the_training_images(vae: LatentModel, digits: datasets.Images) -> None:
    x = digits.train.x
    codes = latents.codes(vae, x)
    rng = np.random.default_rng(0)
    chosen = rng.integers(0, len(x), 300)
    z = codes.mean[chosen] + codes.sd[chosen] * rng.standard_normal((300, 2))
    target = x[chosen] / 255.0
    network = ((decoded(vae, z) - target) ** 2).reshape(300, -1).sum(1).mean()
    mean = np.mean([((average_at(codes, x, at).mean - image) ** 2).sum() for at, image in zip(z, target, strict=True)])
    assert network >= mean


def test_the_named_images_are_those_of_the_largest_weights(vae: LatentModel, digits: datasets.Images) -> None:
    codes = latents.codes(vae, digits.train.x)
    average = average_at(codes, digits.train.x, codes.mean[17].astype(float), k=5)
    weights = posterior_weights(codes, codes.mean[17].astype(float))
    assert np.allclose(average.weights, np.sort(weights)[::-1][:5])
    assert average.n == len(digits.train)


# ---- toys


@pytest.mark.parametrize(("dataset", "latent_dim"), [("moons", 1), ("ring", 2), ("spiral", 1)])
@pytest.mark.parametrize("scale", [0.1, "learned"])
def test_the_density_of_a_toy_integrates_to_one(dataset: str, latent_dim: int, scale: float | str) -> None:
    frames = list(toy_manifolds.toy_frames(toy_manifolds.toy_spec(dataset, latent_dim, hidden=16, n_epochs=2, scale=scale)))
    assert [frame.epoch for frame in frames] == [0, 1, 2]
    assert all(frame.metrics["integral"] == pytest.approx(1, abs=1e-3) for frame in frames)


def test_the_density_of_a_toy_agrees_with_quadrature_point_by_point() -> None:
    from vae_core.bounds import log_px_by_quadrature

    model = build(toy_manifolds.toy_spec("moons", 1, hidden=16, n_epochs=1)).requires_grad_(False)
    axis = np.linspace(-1, 1, 9)
    points = torch.tensor(np.stack(np.meshgrid(axis, axis), -1).reshape(-1, 2), dtype=torch.float32)
    expected = log_px_by_quadrature(model, points, toy_manifolds.BOXES[1]).exp().reshape(9, 9).numpy()
    assert toy_manifolds.density_in_plane(model, axis) == pytest.approx(expected, rel=1e-3, abs=1e-12)


@pytest.mark.parametrize(("dataset", "latent_dim"), [("moons", 1), ("swiss_roll", 2), ("ring", 2)])
def test_the_magnification_is_the_root_of_the_determinant_of_the_metric(dataset: str, latent_dim: int) -> None:
    model = build(toy_manifolds.toy_spec(dataset, latent_dim, hidden=8, n_epochs=1)).requires_grad_(False)
    initialise(model, torch.zeros(model.spec.identity.shape), torch.Generator().manual_seed(0))
    z = torch.randn((5, latent_dim), generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    h, units = 1e-6, torch.eye(latent_dim, dtype=torch.float64)
    found = toy_manifolds.magnification(model, z.float())
    model.double()
    for at, root in zip(z, found, strict=True):
        columns = [(model.decode((at + h * e)[None]).mean - model.decode((at - h * e)[None]).mean)[0] / (2 * h) for e in units]
        jacobian = torch.stack(columns, -1)
        assert float(root) == pytest.approx(float(torch.linalg.det(jacobian.T @ jacobian).sqrt()), rel=1e-3, abs=1e-5)


def test_a_toy_learns_its_data_and_a_frame_travels_whole() -> None:
    frames = list(toy_manifolds.toy_frames(toy_manifolds.toy_spec("moons", 1, n_epochs=4)))
    assert frames[-1].metrics["elbo"] > frames[1].metrics["elbo"] > frames[0].metrics["elbo"]
    file = io.BytesIO()
    for frame in frames:
        toy_manifolds.write_frame(file, frame)
    file.seek(0)
    again = [toy_manifolds.read_frame(file) for _ in frames]
    assert [frame.metrics for frame in again] == [frame.metrics for frame in frames]
    assert np.allclose(again[-1].manifold, frames[-1].manifold)
    assert toy_manifolds.read_frame(file) is None
    assert toy_manifolds.read_frame(io.BytesIO(file.getvalue()[:100])) is None


def test_training_a_toy_is_the_same_as_training_its_spec() -> None:
    spec = toy_manifolds.toy_spec("moons", 1, hidden=16, n_epochs=2)
    frame = list(toy_manifolds.toy_frames(spec))[-1]
    model = build(spec)
    for _ in fit(model, datasets.load("moons"), device=CPU):
        pass
    with torch.no_grad():
        z = torch.tensor(frame.axis[:, None], dtype=torch.float32)
        assert np.array_equal(model.decode(z).mean.numpy(), frame.manifold)
