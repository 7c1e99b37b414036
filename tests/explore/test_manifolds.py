"""Grids of decoded images, and how many codes each cell holds."""

from __future__ import annotations

import io
from statistics import NormalDist

import numpy as np
import pytest
from PIL import Image
from scipy.stats import norm

from tests.harness import tiny_model
from vae_core import data
from vae_core.explore.codes import Codes
from vae_core.explore.codes import codes as codes_of
from vae_core.explore.latent_pad import decoded
from vae_core.explore.manifolds import cell_edges, grid_axis, manifold_grid
from vae_core.explore.manifolds_figure import Panel, border, enlargement, ink_png, manifold_grids, panel_png
from vae_core.models import LatentModel


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


def test_the_image_at_the_top_right_of_the_grid_is_at_the_largest_codes(vae: LatentModel, test_codes: Codes) -> None:
    axis = grid_axis(5, spacing="linear", extent=2)
    grid = manifold_grid(vae, axis, codes=test_codes)
    assert np.allclose(grid.images[0, -1], decoded(vae, np.array([[2.0, 2.0]]))[0])
    assert np.allclose(grid.images[-1, 0], decoded(vae, np.array([[-2.0, -2.0]]))[0])
    assert np.allclose(grid.images[0, 0], decoded(vae, np.array([[-2.0, 2.0]]))[0])


def test_the_mass_of_all_cells_of_a_wide_grid_is_one(vae: LatentModel, test_codes: Codes) -> None:
    axis = grid_axis(30, spacing="linear", extent=8)
    grid = manifold_grid(vae, axis, codes=test_codes)
    edges = cell_edges(axis)
    area = np.outer(np.diff(edges), np.diff(edges))
    assert (grid.aggregate * area).sum() == pytest.approx(1, abs=1e-6)
    assert (grid.prior * area).sum() == pytest.approx(1, abs=1e-9)
    assert grid.counts.sum() == len(test_codes.mean)


def test_every_cell_holds_the_codes_that_lie_in_it_with_the_largest_second_coordinate_on_top(vae: LatentModel) -> None:
    """Cells from −1.5 over −0.5 and 1.5 to 4.5 along both axes: two codes in the largest, one in the middle of the bottom row."""
    mean = np.array([[3.0, 4.0], [2.0, 2.0], [0.0, -1.0]], np.float32)
    grid = manifold_grid(vae, np.array([-1.0, 0.0, 3.0]), codes=Codes(mean, np.zeros_like(mean), has_prior=True))
    assert grid.counts.tolist() == [[0, 0, 2], [0, 0, 0], [0, 1, 0]]
    assert grid.n_empty == 7
    assert grid.aggregate == pytest.approx(np.array([[0, 0, 2 / 3 / 9], [0, 0, 0], [0, 1 / 3 / 2, 0]]))
    across = np.diff(norm.cdf([-1.5, -0.5, 1.5, 4.5])) / [1, 2, 3]
    assert grid.prior == pytest.approx(np.outer(across[::-1], across))


def test_a_model_without_a_prior_has_a_grid_in_the_scale_of_its_codes(digits: data.Images) -> None:
    pca = tiny_model("pca")
    codes = codes_of(pca, digits.test.x)
    grid = manifold_grid(pca, grid_axis(5, spacing="linear", extent=2), codes=codes)
    assert grid.prior is None
    assert np.allclose(grid.scale, codes.mean.std(0), rtol=1e-5)


def test_the_grid_figure_holds_the_densities_of_its_panels_and_its_png_all_images(vae: LatentModel, test_codes: Codes) -> None:
    axis = grid_axis(6, spacing="quantile", extent=2)
    grid = manifold_grid(vae, axis, codes=test_codes)
    panel = Panel("VAE", grid.images, axis, grid.aggregate)
    figure = manifold_grids([panel, panel], density_name="q(z)").figure()
    assert len(figure.data) == 2
    assert len(figure.layout.images) == 2
    assert np.allclose(figure.data[0].z, grid.aggregate[::-1])
    assert np.allclose(figure.data[0].customdata[0, -1], [axis[-1], axis[0]])
    picture = Image.open(io.BytesIO(panel_png(grid.images)))
    gap = round(0.08 * 8 * 4)
    assert picture.width == picture.height == 6 * 8 * 4 + 5 * gap
    assert gap > 1


def test_ink_is_white_and_as_opaque_as_a_pixel_is_light() -> None:
    images = np.arange(180, dtype=np.float64).reshape(3, 3, 1, 5, 4) / 255
    drawn, times = np.asarray(Image.open(io.BytesIO(ink_png(images))).convert("RGBA")), enlargement(images)
    assert (drawn[..., :3] == 255).all()
    cells = drawn[..., 3].reshape(3, 6 * times, 3, 5 * times).swapaxes(1, 2)  # small images have half a blank pixel around them
    ink = cells[:, :, times // 2 : -times // 2, times // 2 : -times // 2]
    assert ink[:, :, ::times, ::times].ravel().tolist() == list(range(180))
    assert cells.sum() == ink.sum() == times**2 * sum(range(180))


def test_small_images_in_a_grid_keep_a_gap_and_large_ones_have_margins_of_their_own() -> None:
    alpha = {}
    for side in (8, 28):
        png = Image.open(io.BytesIO(ink_png(np.ones((3, 3, 1, side, side))))).convert("RGBA")
        alpha[side] = np.asarray(png)[..., 3]
    assert 0 < (alpha[8] == 0).mean() < 0.3
    assert alpha[8][:, :2].max() == 0
    assert (alpha[28] == 255).all()


def test_a_line_parts_the_cells_without_a_code_from_the_others() -> None:
    """Of 3 × 3 cells the two at the upper right: their left edges, and one lower edge."""
    is_empty = np.array([[False, True, True], [False, False, True], [False, False, False]])
    edges = {"M0.5,1.5L0.5,2.5", "M1.5,0.5L1.5,1.5", "M0.5,1.5L1.5,1.5", "M1.5,0.5L2.5,0.5"}
    assert set(border(is_empty).split()) == edges
    assert border(np.zeros((3, 3), bool)) == ""
    panel = Panel("VAE", np.zeros((3, 3, 1, 2, 2), np.float32), np.arange(-1.0, 2.0), None, is_empty=is_empty)
    assert manifold_grids([panel]).figure().layout.shapes[0].path == border(is_empty)
