"""A training beside another question: one button and one bar; when it is done the page is drawn again, with the model."""

from __future__ import annotations

from pages.shared import cached, live
from vae_core.specs import ModelSpec


def offer(spec: ModelSpec, *, has_data: bool) -> bool:
    """Draw the button, and how far it is; whether the model is there."""
    if cached.is_trained(spec):
        return True
    if not live.may_change(has_data=has_data):
        return False
    state = live.progress(spec)
    if state.is_trained and not state.is_alive:  # it has ended since
        return cached.is_trained(spec)
    if state.is_alive:
        live.stop_button(live.job(spec))
    else:
        live.start_button("Resume" if state.is_resumable else "Train", lambda: live.train(spec))
    live.follow(state, lambda: live.progress(spec), live.standing)
    return False
