"""What the server does once, when it starts, before its first visitor."""

from __future__ import annotations

import gc

from starlette.routing import BaseRoute

from pages.shared import fetched_pictures
from pages.shared.chart import chart


def routes() -> list[BaseRoute]:
    """What the server answers beside Streamlit's own addresses."""
    return [fetched_pictures.route(), chart.route()]


def prepare() -> None:
    """Import once what every page needs, and take it out of the garbage collector's sight, where a full collection takes 0.1 s.

    A page computes on one thread: with as many as cores, each waits for the others whenever a model trains or two visitors ask.
    """
    from pages.shared import page  # noqa: F401
    from vae_core.training.devices import configure_numerics

    configure_numerics()
    gc.collect()
    gc.freeze()
