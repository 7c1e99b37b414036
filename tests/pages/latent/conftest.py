"""The models of the tests of pages on latent spaces."""

from __future__ import annotations

import pytest

from tests.harness import CPU
from vae_core.models import default_spec
from vae_core.store import Store


@pytest.fixture(scope="module")
def more_models(checkpoints: Store) -> None:
    """The VAE of digits with ten latent dimensions, beside what the pages' own tests train."""
    checkpoints.train(default_spec("vae", "digits", 10), device=CPU)
