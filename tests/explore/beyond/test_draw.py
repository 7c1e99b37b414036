"""DRAW step by step: one step is a VAE to the last digit, what steps write and pay adds up, and the figures hold these numbers."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest
import torch

from vae_core import data as datasets
from vae_core.data import Dataset
from vae_core.drawing.image_table import Tile
from vae_core.evaluation import binarised
from vae_core.explore.beyond import draw, draw_figure
from vae_core.explore.beyond.draw import Canvases, StepTerms
from vae_core.explore.means import mean_of
from vae_core.models.draw import Draw, DrawSpec, initialise_draw
from vae_core.store import Store


@pytest.fixture(scope="module")
def images() -> Dataset:
    return datasets.load("digits")


def drawn(n_steps: int) -> Draw:
    """A model whose weights are drawn, not trained."""
    model = Draw(DrawSpec(dataset="digits", n_steps=n_steps, step_dim=3, hidden=16, read_size=8))
    initialise_draw(model, torch.full((1, 8, 8), 0.3), torch.Generator().manual_seed(n_steps))
    return model.requires_grad_(False)


@pytest.fixture(scope="module")
def four() -> Draw:
    return drawn(4)


@pytest.fixture(scope="module")
def terms(four: Draw, images: Dataset) -> StepTerms:
    return draw.step_terms(four, images)


def test_with_one_step_it_is_a_vae_with_the_same_elbo_of_every_image(images: Dataset) -> None:
    one = drawn(1)
    own = draw.step_terms(one, images).negative_elbo()
    np.testing.assert_allclose(draw.as_vae(one, images), own, rtol=1e-6)
    assert own.std() > 0.1
    with pytest.raises(ValueError, match="n_steps must be 1 for a VAE, got 4"):
        draw.as_vae(drawn(4), images)


def test_the_bound_is_the_distortion_and_the_rates_so_far(terms: StepTerms, four: Draw, images: Dataset) -> None:
    assert terms.distortion.shape == (5, len(images.test))
    np.testing.assert_allclose(terms.negative_elbo(), terms.distortion[4] + terms.rates.sum(0), rtol=1e-12)
    np.testing.assert_allclose(terms.negative_elbo(2), terms.distortion[2] + terms.rates[0] + terms.rates[1], rtol=1e-12)
    np.testing.assert_allclose(terms.negative_elbo(0), terms.distortion[0], rtol=1e-12)
    np.testing.assert_allclose(terms.distortion[0] - terms.gained.sum(0), terms.distortion[4], rtol=1e-9)
    b = binarised(images.test.x) / 255  # before the first step every image has the same canvas, of independent pixels
    ink = four.blank.sigmoid().double().numpy().reshape(1, 8, 8)
    np.testing.assert_allclose(terms.distortion[0], -(b * np.log(ink) + (1 - b) * np.log1p(-ink)).sum((1, 2, 3)), rtol=1e-4)


def test_the_network_stopped_early_is_the_model_with_fewer_steps(four: Draw, terms: StepTerms, images: Dataset) -> None:
    """Its weights in a model of two steps give the same −ELBO."""
    two = Draw(DrawSpec(dataset="digits", n_steps=2, step_dim=3, hidden=16, read_size=8))
    two.load_state_dict(four.state_dict())
    x = torch.tensor(binarised(images.test.x)).float() / 255
    with torch.no_grad():
        stopped = two.draw(x, torch.Generator().manual_seed(1)).terms(x)  # `passes.NOISE_SEED`
    np.testing.assert_allclose(terms.negative_elbo(2), -stopped.elbo.double().numpy(), rtol=1e-5)


def test_what_is_written_adds_up_to_the_canvas(four: Draw, images: Dataset) -> None:
    of = draw.canvases_of_images(four, images, [3, 0, 7])
    np.testing.assert_array_equal(of.x, binarised(images.test.x)[[3, 0, 7]])
    np.testing.assert_allclose(of.logits[0] + of.written.sum(0), of.logits[-1], atol=1e-5)
    assert of.n_steps == 4
    np.testing.assert_allclose(of.means, torch.tensor(of.logits).sigmoid(), atol=1e-6)
    b = of.x / 255
    log_px = b * np.log(of.means) + (1 - b) * np.log1p(-of.means)
    np.testing.assert_allclose(of.distortion, -log_px.sum((2, 3, 4)), rtol=1e-4)


def test_draws_from_the_prior_have_no_image_and_come_again_by_their_seed(four: Draw) -> None:
    of = draw.canvases_of_prior(four, 3, 5)
    assert of.x is None
    assert of.distortion is None
    np.testing.assert_array_equal(of.logits, draw.canvases_of_prior(four, 3, 5).logits)
    assert not np.array_equal(of.logits, draw.canvases_of_prior(four, 3, 6).logits)


def canvases() -> Canvases:
    logits = np.array([0.0, 1.0, -2.0], np.float32)[:, None, None, None, None] * np.ones((3, 2, 1, 4, 4), np.float32)
    return Canvases(logits, np.full((2, 1, 4, 4), 255, np.uint8))


def test_the_film_strip_ends_where_one_stops() -> None:
    of = canvases()
    table = draw_figure.film_strip(of.means, 1, x=of.x, distortion=of.distortion)
    assert [head.title for head in table.heads] == ["x", "t = 0", "1", "2"]
    assert [head.is_focus for head in table.heads] == [False, False, True, False]
    for row in table.rows:
        x, blank, one, two = row
        assert two is None
        assert isinstance(one, Tile)
        np.testing.assert_allclose(one.image, 1 / (1 + np.exp(-1)), rtol=1e-6)
        np.testing.assert_allclose(blank.image, 0.5)
        assert (x.image == 255).all()
        assert one.caption == f"{16 * np.log1p(np.exp(-1)):.0f}"
    prior = draw_figure.film_strip(of.means, 2)
    assert [head.title for head in prior.heads] == ["t = 0", "1", "2"]


def test_what_is_written_is_red_where_ink_is_added_and_blue_where_it_is_taken_away() -> None:
    of = canvases()
    table = draw_figure.film_strip(of.means, 2, x=of.x, written=of.written)
    _, _, added, taken = table.rows[0]
    assert added.image[0].mean() > added.image[2].mean()
    assert taken.image[0].mean() < taken.image[2].mean()
    assert table.error_limit == 3
    assert "log-odds" in table.note


def test_the_charts_hold_the_means_with_their_intervals(terms: StepTerms) -> None:
    paid, gained = ([mean_of(row) for row in rows] for rows in (terms.rates, terms.gained))
    chart = draw_figure.paid_and_gained(paid, gained, 2)
    for trace, means in zip(chart.data, (paid, gained), strict=True):
        assert trace["y"] == [mean.value for mean in means]
        assert trace["error_y"]["array"] == [mean.half_width for mean in means]
        assert trace["marker"]["opacity"] == [1.0, 1.0, draw_figure.AFTER, draw_figure.AFTER]
    elbos = {"VAE": mean_of(terms.negative_elbo(1)), "T = 4": mean_of(terms.negative_elbo())}
    tighter = {"T = 4": mean_of(terms.negative_elbo() - 1)}
    bounds = draw_figure.bounds(elbos, tighter, "T = 4", stopped=mean_of(terms.negative_elbo(2)))
    assert [list(trace["y"]) for trace in bounds.data] == [["VAE", "T = 4"], ["T = 4"], ["T = 4"]]
    assert bounds.data[0]["x"] == [mean.value for mean in elbos.values()]
    assert bounds.data[2]["x"] == [terms.negative_elbo(2).mean()]
    assert bounds.layout["yaxis"]["ticktext"] == ["VAE", "<b>T = 4</b>"]
    chart.figure(), bounds.figure()


def test_the_file_has_a_line_for_each_step(terms: StepTerms) -> None:
    paid, gained = ([mean_of(row) for row in rows] for rows in (terms.rates, terms.gained))
    after = [mean_of(terms.negative_elbo(t)) for t in range(5)]
    rows = list(csv.DictReader(io.StringIO(draw_figure.steps_csv(paid, gained, after).decode("utf-8-sig"))))
    assert [row["step"] for row in rows] == ["0", "1", "2", "3", "4"]
    assert float(rows[3]["kl_nats"]) == pytest.approx(paid[2].value, rel=1e-4)
    assert float(rows[3]["gained_nats"]) == pytest.approx(gained[2].value, rel=1e-4)
    assert float(rows[3]["negative_elbo_nats"]) == pytest.approx(after[3].value, rel=1e-4)


def test_a_model_that_is_not_trained_is_missed_with_the_command_that_trains_it(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="python -m vae_core draw --dataset mnist_5k --n-steps 4"):
        draw.trained(4, Store(local=tmp_path / "local", shipped=tmp_path / "shipped"))
