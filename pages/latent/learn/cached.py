"""Caches of the trainings on the ring: those of this server, and the film that came with the program."""

from __future__ import annotations

from pages.shared import cached
from vae_core.explore.latent import films
from vae_core.explore.latent.ring_learning import SHIPPED
from vae_core.jobs.live_runs import LiveRuns


@cached.keep(most=1)
def ring_runs() -> LiveRuns:
    """The trainings on the ring that this server has started; all sessions share them."""
    return LiveRuns("vae_core.explore.latent.ring_learning", read=films.from_bytes)


@cached.keep(most=1)
def ring_film() -> list[films.Frame]:
    """The film of the training that came with the program; empty if it is not there."""
    return films.load(SHIPPED) if SHIPPED.is_file() else []
