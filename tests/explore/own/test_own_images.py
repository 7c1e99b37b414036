"""A person's own picture among the images that a model knows: scores, percentiles, false alarms, neighbours, files."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import numpy as np
import pytest
import torch
from PIL import Image
from skimage.metrics import peak_signal_noise_ratio

from tests.harness import tiny_spec
from vae_core import data as datasets
from vae_core.evaluation import as_observed, elbo_per_image
from vae_core.explore.codes import codes
from vae_core.explore.own.own_images import (
    N_DRAWS,
    nearest,
    passage,
    percentile,
    percentile_half_width,
    place,
    score_draws,
    score_name,
    scores,
)
from vae_core.explore.own.own_images_figure import Through, matrix, score_histogram, steps_html
from vae_core.explore.own.own_results_figure import results_zip
from vae_core.models import LatentModel
from vae_core.statistics import psnr, standard_error
from vae_core.store import Store

TEST = datasets.load("digits").test.x


def through(model: LatentModel, x: np.ndarray) -> Through:
    found = passage(model, x[None])
    return Through(model.spec.family, model.spec.latent_dim, found.x_hat[0], float(found.sse[0]), float(found.psnr[0]))


def test_a_passage_says_the_error_of_what_came_back(trained: LatentModel) -> None:
    found = passage(trained, TEST[:5])
    errors = found.x_hat - TEST[:5] / 255
    np.testing.assert_allclose(found.sse, (errors**2).sum((1, 2, 3)), rtol=1e-4)
    np.testing.assert_allclose(found.psnr, -10 * np.log10((errors**2).mean((1, 2, 3))), rtol=1e-4)


def test_psnr_is_that_of_scikit_image() -> None:
    rng = np.random.default_rng(0)
    a, b = rng.random((2, 9, 7))
    assert psnr(((a - b) ** 2).mean()) == pytest.approx(peak_signal_noise_ratio(a, b, data_range=1), rel=1e-12)
    assert psnr(0.0) == np.inf


def test_scores_are_exact_where_there_is_a_closed_form_and_bounds_elsewhere(trained: LatentModel) -> None:
    found, name = scores(trained, TEST[:50]), score_name(trained)
    x = torch.tensor(TEST[:50]).float() / 255
    if name == "log p(x)":
        np.testing.assert_allclose(found, trained.log_px(x).detach().numpy(), rtol=1e-5)
    elif name == "ELBO":
        draws = [elbo_per_image(trained, as_observed(trained, TEST[:50], seed)).elbo.mean() for seed in range(N_DRAWS)]
        assert found.mean() == pytest.approx(float(np.mean(draws)), abs=1.0)  # other noise
    else:
        np.testing.assert_allclose(found, -passage(trained, TEST[:50]).sse)
    assert np.array_equal(found, scores(trained, TEST[:50]))


def test_a_score_is_that_of_the_image_and_not_of_its_neighbours(trained: LatentModel) -> None:
    alone, together = np.array([scores(trained, x[None])[0] for x in TEST[:40]]), scores(trained, TEST[:40])
    if score_name(trained) == "ELBO":  # other noise
        assert np.corrcoef(alone, together)[0, 1] > 0.5
        assert alone.mean() == pytest.approx(together.mean(), abs=2.0)
    else:
        np.testing.assert_allclose(alone, together, rtol=1e-4)


def test_the_percentile_follows_the_score_and_its_interval_that_of_the_score() -> None:
    values = np.arange(1000.0)
    assert [percentile(values, score) for score in (-1, 500, 2000)] == [0, 50, 100]
    assert percentile_half_width(values, 500, 20) == pytest.approx(2)
    assert percentile_half_width(values, -500, 20) == 0


def test_more_draws_spread_a_score_less(trained: LatentModel) -> None:
    few, many = (score_draws(trained, TEST[:1], n) for n in (4, 64))
    if score_name(trained) == "ELBO":
        assert (few.shape, many.shape) == ((4, 1), (64, 1))
        assert standard_error(many[:, 0]) < standard_error(many[:4, 0]) * 1.2
        assert np.array_equal(few, score_draws(trained, TEST[:1]))
    else:
        assert np.array_equal(few, many)


def test_the_nearest_of_bytes_and_of_codes_are_those_of_a_plain_sum() -> None:
    order, distances = nearest(TEST, TEST[7], 5, at_once=50)
    plain = np.sqrt((((TEST.astype(float) - TEST[7]) / 255) ** 2).sum((1, 2, 3)))
    assert order[0] == 7
    assert distances[0] == 0
    np.testing.assert_allclose(distances, np.sort(plain)[:5], rtol=1e-5)
    points = np.random.default_rng(0).normal(size=(300, 4)).astype(np.float32)
    assert nearest(points, points[3], 1)[0].tolist() == [3]


@pytest.mark.parametrize("latent_dim", [2, 5])
def test_a_test_image_lies_where_its_own_code_lies(tiny_store: Store, latent_dim: int) -> None:
    found = codes(tiny_store.load(tiny_spec("vae", latent_dim)), TEST)
    for index in (0, 9):
        where = place(found, found.mean[index])
        np.testing.assert_allclose(where.point, where.plane.points[index], atol=1e-4)


def test_the_matrix_has_a_row_for_each_dimension_and_a_column_for_each_family(tiny_store: Store) -> None:
    models = [tiny_store.load(tiny_spec(family, dim)) for family in ("pca", "vae") for dim in (2, 5)]
    table = matrix(TEST[0], [through(model, TEST[0]) for model in models[:3]], focus="vae")
    assert [head.title for head in table.heads] == ["Yours", "PCA", "VAE"]
    assert table.labels == ("d = 2", "d = 5")
    assert table.rows[1][2] is None  # a model that is not there
    assert table.rows[0][1].caption == f"{passage(models[0], TEST[:1]).sse[0]:.2f}, {passage(models[0], TEST[:1]).psnr[0]:.1f} dB"
    assert matrix(TEST[0], [through(models[0], TEST[0])], show_errors=True).has_error_scale


def test_everything_is_in_the_zip_file(tiny_store: Store) -> None:
    model = tiny_store.load(tiny_spec("pca"))
    one = through(model, TEST[0])
    rows = [{"picture": "=HYPERLINK(1).png", "sse": one.sse}]
    data = results_zip([("=HYPERLINK(1).png", TEST[0], [one])], rows, {"models": [model.spec.to_json()]})
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist() == ["numbers.csv", "models.json", "01/input.png", "01/pca-d2.png", "01/pca-d2-error.png"]
        assert np.array_equal(np.asarray(Image.open(io.BytesIO(archive.read("01/input.png")))), TEST[0, 0])
        assert json.loads(archive.read("models.json"))["models"][0]["family"] == "pca"
        read = list(csv.DictReader(io.StringIO(archive.read("numbers.csv").decode())))
    assert float(read[0]["sse"]) == pytest.approx(one.sse)
    assert read[0]["picture"] == "'=HYPERLINK(1).png"  # no formula


def test_a_step_is_shown_with_its_words_and_they_are_no_markup() -> None:
    shown = steps_html([("<b>", "x & y", TEST[0])])
    assert "&lt;b&gt;" in shown
    assert "x &amp; y" in shown


def test_the_histogram_holds_every_score_but_the_lowest() -> None:
    values = np.random.default_rng(0).normal(size=1000)
    figure = score_histogram(values, 0.5, (-1.6, 1.7), "ELBO (nats)", tail=0.04).figure()
    assert 990 <= sum(figure.data[0].y) <= 1000
    assert sorted(shape.x0 for shape in figure.layout.shapes) == [-1.6, 0.5, 1.7]
    assert (
        score_histogram(values, -90.0, (-1.6, 1.7), "ELBO (nats)", tail=0.04).layout["xaxis"]["range"][0] < -90
    )  # a picture far away is on it
