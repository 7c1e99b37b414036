"""The small grid whose models the tests of the frontier train, and the grid that came with the program."""

from __future__ import annotations

from vae_core.explore.rates import frontier
from vae_core.store import Store
from vae_core.store.checkpoints import Checkpoint

GRID = {
    "family": "vae",
    "fixed": {"dataset": "digits", "network": "mlp", "hidden": [32], "n_epochs": 4, "batch_size": 64},
    "product": {"latent_dim": [2, 4], "beta": [0.5, 4]},
}


def shipped() -> list[Checkpoint]:
    """The grid's models that came with the program."""
    specs = [spec for plane in frontier.planes().values() for spec in plane]
    store = Store()
    return [one for spec in specs if spec in store and (one := store.find(spec)).is_shipped]
