"""Which model home shows."""

from __future__ import annotations

from pages.shared import cached
from pages.shared.controls import sets_of_the_sidebar
from vae_core.specs import ModelSpec


def two_numbers() -> ModelSpec | None:
    """The VAE with two latent dimensions of the first data set that has one trained: real digits, in full where they are here."""
    specs = (cached.specs(name, 2).get("vae") for name in sets_of_the_sidebar())
    return next((spec for spec in specs if spec is not None and cached.is_trained(spec)), None)
