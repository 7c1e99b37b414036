"""What can be done with a training, and those of others that can be joined."""

from __future__ import annotations

import streamlit as st

from pages.shared import live
from pages.shared.labels import label
from pages.training.fields import show
from pages.training.numbers import estimate
from vae_core.jobs import jobs
from vae_core.jobs.progress import Progress
from vae_core.specs import ModelSpec
from vae_core.store import Store

QUEUE_SECONDS = 3.0


def buttons(spec: ModelSpec, state: Progress, *, has_data: bool) -> None:
    """What can be done with this training as it stands: start, stop, resume, discard; and how long it would take."""
    if state.is_trained and not state.is_alive:
        st.caption("✓ Trained, and kept in the model library.")
    elif not live.may_change(has_data=has_data):
        return
    elif state.is_alive:
        live.stop_button(live.job(spec))
    elif state.is_resumable:
        resume, discard = st.columns(2, gap="xsmall")
        about = f"Goes on after epoch {state.history[-1]['epoch']}."
        live.start_button("Resume", lambda: live.train(spec), place=resume, help=about)
        if discard.button("Discard", icon=":material/delete:", width="stretch", help="Forget the epochs that were kept."):
            _discard(spec)
    elif estimate(spec):
        live.start_button("Start", lambda: live.train(spec))


def _discard(spec: ModelSpec) -> None:
    try:
        jobs.discard(spec, Store())
    except ValueError as error:  # a command goes on with it
        st.error(f"{error}.")
    else:
        st.rerun()


def queue(spec: ModelSpec | None, state: Progress | None) -> None:
    """Trainings that run or wait, each with a button that shows it here: one that runs is the whole class's. Looks again by itself."""
    st.fragment(_queue, run_every=QUEUE_SECONDS)(spec, state is not None and state.is_alive)


def _queue(spec: ModelSpec | None, was_alive: bool) -> None:
    alive = jobs.alive(Store())
    if not was_alive and any(job.spec == spec for job in alive):
        st.rerun()  # another visitor has started it
    for job in alive:
        if job.spec != spec:
            status = job.status()
            now = live.WAITS if status.state == "queued" else "trains now"
            name = label(job.spec)
            joins = st.button(
                f"Join: {name}",
                key=f"join-{job.spec.fingerprint}",
                icon=":material/group_add:",
                on_click=show,
                args=(job.spec,),
                help=f"{name} {now}: see it here, with everybody else.",
                width="stretch",
            )
            if joins:
                st.rerun()  # a fragment redraws itself alone
