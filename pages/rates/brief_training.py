"""A training beside another question: one button and one bar; when it is done the page is drawn again, with the model."""

from __future__ import annotations

import streamlit as st

from pages.shared import cached, rights
from pages.shared.starting import start
from pages.training.training_run import POLL_SECONDS
from vae_core.jobs import jobs
from vae_core.jobs.progress import progress
from vae_core.specs import ModelSpec
from vae_core.store import Store


def offer(spec: ModelSpec, *, has_data: bool) -> bool:
    """Draw the button, and how far it is; whether the model is there."""
    if cached.is_trained(spec):
        return True
    if not rights.may_change() or not has_data:
        st.caption(rights.why_not() if has_data else "Training needs the data set.")
        return False
    state = progress(spec, Store())
    if state.is_alive:
        if st.button("Stop", icon=":material/stop_circle:", width="stretch"):
            jobs.find(spec, Store()).cancel()
    elif st.button("Resume" if state.is_resumable else "Train", icon=":material/model_training:", type="primary", width="stretch"):
        start(spec)
    st.fragment(_follow, run_every=POLL_SECONDS if state.is_alive else None)(spec, state.is_alive)
    return False


def _follow(spec: ModelSpec, was_alive: bool) -> None:
    state = progress(spec, Store())
    if state.is_alive != was_alive:
        st.rerun()
    if state.is_alive:
        event = state.history[-1] if state.history else None
        done = event["epoch"] / event["n_epochs"] if event else 0.0
        st.progress(done, f"Epoch {event['epoch']} of {event['n_epochs']}" if event else "Waits for its turn, or reads the images")
    elif state.job is not None and state.job.sentence and not state.is_trained:
        st.caption(state.job.sentence)
