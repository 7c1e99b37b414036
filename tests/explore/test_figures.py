"""Figures, by their arrays and their pixels."""

from __future__ import annotations

import base64
import io
import itertools
import re

import numpy as np
import pytest
from PIL import Image

from vae_core.drawing import images, theme
from vae_core.drawing.image_table import Head, ImageTable, Tile
from vae_core.explore.reconstructions_figure import Measured, comparison, measured_csv, samples, sse_by_latent_dim
from vae_core.explore.start.overview_figure import all_cards, model_card
from vae_core.models import FAMILIES

NORMAL = np.eye(3)
PROTANOPIA = np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]])
DEUTERANOPIA = np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]])
TRITANOPIA = np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]])
"""Machado, Oliveira & Fernandes 2009, severity 1, on linear RGB."""


def linear_rgb(colour: str) -> np.ndarray:
    s = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(s <= 0.04045, s / 12.92, ((s + 0.055) / 1.055) ** 2.4)


def oklab(rgb: np.ndarray) -> np.ndarray:
    """Ottosson 2020."""
    lms = np.cbrt(np.array([[0.41222, 0.53633, 0.05145], [0.21190, 0.68070, 0.10740], [0.08830, 0.28172, 0.62998]]) @ rgb.clip(0, 1))
    return np.array([[0.21045, 0.79362, -0.00407], [1.97800, -2.42859, 0.45059], [0.02590, 0.78277, -0.80868]]) @ lms


def contrast(a: str, b: str) -> float:
    """WCAG 2."""
    high, low = sorted((float(linear_rgb(c) @ [0.2126, 0.7152, 0.0722]) for c in (a, b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def smallest_distance(colours: list[str], vision: np.ndarray) -> float:
    seen = [oklab(vision @ linear_rgb(colour)) for colour in colours]
    return min(float(np.linalg.norm(a - b)) for a, b in itertools.combinations(seen, 2))


def pixels(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)))


@pytest.mark.parametrize("vision", [NORMAL, PROTANOPIA, DEUTERANOPIA, TRITANOPIA], ids=["normal", "protan", "deutan", "tritan"])
def test_class_colours_stay_apart_for_every_eye(vision: np.ndarray) -> None:
    assert smallest_distance(list(theme.CLASS_COLOURS), vision) > 0.11


@pytest.mark.parametrize("vision", [NORMAL, PROTANOPIA, DEUTERANOPIA, TRITANOPIA], ids=["normal", "protan", "deutan", "tritan"])
def test_family_colours_stay_apart_for_every_eye(vision: np.ndarray) -> None:
    assert smallest_distance([look.colour for look in theme.FAMILY_MARKS.values()], vision) > 0.08


def test_every_colour_is_seen_on_a_light_and_on_a_dark_page() -> None:
    for colour in (*theme.CLASS_COLOURS, *(look.colour for look in (*theme.FAMILY_MARKS.values(), *theme.SPARE_MARKS))):
        assert min(contrast(colour, images.PAPER["light"]), contrast(colour, images.PAPER["dark"])) > 1.6


def test_nothing_is_told_apart_by_colour_alone() -> None:
    looks = [theme.mark(family) for family in FAMILIES]
    for field in ("colour", "symbol", "dash", "glyph", "short"):
        assert len({getattr(look, field) for look in looks}) == len(FAMILIES)
    spare = [theme.mark(family) for family in ("flow", "gmm", "hierarchical-vae")]
    assert not {(look.colour, look.symbol, look.glyph) for look in spare} & {(look.colour, look.symbol, look.glyph) for look in looks}
    assert [look.short for look in spare] == ["Flow", "Gmm", "Hierarchical vae"]
    assert len(set(theme.CLASS_SYMBOLS)) == len(theme.CLASS_COLOURS) == 10


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


def x_and_reconstructions() -> tuple[np.ndarray, dict[str, np.ndarray]]:
    rng = np.random.default_rng(0)
    x = rng.integers(0, 256, (2, 1, 4, 3), dtype=np.uint8)
    return x, {"pca": x / 255 + 0.5, "vae": x / 255.0}


def test_a_comparison_shows_each_reconstruction_with_its_sse() -> None:
    x, columns = x_and_reconstructions()
    table = comparison(x, columns, captions=["#0: 1", "#1: 2"], focus="vae")
    assert [head.title for head in table.heads] == ["Original", "PCA", "VAE"]
    assert [head.is_focus for head in table.heads] == [False, False, True]
    assert [tile.caption for tile in table.rows[0]] == ["#0: 1", f"{12 * 0.25:.2f}", "0.00"]
    np.testing.assert_array_equal(table.rows[1][0].image, x[1])
    np.testing.assert_array_equal(table.rows[1][2].image, columns["vae"][1])


def test_a_comparison_of_errors_shows_error_maps_and_their_scale() -> None:
    x, columns = x_and_reconstructions()
    table = comparison(x, columns, show_errors=True)
    np.testing.assert_array_equal(table.rows[0][1].image, images.error_map(np.full((1, 4, 3), 0.5), 0.5))
    np.testing.assert_array_equal(table.rows[0][2].image, images.error_map(np.zeros((1, 4, 3))))
    assert "−0.5<" in table.to_html()
    assert "from −0.5 to 0.5, one scale for all" in table.note


def test_a_model_that_is_not_trained_leaves_its_column_empty() -> None:
    x, columns = x_and_reconstructions()
    table = comparison(x, {**columns, "autoencoder": np.empty((0,))})
    assert [row[3] for row in table.rows] == [None, None]
    assert table.to_html().count("<img") == 6
    assert table.to_png()


def images_of(html: str) -> list[np.ndarray]:
    return [pixels(base64.b64decode(data)) for data in re.findall(r"base64,([^\"]+)\"", html)]


def test_the_table_sends_every_image_in_its_own_pixels_and_enlarges_by_whole_numbers() -> None:
    image = np.arange(64, dtype=np.uint8).reshape(1, 8, 8)
    html = ImageTable((Head("x"),), ((Tile(image),),)).to_html()
    np.testing.assert_array_equal(images_of(html)[0], image[0])
    sizes = {(int(w), int(h)) for w, h in re.findall(r"none { width: (\d+)px; height: (\d+)px", html)}
    assert sizes
    assert all(w == h and w % 8 == 0 for w, h in sizes)
    assert "image-rendering: pixelated" in html


def test_the_table_is_never_stretched() -> None:
    html = ImageTable((Head("x"),), ((Tile(np.zeros((1, 28, 20), np.uint8)),),)).to_html()
    sizes = {(int(w), int(h)) for w, h in re.findall(r"none { width: (\d+)px; height: (\d+)px", html)}
    assert all(w * 28 == h * 20 for w, h in sizes)


def test_words_in_a_table_cannot_become_markup() -> None:
    html = ImageTable((Head("<b>x</b>", "<i>"),), ((Tile(np.zeros((1, 2, 2), np.uint8), "<script>"),),), ("<u>",), "<p>").to_html()
    assert not re.search(r"<(script|u|p|b>x)", html)


def test_the_png_of_a_table_holds_its_images_and_its_words() -> None:
    x, columns = x_and_reconstructions()
    table = comparison(x, columns, captions=["#0", "#1"])
    png = pixels(table.to_png(times=10))
    ink = (png < 100).all(-1)
    assert ink[:40].any()  # the heads
    assert png[48 + 5, 4 + 5, 0] == x[0, 0, 0, 0]
    assert png.shape[1] == 4 + 3 * (3 * 10 + 4)


def test_samples_stand_in_a_row_for_each_family() -> None:
    table = samples({"ppca": np.zeros((4, 1, 2, 2)), "vae": np.ones((4, 1, 2, 2))})
    assert table.labels == ("◆ pPCA", "● VAE")
    assert len(table.heads) == 4
    assert table.rows[1][3].image.min() == 1


def test_a_card_shows_the_reconstruction_and_its_error_or_what_needs_no_data() -> None:
    x, x_hat = np.full((1, 2, 2), 255, np.uint8), np.full((1, 2, 2), 0.5)
    with_data = model_card(x, x_hat, np.zeros((1, 2, 2)))
    assert [tile.caption for tile in with_data.rows[0]] == ["", "SSE 1.00", "z ~ N(0, I)"]
    without = model_card(None, None, None, x_hat)
    assert [tile.caption for tile in without.rows[0]] == ["z = 0"]
    assert len(all_cards({"pca": without, "vae": with_data}).heads) == 4
    assert all_cards({}) is None


MEASURED = [
    Measured("vae", 20, 7.1, 0.1, 10_000),
    Measured("vae", 2, 38.0, 0.3, 10_000),
    Measured("pca", 2, 43.64, 0.2, 10_000),
    Measured("pca", 20, 18.45, 0.1, 10_000),
]


def test_the_chart_of_means_has_every_mean_with_its_interval() -> None:
    figure = sse_by_latent_dim(MEASURED, latent_dim=20, published=[("pca", 30, 13.87)]).figure()
    lines = {trace.name: trace for trace in figure.data}
    assert list(lines) == ["PCA", "VAE", "Hinton & Salakhutdinov 2006"]
    assert list(lines["VAE"].customdata) == [2, 20]
    assert list(lines["VAE"].y) == [38.0, 7.1]
    assert list(lines["VAE"].error_y.array) == [0.3, 0.1]
    assert lines["PCA"].marker.symbol != lines["VAE"].marker.symbol
    assert lines["PCA"].line.dash != lines["VAE"].line.dash
    assert list(lines["Hinton & Salakhutdinov 2006"].y) == [13.87]
    np.testing.assert_allclose(lines["VAE"].x, [2, 20], rtol=0.1)


def test_the_chart_says_what_its_axes_are() -> None:
    figure = sse_by_latent_dim(MEASURED, latent_dim=20).figure()
    assert "Latent dimension" in figure.layout.xaxis.title.text
    assert "SSE" in figure.layout.yaxis.title.text
    assert "10,000" in figure.layout.yaxis.title.text


def test_charts_are_transparent_for_a_light_and_a_dark_page() -> None:
    layout = sse_by_latent_dim(MEASURED, latent_dim=20).figure().layout.template.layout
    assert layout.paper_bgcolor == layout.plot_bgcolor == "rgba(0, 0, 0, 0)"
    assert list(layout.colorway) == list(theme.CLASS_COLOURS)


def test_the_csv_has_a_line_for_each_model() -> None:
    lines = measured_csv(MEASURED).decode().splitlines()
    assert lines[0] == "family,latent_dim,test_sse_mean,half_width_95,n_images"
    assert lines[1] == "vae,20,7.1,0.1,10000"
    assert len(lines) == 5
