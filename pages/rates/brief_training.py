"""A training beside another question: one button and one bar; when it is done the page is drawn again, with the model."""

from __future__ import annotations

from pages.shared import cached, live
from vae_core.jobs import jobs
from vae_core.jobs.progress import progress
from vae_core.specs import ModelSpec
from vae_core.store import Store


def offer(spec: ModelSpec, *, has_data: bool) -> bool:
    """Draw the button, and how far it is; whether the model is there."""
    if cached.is_trained(spec):
        return True
    if not live.may_change(has_data=has_data):
        return False
    state = progress(spec, Store())
    if state.is_alive:
        live.stop_button(jobs.find(spec, Store()))
    else:
        live.start_button("Resume" if state.is_resumable else "Train", lambda: live.train(spec))
    live.follow(lambda: progress(spec, Store()), live.standing)
    return False
