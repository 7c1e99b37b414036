"""Fixtures of the tests of the pages on rate and β: models that have a water level, and the shipped grid."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest

from tests.harness import CPU
from vae_core.explore.rates import frontier
from vae_core.explore.rates.rates_on_train import linear_vae
from vae_core.models.vae import VAESpec
from vae_core.store import Store

STARVED = VAESpec(dataset="digits", latent_dim=4, hidden=(32,), likelihood="gaussian", scale=0.4, n_epochs=30, batch_size=32)


@pytest.fixture(scope="session")
def trained_gaussian_models(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A linear β-VAE that is barely trained, and a network that is starved of rate."""
    root = tmp_path_factory.mktemp("gaussian")
    store = Store(local=root / "local", shipped=root / "shipped")
    for spec in (replace(linear_vae("digits", tau=0.2, latent_dim=3), n_epochs=5), STARVED):
        store.train(spec, device=CPU)
    return store


@pytest.fixture(scope="module")
def gaussian_models(checkpoints: Store, trained_gaussian_models: Store) -> None:
    """Both models in the module's own store."""
    shutil.copytree(trained_gaussian_models.local, checkpoints.local, dirs_exist_ok=True)


@pytest.fixture
def shipped_grid() -> None:
    """The models of the frontier's planes."""
    if not any(spec in Store() for spec in frontier.planes()["MNIST Bernoulli"]):
        pytest.skip("train it first: python -m vae_core ship checkpoints/shipped/frontier.json")
