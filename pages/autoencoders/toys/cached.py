"""Caches of the trainings on toys."""

from __future__ import annotations

from pages.shared import cached
from vae_core.explore.autoencoders import toys
from vae_core.jobs.live_runs import LiveRuns
from vae_core.models.vae import VAESpec


@cached.keep(most=1)
def toy_runs() -> LiveRuns:
    """The trainings on toys that this server has started; all sessions share them."""
    return LiveRuns("vae_core.explore.autoencoders.toys", read=toys.from_bytes)


@cached.keep(most=16, of=lambda _spec: _spec.fingerprint)
def linear_toy(_spec: VAESpec) -> toys.ToyFrame:
    """`explore.autoencoders.toys.linear_frame`: what there is to see before anything is trained."""
    return toys.linear_frame(_spec)
