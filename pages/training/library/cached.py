"""Caches of the model library."""

from __future__ import annotations

from pages.shared import cached
from vae_core.specs import ModelSpec
from vae_core.store import archive


@cached.of_model(most=8)
def exported(spec: ModelSpec) -> bytes:
    """`archive.exported`: a cached model as one file."""
    return archive.exported(cached.checkpoint(spec))
