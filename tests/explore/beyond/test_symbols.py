"""Codes in symbols: what they cost, what their tiles are, what a swap reaches, and that without networks they are k-means."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from vae_core import data as datasets
from vae_core.data import drawn
from vae_core.evaluation import as_observed
from vae_core.explore.beyond import symbols
from vae_core.explore.beyond import symbols_figure as figures
from vae_core.explore.beyond.symbols import Encoded
from vae_core.models import default_spec
from vae_core.models.vqvae import PRIORS, VQVAE, VQVAESpec
from vae_core.store import Store
from vae_core.store.companions import folder_of
from vae_core.store.vqvaes import vqvae_of

TEST = datasets.load("mnist_5k").test.x


@pytest.fixture(scope="module")
def model() -> VQVAE:
    return vqvae_of("mnist_5k")


@pytest.fixture(scope="module")
def encoded(model: VQVAE) -> Encoded:
    return symbols.encoded(model, TEST[:400])


def test_what_is_shipped_is_small_and_uses_its_symbols(model: VQVAE, encoded: Encoded) -> None:
    size = sum(path.stat().st_size for path in folder_of(VQVAESpec(dataset="mnist_5k"), Store().shipped).iterdir())
    assert size < 1.5e6
    usage = symbols.usage(encoded.codes, model.spec.n_symbols)
    assert usage.n_used == model.spec.n_symbols
    assert usage.perplexity < model.spec.n_symbols


def test_codes_are_of_the_images_that_every_model_is_evaluated_on(model: VQVAE, encoded: Encoded) -> None:
    vae = Store().load(default_spec("vae", "mnist_5k", 20))
    assert np.array_equal(encoded.seen, as_observed(vae, TEST)[:400])
    x = torch.tensor(encoded.seen) / 255
    assert np.array_equal(encoded.codes, model.encode(x))
    np.testing.assert_allclose(encoded.distortion, -model.decode(torch.tensor(encoded.codes)).log_prob(x), rtol=1e-5)


def test_each_prior_costs_fewer_nats_than_the_one_that_knows_less(model: VQVAE, encoded: Encoded) -> None:
    uniform = model.spec.n_positions * math.log(model.spec.n_symbols)
    np.testing.assert_allclose(encoded.rate("uniform"), uniform, rtol=1e-5)
    for less, more in itertools.pairwise(PRIORS):
        saved = encoded.saved(more, less)
        assert saved.value > saved.half_width
    np.testing.assert_allclose(encoded.minus_log_px("chain"), encoded.distortion + encoded.nats["chain"].sum(1))


def test_costs_of_one_code_are_those_of_all(model: VQVAE, encoded: Encoded) -> None:
    for name, costs in symbols.costs(model, encoded.codes[3]).items():
        np.testing.assert_allclose(costs, encoded.nats[name][3], rtol=1e-4, atol=1e-5)
        probability = symbols.expected(model, encoded.codes[3], 5, name)
        assert probability.sum() == pytest.approx(1, rel=1e-5)
        assert probability[encoded.codes[3][5]] == pytest.approx(math.exp(-costs[5]), rel=1e-4)


def test_perplexity_is_that_of_as_many_symbols_used_alike() -> None:
    assert symbols.usage(np.array([[0, 1], [2, 3]]), 4).perplexity == pytest.approx(4)
    assert symbols.usage(np.array([[1, 1], [1, 1]]), 4).perplexity == pytest.approx(1)
    half = symbols.usage(np.array([[0, 0], [2, 2]]), 4)
    assert (half.perplexity, half.n_used) == (pytest.approx(2), 2)
    uneven = symbols.usage(np.array([[0, 0, 0, 1]]), 2)
    assert uneven.perplexity == pytest.approx(4 / 3**0.75)  # exp(H) of ¾ and ¼


def test_a_swap_changes_one_symbol_and_reaches_only_its_surroundings(model: VQVAE, encoded: Encoded) -> None:
    code = encoded.codes[0]
    other = symbols.swapped(code, 5, (code[5] + 1) % model.spec.n_symbols)
    assert np.flatnonzero(other != code).tolist() == [5]
    change = np.abs(symbols.decoded(model, other[None]) - symbols.decoded(model, code[None]))[0, 0]
    assert change.max() > 0
    reach = symbols.reach(model, code, 0.1)
    assert (reach > 0).all()
    assert reach.max() < 0.5 * change.size
    assert symbols.reach(model, code, 1.0).max() == 0


def test_a_tile_is_the_mean_of_the_images_where_its_symbol_stands() -> None:
    """4 × 4 pixels and 2 × 2 positions: the square of position i begins one pixel before 2i, and counts what is within the image."""
    x = np.arange(32, dtype=np.uint8).reshape(2, 1, 4, 4) * 8
    codes = np.array([[0, 1, 2, 2], [0, 1, 0, 3]])
    tiles, image = symbols.tiles(codes, x, (2, 2), 5), x[:, 0] / 255
    assert symbols.stride(4, 2) == 2
    assert symbols.stride(28, 4) == 8
    np.testing.assert_allclose(tiles[1, 0], [[0, 0], [image[:, 0, 1].mean(), image[:, 0, 2].mean()]])
    np.testing.assert_allclose(tiles[3, 0], image[1, 1:3, 1:3])
    np.testing.assert_allclose(tiles[2, 0, 0, 1], (image[0, 1, 0] + image[0, 1, 2]) / 2)
    np.testing.assert_allclose(tiles[2, 0, 0, 0], image[0, 1, 1])  # at position 2 it lies outside of the image
    assert tiles[4].max() == 0


def test_draws_are_decoded_and_come_from_their_seed(model: VQVAE) -> None:
    one, again, other = (symbols.draws(model, "network", 5, seed) for seed in (1, 1, 2))
    assert np.array_equal(one.codes, again.codes)
    assert not np.array_equal(one.codes, other.codes)
    np.testing.assert_allclose(one.images, symbols.decoded(model, one.codes))


@pytest.mark.parametrize("name", ["two moons", "clusters"])
def test_without_networks_the_loss_is_that_of_k_means_at_every_step(name: str) -> None:
    x = drawn.points(drawn.presets()[name]).train.x[:160].astype(np.float64)
    path = symbols.points_path(x, 6, 3, 20)
    losses = [step.loss for step in path]
    np.testing.assert_allclose(losses, [step.k_means for step in path], rtol=1e-9)
    assert losses == sorted(losses, reverse=True)
    assert losses[0] > 1.05 * losses[-1]
    for step in path[::5]:
        np.testing.assert_allclose(np.square(x - step.vectors[step.codes]).sum(1).mean(), step.loss)


def test_the_code_and_the_codebook_can_be_told_apart_by_what_is_clicked() -> None:
    tiles = np.random.default_rng(0).random((6, 4, 4))
    code, probabilities = np.array([5, 0, 2, 2]), np.array([0.5, 0.5, 0, 0, 0, 0])
    chart = figures.code_and_codebook(
        tiles, code, (2, 2), position=2, probabilities=probabilities, shares=np.full(6, 1 / 6), nats=np.full(4, math.log(2))
    )
    code_map, book_map, numbers, circles = chart.data
    assert numbers["customdata"] == [1000, 1001, 1002, 1003]
    assert numbers["text"] == ["5", "0", "2", "2"]
    assert numbers["hovertext"][2] == "row 2, column 1: symbol 2, 1.00 bits"
    assert circles["customdata"] == [0, 1, 2, 3, 4, 5]
    area = (circles["marker"]["size"] - 3) ** 2
    np.testing.assert_allclose(area / area.sum(), probabilities)
    np.testing.assert_allclose(code_map["z"][1:9:2, 1:9:2], tiles[5], rtol=1e-6)
    np.testing.assert_allclose(book_map["z"][11:19:2, 2:9:2], tiles[3], rtol=1e-6)
    frames = [(shape["x0"], shape["y0"]) for shape in chart.layout["shapes"]]
    assert frames == [(-0.5, 0.5), (1.5, -0.5)]


def test_a_long_name_of_a_row_breaks_in_the_browser_and_not_in_the_file() -> None:
    table = figures.draws_table({"independent": np.zeros((2, 1, 4, 4))})
    plain = replace(table, labels=("independent",))
    assert "inde\u00adpendent" in table.to_html()
    assert table.to_png() == plain.to_png()
