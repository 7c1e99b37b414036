"""The discrete world: what the ELBO does not care about, to rounding error. And that RDA and β-VAE are one family."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import entropy

from tests.harness import CPU
from vae_core import data as datasets
from vae_core.explore.rates import rda
from vae_core.explore.rates.discrete_world import POPULATIONS, Fit, World, morph, objective, prior_and_decoder, random_world
from vae_core.explore.rates.discrete_world_figure import tables, tables_csv, tables_png
from vae_core.models import build
from vae_core.models.vae import VAESpec
from vae_core.store import Store
from vae_core.training.fit import fit

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
    figure = tables(world.q, prior, decoder)
    np.testing.assert_allclose(np.asarray(figure.data[0].z), world.q)
    np.testing.assert_allclose(np.asarray(figure.data[2].z).sum(0), 1)
    rows = tables_csv("ABCD", world.q, prior, decoder).decode().splitlines()
    assert len(rows) == 1 + 16 + 4 + 16
    assert float(rows[1].split(",")[-1]) == pytest.approx(world.q[0, 0])
    assert tables_png(world.q, prior, decoder).startswith(b"\x89PNG")


# --- RDA and β-VAE


@pytest.mark.parametrize(("beta", "sigma"), [(1.0, 1.0), (4.0, 0.5), (0.1, 2.0)])
def test_the_gradients_of_both_losses_point_the_same_way_in_a_real_model(beta: float, sigma: float, store: Store) -> None:
    spec = VAESpec(dataset="digits", latent_dim=3, hidden=(32,), likelihood="gaussian", scale=sigma, n_epochs=5, batch_size=64)
    store.train(spec, device=CPU)
    found = rda.gradients(store.load(spec), datasets.load("digits").train.x[:200], beta=beta)
    assert found.cosine == pytest.approx(1, abs=1e-6)
    assert found.ratio == pytest.approx(beta, rel=1e-6)


def test_another_lambda_points_another_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the cosine would be if λ were wrong: the test above can fail."""
    x = datasets.load("digits").train.x[:200]
    model = rda.untrained("digits", x, sigma=0.5)
    assert rda.gradients(model, x, beta=1.0).cosine == pytest.approx(1, abs=1e-6)
    monkeypatch.setattr(rda, "rda_lambda", lambda beta, sigma: 1 / (beta * sigma**2))
    assert rda.gradients(model, x, beta=1.0).cosine < 1 - 1e-5


def test_two_trainings_of_one_lambda_draw_the_same_images() -> None:
    """σ and β are shared out differently, the seed is the same: Adam forgets the factor between the losses, up to its ε."""
    x, images = datasets.load("digits").test.x[:50], []
    for sigma, beta in ((0.2, 1.0), (0.4, 0.25)):
        spec = VAESpec(
            dataset="digits",
            latent_dim=3,
            hidden=(32,),
            likelihood="gaussian",
            scale=sigma,
            beta=beta,
            n_epochs=8,
            batch_size=64,
        )
        assert rda.rda_lambda(beta, sigma) == pytest.approx(12.5)
        model = build(spec)
        for _ in fit(model, datasets.load("digits"), device=CPU):
            pass
        with torch.no_grad():
            images.append(model.eval().reconstruct(torch.tensor(x).float() / 255).numpy())
    assert np.abs(images[0] - images[1]).max() < 0.02
    assert images[0].std() > 0.1


def test_the_identity_is_of_gaussian_likelihoods(store: Store) -> None:
    x = datasets.load("digits").train.x[:20]
    model = rda.untrained("digits", x, sigma=1.0)
    with pytest.raises(ValueError, match="likelihood must be gaussian of fixed scale"):
        rda.gradients(build(replace(model.spec, scale="learned")), x, beta=1.0)
    with pytest.raises(ValueError, match="beta must be above 0"):
        rda.rda_lambda(0, 1)
