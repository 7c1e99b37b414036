"""The box of the sidebar in which who may trains models, with progress, and stops."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import streamlit as st

from pages.shared import cached, live, rights
from pages.shared.controls import Choice
from vae_core.drawing.theme import mark
from vae_core.explore.means import to_earned
from vae_core.jobs.jobs import Job
from vae_core.jobs.process import Status
from vae_core.specs import ModelSpec


def models_box(choice: Choice) -> None:
    """Which models are there for the data set and latent dimension; the missing ones can be trained here."""
    specs = cached.specs(choice.dataset, choice.latent_dim)
    ready = cached.trained(specs)
    missing = {family: spec for family, spec in specs.items() if family not in ready}
    st.caption(f"{len(ready)} of {len(specs)} models ready")
    if missing:
        look = partial(_trainings, missing)
        live.follow(look(), look, lambda trainings: _missing_models(missing, trainings, choice.has_data))


@dataclass(frozen=True, slots=True)
class _Trainings:
    """The jobs of the missing models by family, those that were started, and how each stands."""

    jobs: dict[str, Job]
    statuses: dict[str, Status]

    @property
    def is_alive(self) -> bool:
        """Whether any of them trains or waits."""
        return any(status.is_alive for status in self.statuses.values())


def _trainings(missing: dict[str, ModelSpec]) -> _Trainings:
    started = {family: job for family, spec in missing.items() if (job := live.job(spec)) is not None}
    return _Trainings(started, {family: job.status() for family, job in started.items()})


def _missing_models(missing: dict[str, ModelSpec], trainings: _Trainings, has_data: bool) -> None:
    """Progress of what trains, why what was tried has ended, and a button for the rest."""
    if cached.trained(missing):
        st.rerun()  # one is ready: the whole page shows it
    alive = [family for family, status in trainings.statuses.items() if status.is_alive]
    for family in alive:
        _progress(family, trainings.statuses[family])
    if alive and rights.may_change():
        live.stop_button(*(trainings.jobs[family] for family in alive), label="Cancel training")
    idle = [family for family in missing if family not in alive]
    for family in idle:
        if family in trainings.statuses and trainings.statuses[family].sentence:
            st.caption(f"{mark(family).short}: {trainings.statuses[family].sentence}")
    if idle:
        st.caption("Missing: " + ", ".join(f"{mark(family).glyph} {mark(family).short}" for family in idle))
        _train_button({family: missing[family] for family in idle}, has_data)


def _train_button(idle: dict[str, ModelSpec], has_data: bool) -> None:
    if live.may_change(has_data=has_data):
        live.start_button(f"Train {len(idle)} missing", lambda: live.train(*idle.values()), type="secondary")


def _progress(family: str, status: Status) -> None:
    """How far one is, and its loss."""
    event, text = status.event, "reading the images"
    if event is not None:
        loss = f", test loss {to_earned(event['test']['loss'], None)}" if "loss" in event["test"] else ""
        text = f"epoch {event['epoch']} of {event['n_epochs']}{loss}"
    live.bar(status, live.share_done(event), text, name=f"{mark(family).short}: ")
