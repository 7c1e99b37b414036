"""The boxes of the sidebar in which the person at the computer fetches data and trains models, with progress, and stops."""

from __future__ import annotations

import streamlit as st

from pages.shared import cached, rights
from pages.shared.controls import Choice
from pages.shared.starting import start
from vae_core import data as datasets
from vae_core.data import DatasetUnavailable
from vae_core.drawing.theme import mark
from vae_core.jobs import jobs
from vae_core.specs import ModelSpec
from vae_core.store import Store

POLL_SECONDS = 1.0


def models_box(choice: Choice) -> None:
    """Which models are there for the data set and latent dimension; the missing ones can be trained here."""
    specs = cached.specs(choice.dataset, choice.latent_dim)
    ready = cached.trained(specs)
    missing = {family: spec for family, spec in specs.items() if family not in ready}
    st.caption(f"{len(ready)} of {len(specs)} models ready")
    if missing:
        is_busy = any(_is_alive(spec) for spec in missing.values())
        st.fragment(_missing_models, run_every=POLL_SECONDS if is_busy else None)(missing, choice.has_data)


def _is_alive(spec: ModelSpec) -> bool:
    job = jobs.find(spec, Store())
    return job is not None and job.status().is_alive


def _missing_models(missing: dict[str, ModelSpec], has_data: bool) -> None:
    """Progress of what trains, why what was tried has ended, and a button for the rest."""
    if cached.trained(missing):
        st.rerun()  # one is ready: the whole page shows it
    found = {family: job for family, spec in missing.items() if (job := jobs.find(spec, Store())) is not None}
    states = {family: job.status() for family, job in found.items()}
    alive = [family for family, status in states.items() if status.is_alive]
    for family in alive:
        st.progress(*_progress(family, states[family]))
    if alive and rights.may_change() and st.button("Cancel training", icon=":material/stop_circle:", width="stretch"):
        for family in alive:
            found[family].cancel()
    idle = [family for family in missing if family not in alive]
    for family in idle:
        if family in states and states[family].sentence:
            st.caption(f"{family}: {states[family].sentence}")
    if idle:
        st.caption("Missing: " + ", ".join(f"{mark(family).glyph} {family}" for family in idle))
        _train_button({family: missing[family] for family in idle}, has_data)


def _train_button(idle: dict[str, ModelSpec], has_data: bool) -> None:
    if not rights.may_change():
        st.caption("They are trained at the computer that runs this program.")
    elif not has_data:
        st.caption("Training needs the data set.")
    elif st.button(f"Train {len(idle)} missing", icon=":material/model_training:", width="stretch"):
        start(*idle.values())


def _progress(family: str, status: jobs.JobStatus) -> tuple[float, str]:
    """Share that is done, and a line that says so."""
    if status.event is None:
        return 0.0, f"{family}: {'waiting for its turn' if status.state == 'queued' else 'reading the images'}"
    event = status.event
    loss = f", test loss {event['test']['loss']:.2f}" if "loss" in event["test"] else ""
    return event["epoch"] / event["n_epochs"], f"{family}: epoch {event['epoch']} of {event['n_epochs']}{loss}"


def fetch_box(name: str) -> None:
    """Fetches a data set that is not on this machine: what it is, what its download takes, its progress, and a way to stop."""
    provenance = datasets.info(name)
    if not rights.may_change():
        st.caption("It is fetched at the computer that runs this program.")
        return
    wanted = st.button(
        f"Download {datasets.download_size(name) / 1e6:.1f} MB",
        icon=":material/download:",
        width="stretch",
        help=f"{provenance.source}. Licence: {provenance.licence}",
    )
    if wanted:
        _fetch(name)


def _fetch(name: str) -> None:
    bar = st.progress(0.0, f"Downloading {name} …")
    st.button("Stop", icon=":material/stop_circle:", width="stretch")  # any press starts a new run, which ends this one at its next report

    def report(done: int, total: int) -> None:
        bar.progress(min(1.0, done / total), f"{done / 1e6:.1f} of {total / 1e6:.1f} MB")

    try:
        datasets.fetch(name, progress=report)
    except DatasetUnavailable as error:
        st.error(f"{error}.")
    else:
        st.rerun()
