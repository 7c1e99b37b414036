"""Caches that several pages of this section use: a model's codes as a file."""

from __future__ import annotations

from pages.shared import cached
from vae_core.explore import codes_figure
from vae_core.specs import ModelSpec


@cached.of_model(most=16)
def codes_csv(spec: ModelSpec) -> bytes:
    """`explore.codes_figure.codes_csv` of every test image."""
    return codes_figure.codes_csv(cached.test_codes(spec).mean, cached.dataset(spec.dataset).test.labels)
