"""Caches of the page on the frontier while it trains: the grids that train beside the server."""

from __future__ import annotations

from pages.shared import cached
from vae_core.explore.rates import frontier_training
from vae_core.jobs.live_runs import LiveRuns


@cached.keep(most=1)
def grid_runs() -> LiveRuns:
    """The grids that this server has trained; all sessions share them."""
    return LiveRuns("vae_core.explore.rates.frontier_training", read=frontier_training.from_bytes)
