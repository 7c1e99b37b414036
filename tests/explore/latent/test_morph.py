"""What the map makes of a cloud of points: numbers, and what travels to the browser."""

from __future__ import annotations

import pytest

from vae_core.explore.latent import morph
from vae_core.explore.latent.comparison_maps import MAPS
from vae_core.explore.latent.ring import (
    prior_samples,
)


@pytest.mark.parametrize("name", MAPS)
@pytest.mark.parametrize("dim", [2, 3])
def test_exact_numbers_lie_within_four_standard_errors_of_the_sample(name: str, dim: int) -> None:
    chosen = MAPS[name].map({}, dim)
    y = morph.image_of_points(chosen, prior_samples(20_000, dim))
    found = morph.estimates(chosen, y)
    assert len(found) >= 2
    assert all(abs(estimate.deviation) < 4 for estimate in found), found
