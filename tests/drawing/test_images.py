"""Images as pictures: enlarged by whole pixels, with errors on one scale, in grids."""

from __future__ import annotations

import numpy as np
import pytest

from tests.harness import pixels
from vae_core.drawing import images


def test_an_enlarged_image_has_squares_for_pixels() -> None:
    image = np.arange(2 * 3, dtype=np.uint8).reshape(1, 2, 3) * 40
    big = pixels(images.image_png(image, times=5))
    assert big.shape == (10, 15)
    np.testing.assert_array_equal(big, np.kron(image[0], np.ones((5, 5), np.uint8)))


def test_what_lies_outside_zero_and_one_is_shown_black_or_white() -> None:
    shown = images.as_bytes(np.array([[[-0.5, 0.0, 0.5, 1.0, 1.5]]]))
    assert shown.tolist() == [[0, 0, 128, 255, 255]]


def test_an_image_of_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match=r"image must have shape \(1, H, W\) or \(3, H, W\), got \(2, 4, 4\)"):
        images.as_bytes(np.zeros((2, 4, 4)))


def test_an_error_map_is_white_at_zero_blue_below_and_red_above() -> None:
    red_green_blue = images.error_map(np.array([[[-1.0, 0.0, 1.0]]]))[:, 0].astype(int)  # (3, 3 pixels)
    assert red_green_blue[2, 0] > red_green_blue[0, 0] + 80
    assert red_green_blue[:, 1].tolist() == [247, 247, 247]
    assert red_green_blue[0, 2] > red_green_blue[2, 2] + 80


def test_errors_beyond_the_scale_are_drawn_as_its_end() -> None:
    np.testing.assert_array_equal(images.error_map(np.full((1, 1, 1), 0.7), 0.5), images.error_map(np.full((1, 1, 1), 0.5), 0.5))


@pytest.mark.parametrize(("size", "limit"), [(0.0, 0.125), (0.1, 0.125), (0.3, 0.5), (-0.9, 1.0), (3.0, 1.0)])
def test_the_scale_of_errors_covers_what_is_shown(size: float, limit: float) -> None:
    assert images.error_limit(np.full((2, 1, 4, 4), size)) == limit


def test_a_grid_keeps_its_order_and_proportions() -> None:
    tiles = np.arange(6, dtype=np.uint8).reshape(2, 3, 1, 1, 1) * np.ones((2, 3, 1, 4, 2), np.uint8) * 40
    grid = pixels(images.grid_png(tiles, times=3, gap=2))
    assert grid.shape == (2 * 12 + 2, 3 * 6 + 2 * 2, 4)
    assert [grid[y, x, 0] for y in (0, 14) for x in (0, 8, 16)] == [0, 40, 80, 120, 160, 200]
    assert grid[0, 6, 3] == 0  # transparent between images
