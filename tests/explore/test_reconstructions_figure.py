"""Reconstructions beside their originals, samples, and the chart of mean errors by latent dimension."""

from __future__ import annotations

import numpy as np

from vae_core.drawing import images
from vae_core.explore.reconstructions_figure import Measured, comparison, measured_csv, samples, sse_by_latent_dim


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


def test_samples_stand_in_a_row_for_each_family() -> None:
    table = samples({"ppca": np.zeros((4, 1, 2, 2)), "vae": np.ones((4, 1, 2, 2))})
    assert table.labels == ("◆ pPCA", "● VAE")
    assert len(table.heads) == 4
    assert table.rows[1][3].image.min() == 1


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
    assert list(lines["VAE"].text) == ["38.00 ± 0.30", "7.10 ± 0.10"]
    assert lines["PCA"].marker.symbol != lines["VAE"].marker.symbol
    assert lines["PCA"].line.dash != lines["VAE"].line.dash
    assert list(lines["Hinton & Salakhutdinov 2006"].y) == [13.87]
    np.testing.assert_allclose(lines["VAE"].x, [2, 20], rtol=0.1)


def test_the_chart_says_what_its_axes_are() -> None:
    figure = sse_by_latent_dim(MEASURED, latent_dim=20).figure()
    assert "Latent dimension" in figure.layout.xaxis.title.text
    assert "SSE" in figure.layout.yaxis.title.text
    assert "10,000" in figure.layout.yaxis.title.text


def test_the_csv_has_a_line_for_each_model() -> None:
    lines = measured_csv(MEASURED).decode().splitlines()
    assert lines[0] == "family,latent_dim,test_sse_mean,half_width_95,n_images"
    assert lines[1] == "vae,20,7.1,0.1,10000"
    assert len(lines) == 5
