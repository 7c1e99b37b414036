"""The cache of the numbers that colour the codes."""

from __future__ import annotations

import numpy as np

from pages.shared import cached
from vae_core.explore import codes
from vae_core.explore.means import Share
from vae_core.specs import ModelSpec


@cached.of_model(most=32, spinner="Measuring every test image …")
def per_image(spec: ModelSpec) -> dict[str, np.ndarray]:
    """`explore.codes.per_image` of every test image: SSE, and where there is a density ELBO and rate."""
    return codes.per_image(cached.model(spec), cached.dataset(spec.dataset).test.x)


@cached.of_model(most=32)
def beside_own_class(spec: ModelSpec) -> tuple[Share, float] | None:
    """`explore.codes.share_beside_own_class` of the test images; None without classes."""
    labels = cached.dataset(spec.dataset).test.labels
    return None if labels is None else codes.share_beside_own_class(cached.test_codes(spec), labels)
