"""Which models stand side by side as grids, and which two dimensions of each."""

from __future__ import annotations

from collections.abc import Sequence

from pages.shared import cached
from pages.shared.controls import Choice
from vae_core.specs import ModelSpec


def compared(choice: Choice, families: Sequence[str]) -> dict[str, ModelSpec]:
    """Family → spec of the model in focus, then of the named families, of those that are trained; three at most."""
    trained = cached.trained(cached.specs(choice.dataset, choice.latent_dim))
    order = dict.fromkeys((*families, choice.family))
    families_shown = [family for family in order if family in trained]
    if len(families_shown) > 3:
        families_shown = [*families_shown[:2], choice.family]
    return {family: trained[family] for family in families_shown}


def own_dims(spec: ModelSpec, choice: Choice) -> tuple[int, int]:
    """The two dimensions of a model whose means vary most over the test images, the smaller number first at d = 2."""
    if spec.latent_dim <= 2 or not choice.has_data:
        return 0, spec.latent_dim - 1 if spec.latent_dim <= 2 else 1
    return cached.test_codes(spec).by_activity[:2]
