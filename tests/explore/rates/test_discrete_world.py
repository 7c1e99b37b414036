"""The discrete world: what the ELBO does not care about, to rounding error."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import entropy

from vae_core.explore.rates.discrete_world import POPULATIONS, Fit, World, morph, objective, prior_and_decoder, random_world
from vae_core.explore.rates.discrete_world_figure import tables, tables_csv, tables_png

SKEWED = np.array(POPULATIONS["skewed"])
WORLDS = st.builds(random_world, st.sampled_from([np.array(p) for p in POPULATIONS.values()]), st.integers(0, 10_000))


@settings(max_examples=200, deadline=None)
@given(world=WORLDS)
def test_information_and_entropy_sum_to_the_entropy_of_y_for_every_encoder(world: World) -> None:
    assert abs(world.information + world.conditional_entropy - world.entropy) < 1e-12
    assert -1e-15 <= world.information <= world.entropy + 1e-12


@settings(max_examples=200, deadline=None)
@given(world=WORLDS, beta=st.floats(0, 8, allow_subnormal=False))  # torch may have been told to flush them to zero
def test_the_objective_at_the_optimal_tables_is_its_closed_form(world: World, beta: float) -> None:
    assert objective(world, beta) == pytest.approx(world.entropy - (1 - beta) * world.information, abs=1e-12)


@settings(max_examples=100, deadline=None)
@given(world=WORLDS, seed=st.integers(0, 1000))
def test_the_rate_is_the_information_and_the_kl_from_the_aggregate_to_the_prior(world: World, seed: int) -> None:
    prior = np.random.default_rng(seed).dirichlet(np.ones(4))
    assert world.rate(prior) == pytest.approx(world.information + entropy(world.pop @ world.q, prior), abs=1e-12)


@settings(max_examples=100, deadline=None)
@given(world=WORLDS, seed=st.integers(0, 1000))
def test_no_other_tables_do_better(world: World, seed: int) -> None:
    rng = np.random.default_rng(seed)
    prior, decoder = rng.dirichlet(np.ones(4)), rng.dirichlet(np.ones(4), size=4).T
    assert world.rate(prior) >= world.information - 1e-12
    assert world.distortion(decoder) >= world.conditional_entropy - 1e-12


def test_each_table_can_be_improved_alone_until_the_objective_is_the_entropy() -> None:
    world = random_world(SKEWED, 3)
    values = [objective(world, 1.0, fit) for fit in reversed(get_args(Fit))]
    assert values == sorted(values, reverse=True)
    assert values[-1] == pytest.approx(world.entropy, abs=1e-12)
    assert values[0] > values[1] > values[2]


@pytest.mark.parametrize("name", POPULATIONS)
def test_the_morph_runs_from_no_information_to_all(name: str) -> None:
    pop = np.array(POPULATIONS[name])
    worlds = [morph(pop, share) for share in np.linspace(0, 1, 21)]
    information = np.array([world.information for world in worlds])
    assert information[0] == pytest.approx(0, abs=1e-12)
    assert information[-1] == pytest.approx(worlds[0].entropy, abs=1e-12)
    assert (np.diff(information) > 0).all()
    for beta, best in ((0.9, 20), (1.1, 0)):
        assert int(np.argmin([objective(world, beta) for world in worlds])) == best
    assert np.ptp([objective(world, 1.0) for world in worlds]) < 1e-12


def test_probabilities_that_do_not_sum_to_one_are_refused() -> None:
    with pytest.raises(ValueError, match="q must hold probabilities"):
        World(SKEWED, np.full((4, 4), 0.3))
    with pytest.raises(ValueError, match="share must be between 0 and 1"):
        morph(SKEWED, 1.2)


def test_the_tables_are_drawn_and_kept_as_they_are() -> None:
    world = morph(SKEWED, 0.5)
    prior, decoder = prior_and_decoder(world, "both optimal")
    figure = tables(world.q, prior, decoder).figure()
    np.testing.assert_allclose(np.asarray(figure.data[0].z), world.q)
    np.testing.assert_allclose(np.asarray(figure.data[2].z).sum(0), 1)
    rows = tables_csv("ABCD", world.q, prior, decoder).decode().splitlines()
    assert len(rows) == 1 + 16 + 4 + 16
    assert float(rows[1].split(",")[-1]) == pytest.approx(world.q[0, 0])
    assert tables_png(world.q, prior, decoder).startswith(b"\x89PNG")
